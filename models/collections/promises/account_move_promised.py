from odoo import api, fields, models
from odoo.tools import SQL


class AccountMove(models.Model):
    _inherit = "account.move"

    @api.model
    def _promised_to_sql(self, installment):
        # EXTENDS: few are open at a time, so PostgreSQL looks them up once for all invoices
        return SQL(
            "%s IN (SELECT item.line_id FROM billing_promise_item item"
            " WHERE %s AND item.date_until >= %s)",
            SQL.identifier(installment, "id"),
            self.env["billing.promise.item"]._field_to_sql("item", "is_open"),
            fields.Date.context_today(self),
        )
