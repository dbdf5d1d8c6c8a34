from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.tools import SQL

# Slipping or improving: the last half year is compared with the one before. A quarter has too few
# payments of most customers, and a year notices too late.
HALF_YEAR = relativedelta(months=6)

PERIODS = [
    ("now", "Last 6 Months"),
    ("before", "6 Months Before"),
    ("earlier", "Earlier"),
]
LATENESS = [
    ("0", "On Time"),
    ("1", "1-7 Days Late"),
    ("2", "8-30 Days Late"),
    ("3", "31-60 Days Late"),
    ("4", "61-90 Days Late"),
    ("5", "Over 90 Days Late"),
]


def days(label, text):
    return fields.Float(string=label, readonly=True, digits=(16, 1), aggregator=None, help=text)


class BillingPaymentAnalysis(models.Model):
    """One row for each payment of an installment, whole or in part, and each refund of a credit
    note: what was really paid, and how late.

    Amounts are in the company's currency at the rate of the document, so that what is paid in full
    is what was invoiced, whatever became of the rate since. A credit note is no payment, nor is
    an entry that moves no money; a difference that was written off with a payment was not paid.

    Averages of days are weighted by the amounts.
    """

    _name = "billing.payment.analysis"
    _inherit = ["billing.analysis.mixin"]
    _description = "Payments"
    _auto = False
    _order = "paid_on desc, id desc"
    _rec_name = "move_id"

    paid_on = fields.Date(readonly=True)
    date_maturity = fields.Date(string="Due Date", readonly=True)
    paid = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="What was paid, with tax, less what was paid back.",
    )
    paid_revenue = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="What was paid, without tax, less what was paid back. Credit notes are no payments.",
    )
    days_late = days(
        "Days Late",
        "From due to paid; early payments count as negative. Of several payments the average, "
        "weighted by what was paid.",
    )
    days_late_now = days("Last 6 Months", "Days late of what was paid in the last six months.")
    days_late_before = days(
        "6 Months Before", "Days late of what was paid in the six months before the last six."
    )
    days_late_change = days(
        "Change",
        "Days late in the last six months, less those in the six months before. Above 0 is "
        "slipping, below 0 is improving. Empty where nothing was paid in one of the two.",
    )
    on_time_rate = fields.Float(
        string="Paid on Time (%)",
        readonly=True,
        digits=(16, 1),
        aggregator=None,
        help="What was paid by the due date ÷ what was paid × 100.",
    )
    lateness = fields.Selection(LATENESS, string="How Late", readonly=True)
    period = fields.Selection(PERIODS, string="Half Year", readonly=True)
    grade = fields.Selection(
        selection=lambda self: self.env["billing.score"]._fields["grade"].selection, readonly=True
    )
    trend = fields.Selection(
        selection=lambda self: self.env["billing.score"]._fields["trend"].selection, readonly=True
    )

    _depends = {
        "account.move": ["amount_total", "amount_untaxed"],
        "account.move.line": [
            "amount_currency",
            "date",
            "date_maturity",
            "journal_id",
            "payment_id",
            "statement_line_id",
        ],
        "account.journal": ["type"],
        "account.partial.reconcile": [
            "credit_amount_currency",
            "credit_move_id",
            "debit_amount_currency",
            "debit_move_id",
            "max_date",
        ],
        "account.payment": ["amount_company_currency_signed"],
        "billing.score": ["company_id", "grade", "partner_id", "trend"],
    }

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT payment.*,
                   CASE WHEN period = 'now' THEN days_late END AS days_late_now,
                   CASE WHEN period = 'before' THEN days_late END AS days_late_before,
                   NULL::numeric AS days_late_change,
                   CASE WHEN days_late <= 0 THEN 100 WHEN days_late > 0 THEN 0 END AS on_time_rate,
                   CASE WHEN days_late <= 0 THEN '0'
                        WHEN days_late <= 7 THEN '1'
                        WHEN days_late <= 30 THEN '2'
                        WHEN days_late <= 60 THEN '3'
                        WHEN days_late <= 90 THEN '4'
                        WHEN days_late > 90 THEN '5'
                   END AS lateness
              FROM (%(payments)s UNION ALL %(refunds)s) payment
            """,
            payments=self._select_settled(
                SQL("debit"), SQL("credit"), ("out_invoice", "out_receipt"), 1
            ),
            refunds=self._select_settled(SQL("credit"), SQL("debit"), ("out_refund",), -1),
        )

    @api.model
    def _get_figure_formulas(self, column):
        # EXTENDS 'billing.figure.mixin'
        def average_of(days_late):
            # a payment of nothing, such as the rounding of another, has no weight
            return SQL(
                "SUM(%(paid)s * %(days)s)"
                " / NULLIF(SUM(%(paid)s) FILTER (WHERE %(days)s IS NOT NULL), 0)",
                paid=column("paid"),
                days=column(days_late),
            )

        now, before = average_of("days_late_now"), average_of("days_late_before")
        return {
            **super()._get_figure_formulas(column),
            "days_late": average_of("days_late"),
            "days_late_now": now,
            "days_late_before": before,
            "days_late_change": SQL("%s - %s", now, before),
            "on_time_rate": average_of("on_time_rate"),
        }

    @api.model
    def _select_settled(self, side, other_side, move_types, sign):
        """Return the query of what was paid of documents, or paid back of credit notes.

        They are not one query with conditions for both, which takes PostgreSQL twice as long.

        :param side: the side that the installments are on, debit or credit; ``other_side`` is that
            of the money
        :param sign: 1 if the money came in, -1 if it went out
        """
        today = fields.Date.context_today(self)
        due = SQL("COALESCE(line.date_maturity, line.date)")
        paid = SQL(
            """
            %s * partial.%s_amount_currency::float8 * (line.balance / line.amount_currency)
                -- 1 where there is no payment of Odoo's: LEAST ignores NULL
                * LEAST(abs(money.amount_company_currency_signed / NULLIF(other.balance, 0)), 1)
            """,
            sign,
            side,
        )
        return SQL(
            """
            SELECT partial.id * %(sign)s AS id,
                   %(dimensions)s,
                   partial.max_date AS paid_on,
                   %(due)s AS date_maturity,
                   %(paid)s AS paid,
                   %(paid)s * (move.amount_untaxed / NULLIF(move.amount_total, 0)) AS paid_revenue,
                   %(days_late)s AS days_late,
                   CASE WHEN partial.max_date > %(now)s THEN 'now'
                        WHEN partial.max_date > %(before)s THEN 'before'
                        ELSE 'earlier'
                   END AS period,
                   score.grade,
                   score.trend
              FROM account_partial_reconcile partial
              JOIN account_move_line line ON line.id = partial.%(side)s_move_id
              JOIN account_move move ON move.id = line.move_id
              JOIN account_move_line other ON other.id = partial.%(other_side)s_move_id
              JOIN account_journal journal ON journal.id = other.journal_id
         LEFT JOIN account_payment money ON money.id = other.payment_id
                   %(joins)s
         LEFT JOIN billing_score score
                   ON score.partner_id = contact.commercial_partner_id
                  AND score.company_id = line.company_id
             WHERE move.move_type IN %(move_types)s
               AND line.parent_state = 'posted'
               AND line.display_type = 'payment_term'
               AND line.amount_currency != 0
               -- not the difference of a rate
               AND partial.%(side)s_amount_currency != 0
               AND (other.payment_id IS NOT NULL
                    OR other.statement_line_id IS NOT NULL
                    OR journal.type IN ('bank', 'cash', 'credit'))
            """,
            sign=sign,
            side=side,
            other_side=other_side,
            dimensions=self._select_dimensions(),
            due=due,
            paid=paid,
            days_late=SQL("partial.max_date - %s", due) if sign > 0 else SQL("NULL::int"),
            now=today - HALF_YEAR,
            before=today - 2 * HALF_YEAR,
            joins=self._join_dimensions(),
            move_types=move_types,
        )
