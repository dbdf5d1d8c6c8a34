from odoo import api, fields, models
from odoo.tools import SQL


def amount(label, **attributes):
    return fields.Monetary(string=label, readonly=True, **attributes)


class BillingCollectionReport(models.Model):
    """What each clerk has on their list, has done, and has got in: four sources, one table.

    Customers and what they owe are those of today; contacts, promises and payments have a date.
    """

    _name = "billing.collection.report"
    _description = "Collections by Clerk"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    date = fields.Date(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="Clerk",
        readonly=True,
        help="Whoever called; of everything else, the owner of the customer.",
    )
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    customer_count = fields.Integer(
        string="Customers", readonly=True, help="On the worklist now, with something to collect."
    )
    overdue = amount("Overdue", help="Of these customers, now, before credits.")
    contact_count = fields.Integer(
        string="Calls", readonly=True, help="Calls logged, whatever came of them."
    )
    reached_count = fields.Integer(
        string="Reached", readonly=True, help="Calls in which somebody was spoken with."
    )
    promised = amount("Promised", help="Overdue and promised now.")
    collected = amount(
        "Collected",
        help="Payments set against invoices that were past their due date, by the date of the "
        "payment, in the company's currency. Credit notes and write-offs are not counted.",
    )

    _depends = {
        "account.move": ["move_type", "statement_line_id"],
        "account.move.line": ["company_id", "date", "date_maturity", "move_id", "partner_id",
                              "payment_id"],
        "account.partial.reconcile": ["amount", "credit_move_id", "debit_move_id", "max_date"],
        "billing.collection": ["company_id", "overdue", "partner_id", "promised", "stage",
                               "user_id"],
        "billing.event": ["company_id", "date", "kind", "outcome", "partner_id", "user_id"],
        "res.partner": ["commercial_partner_id"],
    }  # fmt: skip

    @property
    def _table_query(self):
        sources = (self._select_list, self._select_calls, self._select_collected)
        return SQL(
            """
            SELECT done.*, company.currency_id
              FROM (%s) done
              JOIN res_company company ON company.id = done.company_id
            """,
            SQL(" UNION ALL ").join(select(number) for number, select in enumerate(sources)),
        )

    @api.model
    def _select_list(self, number):
        return SQL(
            """
            SELECT id * 3 + %s AS id, %s AS date, company_id, user_id, partner_id,
                   1 AS customer_count, overdue, 0 AS contact_count, 0 AS reached_count, promised,
                   0.0 AS collected
              FROM billing_collection
             WHERE stage != 'done'
            """,
            number,
            fields.Date.context_today(self),
        )

    @api.model
    def _select_calls(self, number):
        return SQL(
            """
            SELECT id * 3 + %s, date::date, company_id, user_id, partner_id, 0, 0.0, 1,
                   (outcome NOT IN ('no_answer', 'wrong_number'))::int, 0.0, 0.0
              FROM billing_event
             WHERE kind = 'called'
            """,
            number,
        )

    @api.model
    def _select_collected(self, number):
        return SQL(
            """
            SELECT partial.id * 3 + %s, partial.max_date, invoice.company_id, collection.user_id,
                   collection.partner_id, 0, 0.0, 0, 0, 0.0, partial.amount
              FROM account_partial_reconcile partial
              JOIN account_move_line invoice ON invoice.id = partial.debit_move_id
              JOIN account_move move ON move.id = invoice.move_id
              JOIN res_partner partner ON partner.id = invoice.partner_id
              JOIN billing_collection collection
                ON collection.company_id = invoice.company_id
               AND collection.partner_id = partner.commercial_partner_id
             WHERE move.move_type IN ('out_invoice', 'out_receipt')
               AND partial.max_date > COALESCE(invoice.date_maturity, invoice.date)
               AND %s
            """,
            number,
            self.env["billing.reminder.result"]._is_payment_to_sql("partial"),
        )
