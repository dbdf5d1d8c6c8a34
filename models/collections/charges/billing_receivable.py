from odoo import models


class BillingReceivable(models.Model):
    _inherit = "billing.receivable"

    def action_charge_late(self):
        """Propose what these open items may be charged for late payment, and show it."""
        self._check_is_now()
        return self.move_id.action_billing_charge_late()
