from calendar import monthrange

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .placeholders import NAMES, SHIFTS, UnknownPlaceholder, parse
from .schedule import Schedule

# What the dates of all periods are counted from: it stays as it is once there is a bill.
SCHEDULE_FIELDS = (
    "company_id",
    "currency_id",
    "date_start",
    "interval_number",
    "interval_unit",
    "month_end",
    "timing",
)

MAX_INTERVAL = 999


class BillingRecurring(models.Model):
    """A series of bills to one customer, one for each period.

    What was done about a period is a row of `billing.recurring.period`, unique for each series and
    number. ``next_number`` says where to go on; it only ever grows.
    """

    _name = "billing.recurring"
    _description = "Recurring Invoice"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "next_date, id"
    _check_company_auto = True

    name = fields.Char(
        required=True, tracking=True, help="What is billed. Printed on each bill as its source."
    )
    active = fields.Boolean(default=True)
    state = fields.Selection(
        string="Status",
        selection=[
            ("draft", "Draft"),
            ("running", "Running"),
            ("paused", "Paused"),
            ("ended", "Ended"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        check_company=True,
        tracking=True,
        help="Is told when a bill cannot be made, and signs the e-mails.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    billing_type_id = fields.Many2one(
        "billing.invoice.type",
        string="Invoice Type",
        required=True,
        compute="_compute_billing_type_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        check_company=True,
        domain="[('behavior', '=', 'recurring')]",
    )
    billing_properties = fields.Properties(
        string="Custom Fields", definition="billing_type_id.properties_definition", copy=True
    )
    journal_id = fields.Many2one(
        "account.journal",
        required=True,
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain="[('type', '=', 'sale')]",
    )
    fiscal_position_id = fields.Many2one(
        "account.fiscal.position",
        compute="_compute_fiscal_position_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    invoice_payment_term_id = fields.Many2one(
        "account.payment.term",
        string="Payment Terms",
        check_company=True,
        help="Empty: those of the invoice type, else those agreed with the customer.",
    )
    ref = fields.Char(
        string="Customer Reference",
        help="Printed on each bill. May have placeholders such as {month}.",
    )
    narration = fields.Html(
        string="Terms and Conditions",
        help="Printed below the lines of each bill instead of the company's terms. May have "
        "placeholders such as {period}.",
    )
    line_ids = fields.One2many("billing.recurring.line", "recurring_id", copy=True)

    interval_number = fields.Integer(string="Every", required=True, default=1, tracking=True)
    interval_unit = fields.Selection(
        selection=[("day", "Days"), ("week", "Weeks"), ("month", "Months"), ("year", "Years")],
        required=True,
        default="month",
        tracking=True,
    )
    date_start = fields.Date(
        string="First Period Starts",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
        help="All dates are counted from this one: a series that starts on the 31st begins on the "
        "last day of shorter months, and on the 31st again afterwards.",
    )
    month_end = fields.Boolean(
        string="Always the Last Day of the Month",
        help="Each period begins on the last day of its month.",
    )
    month_end_possible = fields.Boolean(compute="_compute_month_end_possible")
    timing = fields.Selection(
        selection=[("advance", "In advance"), ("arrears", "In arrears")],
        string="Billed",
        required=True,
        default="advance",
        tracking=True,
        help="In advance: on the first day of the period. In arrears: on its last day.",
    )
    end_kind = fields.Selection(
        selection=[("never", "Never"), ("date", "On a date"), ("count", "After a number")],
        string="Ends",
        required=True,
        default="never",
        tracking=True,
    )
    date_end = fields.Date(
        string="End Date",
        tracking=True,
        help="The last period billed is the one that begins on this day or before.",
    )
    period_count = fields.Integer(
        string="Periods",
        default=12,
        tracking=True,
        help="How many periods there are in all. A period that is skipped counts.",
    )
    on_bill = fields.Selection(
        selection=[
            ("draft", "Create a draft"),
            ("post", "Post"),
            ("send", "Post and send"),
        ],
        string="Each Bill",
        required=True,
        default="post",
        tracking=True,
    )
    catch_up = fields.Selection(
        selection=[
            ("each", "One bill for each"),
            ("one", "One bill for all of them"),
            ("skip", "Skip them, bill the latest"),
        ],
        string="Missed Periods",
        required=True,
        default="each",
        tracking=True,
        help="What is done when several periods have come due since the last run. A bill that "
        "comes late has the date on which it is made.",
    )
    pause_until = fields.Date(readonly=True, copy=False, tracking=True)
    pause_missed = fields.Selection(
        selection=[("skip", "Skip them"), ("catch_up", "Bill them")],
        string="Periods during the Pause",
        readonly=True,
        copy=False,
    )

    next_number = fields.Integer(default=1, required=True, readonly=True, copy=False)
    next_date = fields.Date(
        string="Next Bill",
        compute="_compute_next_date",
        store=True,
        copy=False,
        help="Empty when there is nothing more to bill.",
    )
    is_due = fields.Boolean(compute="_compute_is_due")
    missed_count = fields.Integer(compute="_compute_is_due")
    period_ids = fields.One2many("billing.recurring.period", "recurring_id", readonly=True)
    price_change_ids = fields.One2many("billing.recurring.price.change", "recurring_id")
    failure_reason = fields.Char(compute="_compute_failure_reason")
    invoice_count = fields.Integer(compute="_compute_invoice_count")

    _due_idx = models.Index("(company_id, next_date) WHERE state = 'running'")

    # -- Defaults that a person may change ---------------------------------------------------

    @api.depends("company_id")
    def _compute_currency_id(self):
        for series in self:
            series.currency_id = series.currency_id or series.company_id.currency_id

    @api.depends("company_id")
    def _compute_billing_type_id(self):
        types = self.env["billing.invoice.type"]
        for series in self:
            known = series.billing_type_id.sudo()
            if (
                known.behavior != "recurring"
                or known.company_id not in series.company_id.parent_ids
            ):
                series.billing_type_id = types._get_default(series.company_id, "recurring")

    @api.depends("company_id")
    def _compute_journal_id(self):
        journals = self.env["account.journal"]
        for series in self:
            if series.journal_id.company_id not in series.company_id.parent_ids:
                series.journal_id = journals.search(
                    [*journals._check_company_domain(series.company_id), ("type", "=", "sale")],
                    limit=1,
                )

    @api.depends("partner_id", "company_id")
    def _compute_fiscal_position_id(self):
        positions = self.env["account.fiscal.position"]
        for series in self:
            series.fiscal_position_id = positions.with_company(
                series.company_id
            )._get_fiscal_position(series.partner_id)

    @api.depends("date_start", "interval_unit")
    def _compute_month_end_possible(self):
        for series in self:
            day = series.date_start
            series.month_end_possible = (
                bool(day)
                and series.interval_unit in ("month", "year")
                and day.day == monthrange(day.year, day.month)[1]
            )

    # -- Dates -------------------------------------------------------------------------------

    def _get_schedule(self):
        """Return the dates of this series, as a `Schedule`."""
        self.ensure_one()
        return Schedule(
            anchor=self.date_start,
            interval=self.interval_number,
            unit=self.interval_unit,
            month_end=self.month_end and self.month_end_possible,
            arrears=self.timing == "arrears",
        )

    def _get_last_number(self):
        """Return the number of the last period; None if the series never ends."""
        self.ensure_one()
        if self.end_kind == "count":
            return self.period_count
        if self.end_kind == "date" and self.date_end:
            return self._get_schedule().last_until(self.date_end)
        return None

    @api.depends(
        "next_number",
        "state",
        "date_start",
        "interval_number",
        "interval_unit",
        "month_end",
        "timing",
        "end_kind",
        "date_end",
        "period_count",
    )
    def _compute_next_date(self):
        for series in self:
            series.next_date = False
            if series.state == "ended" or not series.date_start or series.interval_number < 1:
                continue
            last = series._get_last_number()
            if last is None or series.next_number <= last:
                series.next_date = series._get_schedule().bill_date(series.next_number)

    @api.model
    def _get_today(self, company):
        """Return today's date where ``company`` is; the user's where that is not known."""
        zone = company.sudo().partner_id.tz or self.env.user.tz
        return fields.Date.context_today(self.with_context(tz=zone))

    def _count_due(self, until):
        """Return how many periods are to be billed on ``until`` or before, and are not yet."""
        self.ensure_one()
        if not self.next_date:
            return 0
        return self._get_schedule().count_billable(self.next_number, until, self._get_last_number())

    @api.depends("next_date")
    def _compute_is_due(self):
        for series in self:
            today = self._get_today(series.company_id)
            series.is_due = bool(series.next_date) and series.next_date <= today
            series.missed_count = series._count_due(fields.Date.subtract(today, days=1))

    # -- Figures -----------------------------------------------------------------------------

    def _compute_failure_reason(self):
        failed = self.env["billing.recurring.period"].search(
            [("recurring_id", "in", self.ids), ("state", "=", "failed")]
        )
        reasons = {period.recurring_id: period.error for period in failed}
        for series in self:
            series.failure_reason = reasons.get(series, False)

    def _compute_invoice_count(self):
        counts = dict(
            self.env["account.move"]
            .sudo()  # a salesperson sees how many there are
            ._read_group(
                [("billing_recurring_id", "in", self.ids)], ["billing_recurring_id"], ["__count"]
            )
        )
        for series in self:
            series.invoice_count = counts.get(series, 0)

    # -- What cannot be ----------------------------------------------------------------------

    @api.constrains("interval_number", "end_kind", "date_start", "date_end", "period_count")
    def _check_dates(self):
        for series in self:
            if series.interval_number < 1:
                raise ValidationError(self.env._("The interval must be at least 1."))
            if series.interval_number > MAX_INTERVAL:
                raise ValidationError(self.env._("The interval is at most %s.", MAX_INTERVAL))
            if series.end_kind == "count" and series.period_count < 1:
                raise ValidationError(self.env._("The number of periods must be at least 1."))
            if series.end_kind == "date" and not series.date_end:
                raise ValidationError(self.env._("The end date is missing."))
            if series.end_kind == "date" and series.date_end < series.date_start:
                raise ValidationError(self.env._("The end date is before the start."))

    @api.constrains("ref", "narration")
    def _check_texts(self):
        for series in self:
            for text in (series.ref, series.narration):
                self._check_placeholders(text)

    @api.model
    def _check_placeholders(self, text):
        """Say which placeholders there are if ``text`` has one that there is not."""
        try:
            parse(text or "")
        except UnknownPlaceholder as unknown:
            known = ", ".join(
                [f"{{{name}}}" for name in NAMES] + [f"{{{name}+1}}" for name in SHIFTS]
            )
            raise ValidationError(
                self.env._(
                    "«%(unknown)s» is not a placeholder. There are: %(known)s. "
                    "Write a brace that is meant as such twice.",
                    unknown=unknown,
                    known=known,
                )
            ) from None

    def write(self, vals):
        for fname in SCHEDULE_FIELDS:
            if fname not in vals:
                continue
            for series in self:
                field = self._fields[fname]
                new = field.convert_to_cache(vals[fname], series)
                if series.period_ids and new != field.convert_to_cache(series[fname], series):
                    raise UserError(
                        self.env._(
                            "Periods of «%(series)s» are billed or skipped already: «%(field)s» "
                            "stays. End this series, and start a duplicate of it.",
                            series=series.name,
                            field=field._description_string(self.env),
                        )
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        for series in self:
            if series.state != "draft" or series.period_ids:
                raise UserError(
                    self.env._(
                        "«%s» has been started. End it, and archive it if you wish; it cannot be "
                        "deleted.",
                        series.name,
                    )
                )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        return [
            {**vals, "name": self.env._("%s (copy)", series.name)}
            for series, vals in zip(self, vals_list, strict=True)
        ]

    # -- Ways ---------------------------------------------------------------------------------

    def action_view_invoices(self):
        """Open the bills of this series."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        return {
            **action,
            "domain": [("billing_recurring_id", "in", self.ids)],
            "context": {"default_move_type": "out_invoice", "create": False},
        }
