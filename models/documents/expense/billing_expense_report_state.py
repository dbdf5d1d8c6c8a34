from odoo import api, models
from odoo.tools import SQL

from ..types import sql_field


class BillingExpenseReport(models.Model):
    """Where a report stands: one SQL expression for the field, its search and its groups."""

    _inherit = "billing.expense.report"

    @api.depends("decision", "bill_id")
    def _compute_state(self):
        """Not stored: it follows the bill, and posting a bill must not write here."""
        sql_field.compute(self, "state", unsaved="draft")

    def _search_state(self, operator, value):
        return sql_field.search("state", operator, value)

    def _field_to_sql(self, alias, fname, query=None):
        # EXTENDS 'base'
        if fname == "state":
            return self._state_to_sql(alias, query)
        return super()._field_to_sql(alias, fname, query)

    def _state_to_sql(self, alias, query):
        move = self.env["account.move"].sudo()
        return SQL(
            """
            CASE WHEN %(decision)s != 'approved' THEN %(decision)s ELSE COALESCE((
                SELECT CASE
                           WHEN %(bill_state)s = 'cancel' THEN 'approved'
                           WHEN EXISTS (
                               SELECT FROM account_move refund
                                WHERE %(reversed_entry)s = expense_bill.id
                                  AND %(refund_state)s = 'posted'
                               HAVING sum(%(refund_total)s) >= %(bill_total)s
                           ) THEN 'approved'
                           WHEN %(payment_state)s IN ('paid', 'in_payment') THEN 'paid'
                           ELSE 'billed'
                       END
                  FROM account_move expense_bill
                 WHERE expense_bill.id = %(bill_id)s
            ), 'approved') END
            """,
            decision=self._field_to_sql(alias, "decision", query),
            bill_id=self.sudo()._field_to_sql(alias, "bill_id", query),
            bill_state=move._field_to_sql("expense_bill", "state"),
            bill_total=move._field_to_sql("expense_bill", "amount_total"),
            payment_state=move._field_to_sql("expense_bill", "payment_state"),
            reversed_entry=move._field_to_sql("refund", "reversed_entry_id"),
            refund_state=move._field_to_sql("refund", "state"),
            refund_total=move._field_to_sql("refund", "amount_total"),
        )
