from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date

from .billing_forecast import CUSTOMER_KINDS

# How many months back forecasts are rebuilt, and what came in is read from the ledger.
MONTHS_BACK = 6

# A forecast made up to this day of a month is that of the whole month. Later, such as when the
# module arrives in the middle of one, that of its first day is rebuilt.
LAST_DAY = 3


def amount_field(label, text=None):
    return fields.Monetary(string=label, readonly=True, help=text)


class BillingForecastSnapshot(models.Model):
    """What was expected of a month at its beginning, beside what came in.

    A fact once it is written, but for what came in: that is read from the ledger again with each
    refresh of the forecast.
    """

    _name = "billing.forecast.snapshot"
    _description = "Forecast and Reality"
    _order = "month desc, id desc"
    _rec_name = "name"
    _log_access = False

    name = fields.Char(string="Period", compute="_compute_name")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    month = fields.Date(required=True, readonly=True)
    made_on = fields.Date(
        string="Forecast of",
        readonly=True,
        help="The forecast is for what comes in from this day until the end of the month. Empty: "
        "no forecast was made for this month.",
    )
    origin = fields.Selection(
        selection=[
            ("made", "Made then"),
            ("rebuilt", "Rebuilt"),
            ("none", "No forecast was made"),
        ],
        string="Forecast",
        required=True,
        readonly=True,
        help="Made then: frozen in the first days of the month. Rebuilt: formed later, from what "
        "the ledger says was open on that day and what customers had paid before it, without "
        "bills of recurring series. Neither is changed afterwards.",
    )
    by_due = amount_field(
        "By Due Date", "What would have come in from customers had everybody paid on the due date."
    )
    expected = amount_field("Expected", "What was expected from customers.")
    low = amount_field("At Least", "In nine of ten cases it is more.")
    high = amount_field("At Most", "In nine of ten cases it is less.")
    received = amount_field(
        "Came In",
        "Cash from customers from the day of the forecast until the end of the month, in the "
        "company's currency: what payments and bank statements have posted against the receivable "
        "accounts, less what was paid back. Without a forecast, that of the whole month.",
    )
    received_new = amount_field(
        "Of It, New Invoices",
        "For invoices written after the day of the forecast, which it could not know. One that "
        "was made on its day knew the bills of recurring series.",
    )
    received_known = amount_field(
        "To Compare", "What came in, less what was for invoices written later."
    )
    verdict = fields.Selection(
        selection=[("below", "Less"), ("within", "As expected"), ("above", "More")],
        string="Outcome",
        readonly=True,
        help="Where what came in for the invoices that were known lies: below, within or above the "
        "range. Eight of ten months should lie within. Empty until the month is over.",
    )

    _month_uniq = models.Constraint(
        "UNIQUE (company_id, month)", "A month has one forecast in a company."
    )

    @api.depends("month")
    @api.depends_context("lang")
    def _compute_name(self):
        for snapshot in self:
            snapshot.name = format_date(self.env, snapshot.month, date_format="LLLL yyyy")

    def action_open_received(self):
        """Open the payments of the month on the receivable accounts."""
        self.ensure_one()
        name = self.env._("Came In: %s", self.name)
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "account.move.line",
            "views": [(False, "list"), (False, "form")],
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("journal_id.type", "in", ("bank", "cash")),
                ("date", ">=", self.made_on or self.month),
                ("date", "<", fields.Date.add(self.month, months=1)),
            ],
        }

    @api.model
    def _refresh(self, company, today):
        """Freeze the forecast of the month if there is none yet, and see what came in."""
        self.env.flush_all()
        this_month = today.replace(day=1)
        known = {snapshot.month for snapshot in self.search([("company_id", "=", company.id)])}
        for back in range(MONTHS_BACK + 1):
            month = this_month - relativedelta(months=back)
            if month in known:
                continue
            if month == this_month and today.day <= LAST_DAY:
                self.env.cr.execute(self._insert_made(company, month, today))
            else:
                self._rebuild(company, month)
        self.env.cr.execute(self._update_received(company, today))
        self.invalidate_model()

    @api.model
    def _insert_made(self, company, month, today):
        """Return the statement that freezes what is expected of the rest of the month.

        Only what customers pay counts: typed amounts are compared with nothing.
        """
        return self._insert_month(
            company,
            month,
            today,
            "made",
            SQL(
                """
                SELECT * FROM billing_forecast
                 WHERE company_id = %s AND direction = 'in' AND kind IN %s
                """,
                company.id,
                CUSTOMER_KINDS,
            ),
        )

    @api.model
    def _rebuild(self, company, month):
        """Write the forecast of a month as it would have been made on its first day.

        From what the ledger says was open when the day before was over, and what customers had
        paid by then. If nothing was in the books, no forecast could have been made.
        """
        flows = self.env["billing.forecast"].with_company(company)
        source = flows._select_receivables(company, as_of=month - relativedelta(days=1))
        with self.env["billing.receivable"]._joining_large_sets():
            self.env.cr.execute(
                self._insert_month(
                    company,
                    month,
                    month,
                    "rebuilt",
                    flows._select_items(company, month, [source], is_now=False),
                )
            )

    @api.model
    def _insert_month(self, company, month, day, origin, items):
        """Return the statement that writes what ``items`` bring from a day until the month's end.

        It never overwrites. Without any items there is no forecast.
        """
        period = self.env["billing.forecast.period"]
        end = month + relativedelta(day=31)
        return SQL(
            """
            WITH flow AS MATERIALIZED (%(items)s),
            period AS (%(periods)s)
            INSERT INTO billing_forecast_snapshot (
                company_id, currency_id, month, made_on, origin, expected, low, high, by_due)
            SELECT %(company)s, %(currency)s, %(month)s,
                   CASE WHEN due.is_any THEN %(day)s::date END,
                   CASE WHEN due.is_any THEN %(origin)s ELSE 'none' END,
                   %(mean)s, %(low)s, %(high)s, due.amount
              FROM (%(arriving)s) arriving
        CROSS JOIN (
                SELECT COALESCE(SUM(amount) FILTER (WHERE date_due <= %(end)s), 0) AS amount,
                       %(is_any)s AS is_any
                  FROM flow
              ) due
            ON CONFLICT (company_id, month) DO NOTHING
            """,
            items=items,
            periods=period._select_periods([("month", day, end)]),
            arriving=period._select_arriving(period._add_up(SQL("flow"))),
            company=company.id,
            currency=company.currency_id.id,
            month=month,
            day=day,
            end=end,
            origin=origin,
            is_any=SQL("TRUE") if origin == "made" else SQL("COUNT(*) > 0"),
            **{
                name: self._round(company, SQL.identifier("arriving", name))
                for name in ("mean", "low", "high")
            },
        )

    @api.model
    def _round(self, company, amount):
        rounding = company.currency_id.rounding
        return SQL("round(%s::numeric / %s) * %s", amount, rounding, rounding)

    @api.model
    def _update_received(self, company, today):
        """Return the statement that reads from the ledger what came in.

        An entry brings cash from customers where it has a line on a receivable account and lines
        on accounts of bank, cash or money on its way; the smaller sum counts, so neither a
        write-off nor a bank's fee counts as cash.
        """
        first = today.replace(day=1) - relativedelta(months=MONTHS_BACK)
        return SQL(
            """
            WITH cash AS MATERIALIZED (
                SELECT summed.move_id, summed.date,
                       CASE WHEN paid > 0 THEN GREATEST(LEAST(paid, came), 0)
                            ELSE LEAST(GREATEST(paid, came), 0) END AS amount
                  FROM (
                    SELECT line.move_id, line.date,
                           -SUM(line.balance) FILTER (
                                WHERE account.account_type = 'asset_receivable') AS paid,
                           SUM(line.balance) FILTER (WHERE line.account_id IN %(liquid)s) AS came
                      FROM account_move_line line
                      JOIN account_account account ON account.id = line.account_id
                     WHERE line.company_id = %(company)s
                       AND line.parent_state = 'posted'
                       AND line.date BETWEEN %(first)s AND %(today)s
                       AND (account.account_type = 'asset_receivable'
                            OR line.account_id IN %(liquid)s)
                  GROUP BY line.move_id, line.date
                  ) summed
                 WHERE paid != 0 AND came != 0
            ),
            month AS (
                SELECT id, COALESCE(made_on, month) AS date_from,
                       (month + interval '1 month')::date AS date_after, made_on,
                       origin
                  FROM billing_forecast_snapshot
                 WHERE company_id = %(company)s AND month >= %(first)s
            ),
            came AS (
                SELECT month.id, COALESCE(SUM(cash.amount), 0) AS received
                  FROM month
             LEFT JOIN cash ON cash.date >= month.date_from AND cash.date < month.date_after
              GROUP BY month.id
            ),
            new AS (
                SELECT month.id, SUM(partial.amount) AS received
                  FROM month
                  JOIN cash ON cash.date >= month.date_from AND cash.date < month.date_after
                  JOIN account_move_line paid ON paid.move_id = cash.move_id
                  JOIN account_partial_reconcile partial ON partial.credit_move_id = paid.id
                  JOIN account_move_line line ON line.id = partial.debit_move_id
                  JOIN account_move move ON move.id = line.move_id
                 WHERE month.made_on IS NOT NULL
                   AND move.move_type IN ('out_invoice', 'out_receipt')
                   AND (move.billing_recurring_id IS NULL OR month.origin = 'rebuilt')
                   -- one made on a day knew the invoices of the day; a rebuilt one did not
                   AND COALESCE(move.invoice_date, move.date)
                       >= month.made_on + CASE WHEN month.origin = 'made' THEN 1 ELSE 0 END
              GROUP BY month.id
            )
            UPDATE billing_forecast_snapshot snapshot
               SET received = came.received,
                   received_new = COALESCE(new.received, 0),
                   received_known = came.received - COALESCE(new.received, 0),
                   verdict = CASE
                       WHEN snapshot.made_on IS NULL OR month.date_after > %(today)s THEN NULL
                       WHEN came.received - COALESCE(new.received, 0) < snapshot.low THEN 'below'
                       WHEN came.received - COALESCE(new.received, 0) > snapshot.high THEN 'above'
                       ELSE 'within' END
              FROM came
              JOIN month ON month.id = came.id
         LEFT JOIN new ON new.id = came.id
             WHERE snapshot.id = came.id
            """,
            company=company.id,
            first=first,
            today=today,
            liquid=tuple(self.env["billing.cash.outlook"]._get_liquid_accounts(company)) or (0,),
        )
