from odoo import api, models


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base': a branch numbers its own pro formas in the series of its parent's types
        companies = super().create(vals_list)
        branches = companies.filtered("parent_id")
        if branches:
            self.env["billing.invoice.type"].sudo().search(
                [
                    ("company_id", "parent_of", branches.ids),
                    ("behavior", "=", "proforma"),
                ]
            )._create_proforma_sequences()
        return companies
