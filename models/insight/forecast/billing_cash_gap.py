from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_amount, format_date

from .arrival import arrived_by

ACTIVITY = "billing_crm.mail_activity_type_cash_gap"

# Which debts are easiest to bring in: those that would come in so many days after the gap anyway.
REACH_DAYS = 30


class BillingCashOutlook(models.Model):
    """Whether cash falls short of the minimum, when, by how much, and what would help."""

    _inherit = "billing.cash.outlook"

    gap_date = fields.Date(
        string="Short on",
        readonly=True,
        help="The first day on which less is expected to be there than the minimum.",
    )
    gap_balance = fields.Monetary(string="Balance Then", readonly=True)
    gap_missing = fields.Monetary(
        string="Missing Then", readonly=True, help="The minimum less what is there that day."
    )
    gap_worst_date = fields.Date(string="Lowest on", readonly=True)
    gap_worst = fields.Monetary(
        string="Missing at Most",
        readonly=True,
        help="The minimum less the lowest balance of the days that are looked at.",
    )
    gap_closed_by = fields.Monetary(
        string="Could Be Collected",
        readonly=True,
        help="What the chosen receivables would add, on top of what is expected of them anyway.",
    )
    risk_date = fields.Date(
        string="Tight on",
        readonly=True,
        help="The first day on which, in one of ten cases, less is there than the minimum.",
    )
    gap_text = fields.Char(string="Warning", compute="_compute_gap_text")
    risk_text = fields.Char(string="Risk", compute="_compute_gap_text")

    @api.depends("gap_date", "gap_missing", "gap_worst", "gap_closed_by", "risk_date")
    @api.depends_context("lang")
    def _compute_gap_text(self):
        for outlook in self:
            outlook.gap_text = outlook.gap_date and outlook._describe_gap()
            outlook.risk_text = outlook.risk_date and self.env._(
                "If customers pay late, less than the minimum of %(minimum)s may be left on "
                "%(day)s: in one of ten cases.",
                minimum=outlook._format(outlook.minimum_balance),
                day=format_date(self.env, outlook.risk_date),
            )

    def _format(self, amount):
        return format_amount(self.env, amount, self.currency_id)

    def _describe_gap(self):
        """Return the warning in words, in the language of the context."""
        self.ensure_one()
        parts = [
            self.env._(
                "On %(day)s bank and cash are expected to be at %(balance)s: %(missing)s less than "
                "the minimum of %(minimum)s.",
                day=format_date(self.env, self.gap_date),
                balance=self._format(self.gap_balance),
                missing=self._format(self.gap_missing),
                minimum=self._format(self.minimum_balance),
            )
        ]
        if self.gap_worst_date != self.gap_date:
            parts.append(
                self.env._(
                    "On %(day)s %(missing)s are missing.",
                    day=format_date(self.env, self.gap_worst_date),
                    missing=self._format(self.gap_worst),
                )
            )
        if self.currency_id.compare_amounts(self.gap_closed_by, self.gap_worst) >= 0:
            parts.append(self.env._("There are receivables that would close the gap."))
        elif self.gap_closed_by:
            parts.append(
                self.env._(
                    "All receivables that could be collected earlier would bring %s.",
                    self._format(self.gap_closed_by),
                )
            )
        else:
            parts.append(self.env._("No receivable could be collected earlier."))
        return " ".join(parts)

    def action_open_gap_items(self):
        """Open the receivables that would close the gap, the best first."""
        self.ensure_one()
        action = self._open("billing_crm.action_billing_forecast")
        name = self.env._("What Would Close the Gap")
        return {
            **action,
            "name": name,
            "display_name": name,
            "views": [(self.env.ref("billing_crm.billing_forecast_view_list_gap").id, "list")]
            + [(False, mode) for mode in ("kanban", "pivot", "graph")],
            "domain": [*action["domain"], ("gap_rank", ">", 0)],
        }

    def _look_for_gap(self):
        """Find the first shortage in the days ahead; tell it once, until it is over."""
        self.ensure_one()
        had_gap = bool(self.gap_date)
        days = self.env["billing.forecast.period"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("granularity", "=", "day"),
                (
                    "date_start",
                    "<=",
                    fields.Date.add(self.date, days=self.company_id.billing_gap_days),
                ),
            ]
        )
        minimum = self.minimum_balance
        less = self.currency_id.compare_amounts
        short = days.filtered(lambda day: less(day.balance, minimum) < 0)
        tight = days.filtered(lambda day: less(day.balance_low, minimum) < 0)
        first, worst = short[:1], short.sorted("balance")[:1]
        self.write(
            {
                "gap_date": first.date_start,
                "gap_balance": first.balance,
                "gap_missing": first and minimum - first.balance,
                "gap_worst_date": worst.date_start,
                "gap_worst": worst and minimum - worst.balance,
                "risk_date": not first and tight[:1].date_start,
                "gap_closed_by": self._choose_receivables(first, worst and minimum - worst.balance),
            }
        )
        if first and not had_gap:
            self._tell_managers()
        elif had_gap and not first:
            self.activity_unlink([ACTIVITY])
            self.message_post(body=self.env._("The cash gap is closed."))

    def _choose_receivables(self, first, missing):
        """Mark the receivables that would make up for what is missing; return what they add.

        Those that are overdue, or expected after the gap. The best first: large ones of customers
        who are about to pay. What is disputed is not among them. Each adds what is not expected
        of it before the gap anyway.
        """
        if not first:
            return 0
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                WITH useful AS (
                    SELECT item.id, item.amount * (1 - %(before)s) AS adds,
                           item.amount * (1 - %(before)s) * %(after)s AS points
                      FROM billing_forecast item
                     WHERE item.company_id = %(company)s
                       AND item.kind IN ('receivable', 'plan')
                       AND item.amount > 0
                       AND (item.is_overdue OR item.expected_date > %(day)s)
                ),
                ranked AS (
                    SELECT useful.*,
                           row_number() OVER best AS rank,
                           SUM(adds) OVER (best ROWS UNBOUNDED PRECEDING) - adds AS already
                      FROM useful
                     WHERE adds > 0
                    WINDOW best AS (ORDER BY points DESC, adds DESC, id)
                )
                UPDATE billing_forecast flow
                   SET gap_rank = ranked.rank
                  FROM ranked
                 WHERE flow.id = ranked.id AND ranked.already < %(missing)s
             RETURNING ranked.adds
                """,
                company=self.company_id.id,
                day=first.date_start,
                before=arrived_by(SQL("%s", first.date_start)),
                after=arrived_by(SQL("%s", fields.Date.add(first.date_start, days=REACH_DAYS))),
                missing=missing,
            )
        )
        self.env["billing.forecast"].invalidate_model(["gap_rank"])
        return self.currency_id.round(float(sum(adds for (adds,) in rows)))

    def _tell_managers(self):
        """Leave an activity about a new gap to each billing manager of the company."""
        self.message_post(body=self.gap_text)
        for manager in self.company_id._get_billing_managers():
            told = self.with_context(lang=manager.lang or self.env.lang)
            told.activity_schedule(
                ACTIVITY,
                self.date,
                summary=told.env._("Cash runs short on %s", format_date(told.env, told.gap_date)),
                note=told.gap_text,
                user_id=manager.id,
            )
