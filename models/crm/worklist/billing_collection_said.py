from odoo import models


class BillingCollection(models.Model):
    """What a customer says: a promise, a dispute; and what was agreed: a pause, a plan.

    Each opens its own window for the customer, in the row's company.
    """

    _inherit = "billing.collection"

    def action_promise(self):
        """Write down when the customer will pay."""
        return self._get_customer().action_promise()

    def action_dispute(self):
        """Write down what the customer does not agree with."""
        return self._get_customer().action_dispute()

    def action_pause(self):
        """Let nobody ask the customer until a day."""
        return self._get_customer().action_pause()

    def action_payment_plan(self):
        """Agree on parts with dates of their own."""
        return self._get_customer().action_payment_plan()

    def _get_customer(self):
        self.ensure_one()
        self.check_access("read")
        return self.partner_id.with_company(self.company_id)
