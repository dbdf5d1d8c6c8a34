from odoo import api, models


class BillingScore(models.Model):
    _inherit = "billing.score"

    @api.model
    def _forget(self, company, partners):
        # EXTENDS: the worklist shows the score too
        result = super()._forget(company, partners)
        rows = (
            self.env["billing.collection"]
            .sudo()
            .search([("company_id", "=", company.id), ("partner_id", "in", partners.ids)])
        )
        if rows:
            self.env["billing.collection"].sudo()._refresh(company, rows.partner_id)
        return result
