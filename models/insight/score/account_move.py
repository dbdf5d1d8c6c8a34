from odoo import models


class AccountMove(models.Model):
    """A quiet word about the customer on a draft invoice, for those who may see scores."""

    _inherit = "account.move"

    def _get_alerts(self):
        # EXTENDS 'account': read with the form only, never when posting
        alerts = super()._get_alerts()
        if (
            self.state == "draft"
            and self.move_type in ("out_invoice", "out_receipt")
            and self.partner_id
            and self.env["billing.score"].has_access("read")
        ):
            score = self.env["billing.score"].search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("partner_id", "=", self.partner_id.commercial_partner_id.id),
                ]
            )
            warning = score and score._get_warning()
            if warning:
                alerts["billing_score"] = {
                    "level": "warning",
                    "message": warning,
                    "action_text": self.env._("Payment score"),
                    "action": score._get_records_action(),
                }
        return alerts
