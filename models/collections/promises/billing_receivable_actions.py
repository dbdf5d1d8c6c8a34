from odoo import models


class BillingReceivable(models.Model):
    _inherit = "billing.receivable"

    def action_promise(self):
        """Open the form in which a promise for these open items is written down."""
        self._check_is_now()
        return self.env["billing.promise.wizard"]._open(self)
