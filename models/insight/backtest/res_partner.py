from odoo import models


class ResPartner(models.Model):
    """Whoever does not want to be scored is not to be found in a check, either."""

    _inherit = "res.partner"

    def _scoring_switched(self):
        # EXTENDS 'billing_crm' (score)
        off = self.filtered("billing_no_scoring")
        self.env["billing.backtest.line"].sudo().search(
            [("partner_id", "in", off.ids), ("company_id", "=", self.env.company.id)]
        ).unlink()
        return super()._scoring_switched()
