import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ...documents.recurring.schedule import Schedule
from .ask import Ask
from .billing_statement_reader import KINDS

_logger = logging.getLogger(__name__)

# Frequency -> how many of which unit lie between two statements.
PERIODS = {"weekly": (1, "week"), "monthly": (1, "month"), "quarterly": (3, "month")}


class BillingStatementSchedule(models.Model):
    """Statements of account that customers get regularly: all of them, or those with a tag."""

    _name = "billing.statement.schedule"
    _description = "Statement Schedule"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    frequency = fields.Selection(
        [("weekly", "Weekly"), ("monthly", "Monthly"), ("quarterly", "Quarterly")],
        required=True,
        default="monthly",
    )
    date_start = fields.Date(
        string="First as of",
        required=True,
        default=lambda self: fields.Date.end_of(fields.Date.context_today(self), "month"),
        help="The day of the first statement, and from which the others are counted; the last day "
        "of a month stays the last. Each is sent as soon as its day is over.",
    )
    date_last = fields.Date(
        string="Last as of", readonly=True, copy=False, help="The latest statement that was made."
    )
    date_next = fields.Date(string="Next as of", compute="_compute_date_next")
    kind = fields.Selection(KINDS, required=True, default="open")
    tag_ids = fields.Many2many(
        "res.partner.category",
        string="Tags",
        help="Customers with one of these tags, or of those below them. Empty: all customers.",
    )
    skip_zero = fields.Boolean(
        string="Skip Zero Balances",
        default=True,
        help="Customers with whom nothing is open get none; with statements of what is past due, "
        "those with whom nothing is.",
    )
    template_id = fields.Many2one(
        "mail.template",
        string="E-mail Template",
        domain="[('model', '=', 'billing.statement')]",
        ondelete="restrict",
        help="Empty: the text that comes with Billing CRM.",
    )
    statement_ids = fields.One2many("billing.statement", "schedule_id", readonly=True)
    statement_count = fields.Integer(compute="_compute_statement_count", string="Statements Made")

    @api.depends("frequency", "date_start", "date_last")
    def _compute_date_next(self):
        for schedule in self:
            if not schedule.date_start or not schedule.frequency:
                schedule.date_next = False
                continue
            dates = schedule._get_dates()
            made = dates.last_until(schedule.date_last) if schedule.date_last else 0
            missed = dates.last_until(schedule._get_yesterday())
            schedule.date_next = dates.start(max(missed, made + 1))

    def _compute_statement_count(self):
        counts = dict(
            self.env["billing.statement"]._read_group(
                [("schedule_id", "in", self.ids)], ["schedule_id"], ["__count"]
            )
        )
        for schedule in self:
            schedule.statement_count = counts.get(schedule, 0)

    def _get_dates(self):
        """Return the days of the statements, numbered from 1."""
        interval, unit = PERIODS[self.frequency]
        is_last_day = self.date_start == fields.Date.end_of(self.date_start, "month")
        return Schedule(self.date_start, interval, unit, month_end=is_last_day and unit == "month")

    def _get_yesterday(self):
        """Return the latest day that is over where the company is."""
        return (self.company_id or self.env.company)._get_billing_today() - timedelta(days=1)

    @api.model
    def _run_due(self):
        """Write down the statements of all schedules whose day is over, each in a transaction of
        its own. Of days that were missed, the latest alone counts."""
        for schedule in self.search([("date_start", "<=", fields.Date.today())]):
            schedule = schedule.try_lock_for_update()
            try:
                with self.env.cr.savepoint():
                    schedule._run()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except Exception:
                self.env.invalidate_all()
                _logger.exception("Statements of schedule %s cannot be made", schedule.id)
            self.env["ir.cron"]._commit_progress()

    def _run(self):
        """Write down the statements of the latest day that is over, unless that was done before."""
        for schedule in self:
            dates = schedule._get_dates()
            number = dates.last_until(schedule._get_yesterday())
            date_to = number and dates.start(number)
            if not number or (schedule.date_last and schedule.date_last >= date_to):
                continue
            date_from = dates.start(number - 1) + timedelta(days=1)
            schedule._make_statements(date_from, date_to)
            schedule.date_last = date_to

    def _make_statements(self, date_from, date_to):
        """Write down a statement for each customer of this schedule."""
        asks = [
            Ask(
                company_id=self.company_id.id,
                partner_id=partner_id,
                kind=self.kind,
                date_from=date_from if self.kind == "activity" else None,
                date_to=date_to,
            )
            for partner_id in self._get_customers(date_from, date_to).ids
        ]
        return self.env["billing.statement"]._make(
            asks,
            channel="mail",
            skip_zero=self.skip_zero,
            schedule=self,
            template=self.template_id,
        )

    def _get_customers(self, date_from, date_to):
        """Return the customers with something open on ``date_to``, or, if those with nothing get
        statements too, something entered since ``date_from``."""
        receivables = self.env["billing.receivable"].with_context(billing_as_of=date_to)
        domain = [("company_id", "=", self.company_id.id), ("partner_id", "!=", False)]
        with receivables._joining_large_sets():
            ids = [partner.id for (partner,) in receivables._read_group(domain, ["partner_id"])]
        if not self.skip_zero:
            ids += self._get_moving_customer_ids(date_from, date_to)
        domain = [("id", "in", ids), ("billing_statement_excluded", "=", False)]
        if self.tag_ids:
            domain.append(("category_id", "child_of", self.tag_ids.ids))
        return self.env["res.partner"].with_company(self.company_id).search(domain, order="id")

    def _get_moving_customer_ids(self, date_from, date_to):
        self.env["account.move.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT partner.commercial_partner_id
                  FROM account_move_line line
                  JOIN account_account account ON account.id = line.account_id
                  JOIN res_partner partner ON partner.id = line.partner_id
                 WHERE %s AND line.company_id = %s AND line.date BETWEEN %s AND %s
                """,
                self.env["billing.receivable"]._where_receivable(),
                self.company_id.id,
                date_from,
                date_to,
            )
        )
        return [partner_id for (partner_id,) in rows]

    def action_open_statements(self):
        """Open the statements that this schedule made."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "billing_crm.action_billing_statement"
        )
        return {**action, "domain": [("schedule_id", "=", self.id)]}
