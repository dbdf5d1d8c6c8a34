from odoo import models


class BillingReminder(models.Model):
    _inherit = "billing.reminder"

    def action_dispute(self):
        """Enter that the customer contests an invoice that this reminder speaks of."""
        self.ensure_one()
        return self.item_ids.move_id.action_billing_dispute()
