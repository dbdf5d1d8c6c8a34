from odoo import api, models


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base': a new company can bill in all ten ways
        companies = super().create(vals_list)
        self.env["billing.invoice.type"]._create_missing(companies)
        return companies
