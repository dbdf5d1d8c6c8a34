from odoo import api, fields, models
from odoo.tools import SQL


class AccountMove(models.Model):
    _inherit = "account.move"

    @api.model
    def _promised_to_sql(self, alias):
        # EXTENDS: promised, unless another installment is overdue that nothing was promised for
        today = fields.Date.context_today(self)
        move_id = SQL.identifier(alias, "id")
        line = self.env["account.move.line"]
        promised = SQL(
            "%s AND item.date_until >= %s",
            self.env["billing.promise.item"]._field_to_sql("item", "is_open"),
            today,
        )
        return SQL(
            """
            (EXISTS (
                SELECT FROM billing_promise_item item
                 WHERE item.move_id = %(move_id)s AND %(promised)s
            ) AND NOT EXISTS (
                SELECT FROM account_move_line term
                 WHERE term.move_id = %(move_id)s
                   AND term.display_type = 'payment_term'
                   AND %(reconciled)s IS NOT TRUE
                   AND %(date_maturity)s < %(today)s
                   AND NOT EXISTS (
                        SELECT FROM billing_promise_item item
                         WHERE item.line_id = term.id AND %(promised)s
                   )
            ))
            """,
            move_id=move_id,
            promised=promised,
            reconciled=line._field_to_sql("term", "reconciled"),
            date_maturity=line._field_to_sql("term", "date_maturity"),
            today=today,
        )
