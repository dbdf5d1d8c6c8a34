from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import format_date

from ...documents.recurring.schedule import Schedule

# Of each way to repeat, the unit and how many of it.
INTERVALS = {
    "week": (1, "week"),
    "month": (1, "month"),
    "quarter": (3, "month"),
    "year": (1, "year"),
}


class BillingPlannedCash(models.Model):
    """Money that will come or go without a document in Odoo yet: wages, rent, taxes, a loan.

    Typed by a person. Days that have passed do not count: what was planned for them is in the
    bank's balance.
    """

    _name = "billing.planned.cash"
    _description = "Planned Cash"
    _order = "date, id"
    _check_company_auto = True

    name = fields.Char(string="Label", required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    direction = fields.Selection(
        selection=[("out", "Goes out"), ("in", "Comes in")], required=True, default="out"
    )
    amount = fields.Monetary(required=True)
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="The day on which it comes or goes, for the first time if it repeats. A day on which "
        "banks are closed is moved to the next one on which they are open.",
    )
    repeat = fields.Selection(
        selection=[
            ("week", "Every week"),
            ("month", "Every month"),
            ("quarter", "Every quarter"),
            ("year", "Every year"),
        ],
        string="Repeats",
        help="Empty: once. Dates are counted from the first one: the 31st is the last day of "
        "shorter months.",
    )
    date_end = fields.Date(string="Until", help="The last day on which it may repeat.")
    partner_id = fields.Many2one("res.partner", string="Contact", check_company=True)
    next_date = fields.Date(
        string="Next",
        compute="_compute_next_date",
        help="Empty when all its days have passed: it is not in the forecast any more.",
    )

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "Type an amount above 0, and whether it comes in or goes out."
    )

    @api.depends("company_id")
    def _compute_currency_id(self):
        for planned in self:
            planned.currency_id = planned.currency_id or planned.company_id.currency_id

    @api.depends("date", "repeat", "date_end", "company_id")
    def _compute_next_date(self):
        for planned in self:
            today = (planned.company_id or self.env.company)._get_billing_today()
            planned.next_date = planned.date and next(planned._iterate_from(today), False)

    @api.constrains("date", "date_end")
    def _check_date_end(self):
        for planned in self:
            if planned.date_end and planned.date_end < planned.date:
                raise ValidationError(
                    self.env._(
                        "“%(label)s” ends before its first day, %(day)s.",
                        label=planned.name,
                        day=format_date(self.env, planned.date),
                    )
                )

    def _iterate_from(self, first):
        """Yield the days on which this comes or goes, from ``first`` on, without an end if so."""
        self.ensure_one()
        if not self.repeat:
            if self.date >= first:
                yield self.date
            return
        schedule = Schedule(self.date, *INTERVALS[self.repeat])
        day_before = fields.Date.subtract(first, days=1)
        number = schedule.count_billable(1, day_before) + 1
        while (day := schedule.start(number)) <= (
            self.date_end or fields.Date.to_date("9999-01-01")
        ):
            yield day
            number += 1
