from calendar import monthrange

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

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
    """When a series bills, and what is due."""

    _inherit = "billing.recurring"

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

    @api.depends("date_start", "interval_unit")
    def _compute_month_end_possible(self):
        for series in self:
            day = series.date_start
            series.month_end_possible = (
                bool(day)
                and series.interval_unit in ("month", "year")
                and day.day == monthrange(day.year, day.month)[1]
            )

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

    def _count_due(self, until):
        """Return how many periods are to be billed on ``until`` or before, and are not yet."""
        self.ensure_one()
        if not self.next_date:
            return 0
        return self._get_schedule().count_billable(self.next_number, until, self._get_last_number())

    @api.depends("next_date")
    def _compute_is_due(self):
        for series in self:
            today = series.company_id._get_billing_today()
            series.is_due = bool(series.next_date) and series.next_date <= today
            series.missed_count = series._count_due(fields.Date.subtract(today, days=1))

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
