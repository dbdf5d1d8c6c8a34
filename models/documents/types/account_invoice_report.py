from odoo import api, fields, models
from odoo.tools import SQL


class AccountInvoiceReport(models.Model):
    _inherit = "account.invoice.report"

    billing_type_id = fields.Many2one("billing.invoice.type", string="Invoice Type", readonly=True)
    _depends = {"account.move": ["billing_type_id"]}

    @api.model
    def _select(self):
        # EXTENDS 'account'
        return SQL("%s, move.billing_type_id", super()._select())
