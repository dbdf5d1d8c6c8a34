from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def action_billing_post_and_send(self):
        """Post those that are drafts, then send them all, in the background."""
        return self.env["billing.batch"]._start("send", self)._get_action()
