from datetime import timedelta

from babel.dates import format_skeleton
from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.tools import SQL, get_lang
from odoo.tools.misc import babel_locale_parse, format_date

from .arrival import RANGE_DEVIATIONS, arrived_by

# The last day of the week or month of a day. Weeks begin on Monday, whatever the user's language
# says: everybody sees the same sums.
END_OF = {
    "week": lambda day: day + timedelta(days=6 - day.weekday()),
    "month": lambda day: day + relativedelta(day=31),
}


def amount_field(label, text, aggregator="sum"):
    return fields.Monetary(string=label, readonly=True, help=text, aggregator=aggregator)


class BillingForecastPeriod(models.Model):
    """How much cash a day, a week or a month will bring, and between what and what.

    What is expected is the sum of all amounts, each with the probability that it arrives in the
    period. The range holds 80 of 100 such sums if customers pay independently of each other: the
    sum ± 1.2816 × the square root of the sum of amount² × probability × (1 − probability), never
    less than what is certain, never more than all that can arrive.
    """

    _name = "billing.forecast.period"
    _description = "Cash Forecast by Period"
    _order = "company_id, granularity desc, date_start"
    _rec_name = "name"
    _log_access = False

    name = fields.Char(string="Period", compute="_compute_name")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    granularity = fields.Selection(
        selection=[("day", "Day"), ("week", "Week"), ("month", "Month")],
        string="By",
        required=True,
        readonly=True,
    )
    date_start = fields.Date(string="From", required=True, readonly=True)
    date_end = fields.Date(string="To", required=True, readonly=True)
    by_due = amount_field(
        "By Due Date",
        "What would come in if everybody paid on the due date, and what is overdue today.",
    )
    expected = amount_field(
        "Expected",
        "The sum of all amounts that may come in, each × the probability that it arrives in this "
        "period. It is not the sum of what is expected on its days: an amount whose day is "
        "uncertain counts in several periods, in parts that add up to it.",
    )
    low = amount_field(
        "At Least",
        "In nine of ten cases it is more: expected − 1.2816 × √(sum of amount² × probability × "
        "(1 − probability)), and never less than what is certain. It takes customers to pay "
        "independently of each other. Of several periods the range is narrower than the sum.",
        aggregator=None,
    )
    high = amount_field(
        "At Most",
        "In nine of ten cases it is less: expected + 1.2816 × √(sum of amount² × probability × "
        "(1 − probability)), and never more than all that can arrive.",
        aggregator=None,
    )
    outgoing = amount_field(
        "Going Out",
        "Vendor bills by due date, what is overdue today, and what was planned by hand.",
    )
    net = amount_field("Net", "Expected less going out.")
    balance = amount_field(
        "Balance",
        "Bank and cash at the end of the period, as expected: what is there now, with all that "
        "is expected and going out until then.",
        aggregator=None,
    )
    balance_low = amount_field(
        "Balance, at Least",
        "In nine of ten cases there will be more. Only what comes in is uncertain.",
        aggregator=None,
    )

    shortage = fields.Selection(
        selection=[("short", "Below minimum"), ("tight", "Tight")],
        compute="_compute_shortage",
        help="Below minimum: at the end of the period less is expected to be there than the "
        "company's minimum. Tight: in one of ten cases there is less. Only of the days ahead that "
        "the settings say: later, invoices are missing that are not written yet.",
    )

    _period_uniq = models.Constraint(
        "UNIQUE (company_id, granularity, date_start)", "A period has one row in a company."
    )

    @api.depends("date_start", "date_end", "granularity")
    @api.depends_context("lang")
    def _compute_name(self):
        this = {"week": self.env._("This week"), "month": self.env._("This month")}
        following = {"week": self.env._("Next week"), "month": self.env._("Next month")}
        for period in self:
            dates = period._describe_dates()
            today = period.company_id._get_billing_today()
            relation = False
            if period.granularity in this:
                end_of_this = END_OF[period.granularity](today)
                if period.date_start <= today <= period.date_end:
                    relation = this[period.granularity]
                elif period.date_start == end_of_this + timedelta(days=1):
                    relation = following[period.granularity]
            period.name = f"{relation} ({dates})" if relation else dates

    def _describe_dates(self):
        """Return the dates in the reader's language, as short as they can be."""
        self.ensure_one()
        if not self.date_start:
            return ""
        if self.granularity == "month":
            return format_date(self.env, self.date_end, date_format="LLLL yyyy")
        if self.granularity == "day":
            return format_date(self.env, self.date_start)
        locale = babel_locale_parse(get_lang(self.env).code)
        return " – ".join(
            format_skeleton("MMMd", day, locale=locale)
            for day in dict.fromkeys((self.date_start, self.date_end))
        )

    @api.depends("balance", "balance_low")
    def _compute_shortage(self):
        for period in self:
            company = period.company_id.sudo()
            minimum = company.billing_minimum_balance
            looked_at = company._get_billing_today() + timedelta(days=company.billing_gap_days)
            if not period.date_start or period.date_start > looked_at:
                period.shortage = False
            elif period.currency_id.compare_amounts(period.balance, minimum) < 0:
                period.shortage = "short"
            elif period.currency_id.compare_amounts(period.balance_low, minimum) < 0:
                period.shortage = "tight"
            else:
                period.shortage = False

    @api.model
    def _get_periods(self, first, last):
        """Return (granularity, start, end) of all periods between two dates, clipped to them."""
        periods = [
            ("day", day, day)
            for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
        ]
        for granularity, get_end in END_OF.items():
            start = first
            while start <= last:
                end = min(get_end(start), last)
                periods.append((granularity, start, end))
                start = end + timedelta(days=1)
        return periods

    @api.model
    def _refresh(self, company, today):
        """Rebuild the periods of a company from its amounts to come."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL("DELETE FROM billing_forecast_period WHERE company_id = %s", company.id)
        )
        self.env.cr.execute(self._insert_periods(company, today))
        self.invalidate_model()

    @api.model
    def _insert_periods(self, company, today):
        periods = self._get_periods(today, company._get_billing_horizon())
        balance = self.env["billing.cash.outlook"]._get_balances(company, today)["balance"]
        return SQL(
            """
            WITH period AS (%(periods)s),
            arriving AS (%(arriving)s),
            moved AS (
                SELECT period.granularity, period.date_start,
                       COALESCE(SUM(day.by_due), 0) AS by_due,
                       COALESCE(SUM(day.outgoing), 0) AS outgoing
                  FROM period
             LEFT JOIN (
                    SELECT CASE WHEN direction = 'in' THEN date_due ELSE expected_date END AS day,
                           SUM(amount) FILTER (WHERE direction = 'in') AS by_due,
                           -SUM(amount) FILTER (WHERE direction = 'out') AS outgoing
                      FROM billing_forecast
                     WHERE company_id = %(company)s
                  GROUP BY 1
                  ) day ON day.day BETWEEN period.date_start AND period.date_end
              GROUP BY period.granularity, period.date_start
            ),
            added AS (
                SELECT arriving.*, moved.by_due, moved.outgoing,
                       -- rounded as a running total, so that days, weeks and months add up alike
                       round((SUM(arriving.mean) OVER running)::numeric / %(rounding)s)
                           * %(rounding)s
                           AS until_now,
                       SUM(moved.outgoing) OVER running AS outgoing_until_now
                  FROM arriving
                  JOIN moved USING (granularity, date_start)
                WINDOW running AS (PARTITION BY granularity ORDER BY date_start)
            ),
            stepped AS (
                SELECT added.*,
                       until_now - COALESCE(LAG(until_now) OVER running, 0) AS expected
                  FROM added
                WINDOW running AS (PARTITION BY granularity ORDER BY date_start)
            )
            INSERT INTO billing_forecast_period (
                company_id, currency_id, granularity, date_start, date_end, by_due, expected, low,
                high, outgoing, net, balance, balance_low)
            SELECT %(company)s, %(currency)s, granularity, date_start, date_end, by_due, expected,
                   LEAST(round(low::numeric / %(rounding)s) * %(rounding)s, expected),
                   GREATEST(round(high::numeric / %(rounding)s) * %(rounding)s, expected),
                   outgoing, expected - outgoing,
                   %(balance)s + until_now - outgoing_until_now,
                   %(balance)s - outgoing_until_now + round(
                       GREATEST(
                           until_now - %(deviations)s * sqrt(variance_until)::numeric, 0)
                       / %(rounding)s) * %(rounding)s
              FROM stepped
            """,
            periods=self._select_periods(periods),
            arriving=self._select_arriving(
                self._add_up(
                    SQL(
                        "(SELECT * FROM billing_forecast"
                        " WHERE company_id = %s AND direction = 'in')",
                        company.id,
                    )
                )
            ),
            company=company.id,
            currency=company.currency_id.id,
            rounding=company.currency_id.rounding,
            deviations=RANGE_DEVIATIONS,
            balance=balance,
        )

    @api.model
    def _select_periods(self, periods):
        return SQL(
            "SELECT * FROM (VALUES %s) AS period (granularity, date_start, date_end)",
            SQL(", ").join(SQL("(%s, %s::date, %s::date)", *period) for period in periods),
        )

    @api.model
    def _add_up(self, flows):
        """Return, as SQL, what of ``flows`` comes in, with what has the same dates added up."""
        return SQL(
            """
            SELECT earliest_date, expected_date, latest_date, first_date, last_date,
                   SUM(amount)::float8 AS amount, SUM(amount * amount)::float8 AS square
              FROM %s flow
             WHERE amount > 0
          GROUP BY earliest_date, expected_date, latest_date, first_date, last_date
            """,
            flows,
        )

    @api.model
    def _select_arriving(self, items):
        """Return, as SQL, what arrives in each row of ``period``: ``mean``, ``low`` and ``high``.

        ``variance_until`` is that of all that has arrived by the end of the period.

        :param items: SQL with the columns of `_add_up`
        """
        return SQL(
            """
            SELECT granularity, date_start, date_end, mean, variance_until,
                   GREATEST(mean - %(deviations)s * sqrt(variance), certain) AS low,
                   LEAST(mean + %(deviations)s * sqrt(variance), possible) AS high
              FROM (
                SELECT granularity, date_start, date_end,
                       COALESCE(SUM(amount * (until - before)), 0) AS mean,
                       GREATEST(SUM(square * (until - before) * (1 - until + before)), 0)
                           AS variance,
                       GREATEST(SUM(square * until * (1 - until)), 0) AS variance_until,
                       COALESCE(SUM(amount) FILTER (WHERE until - before = 1), 0) AS certain,
                       COALESCE(SUM(amount) FILTER (WHERE until > before), 0) AS possible
                  FROM (
                    SELECT period.*, item.amount, item.square, %(until)s AS until,
                           %(before)s AS before
                      FROM period
                 LEFT JOIN (%(items)s) item
                        ON item.first_date <= period.date_end
                       AND item.last_date >= period.date_start
                    OFFSET 0  -- or each sum works the probabilities out anew
                  ) likely
              GROUP BY granularity, date_start, date_end
              ) summed
            """,
            deviations=RANGE_DEVIATIONS,
            items=items,
            until=arrived_by(SQL("period.date_end")),
            before=arrived_by(SQL("(period.date_start - 1)")),
        )

    def action_open(self):
        """Open what may move in this period, each amount with the probability that it does."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("billing_crm.action_billing_forecast"),
            "name": self.name,
            "display_name": self.name,
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("amount", "!=", 0),
                ("first_date", "<=", self.date_end),
                ("last_date", ">=", self.date_start),
            ],
            "context": {
                "billing_period_start": self.date_start,
                "billing_period_end": self.date_end,
            },
        }
