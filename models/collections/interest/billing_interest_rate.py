from decimal import Decimal
from itertools import pairwise

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_repr, format_date

DIGITS = 4


class BillingInterestRate(models.Model):
    """What a reference rate is from a day on, and who says so."""

    _name = "billing.interest.rate"
    _description = "Interest Rate"
    _order = "reference_id, date_from desc, id"
    _rec_name = "date_from"

    reference_id = fields.Many2one(
        "billing.interest.reference", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="reference_id.company_id", store=True)
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(
        string="To",
        help="The last day on which it counts. Empty: until the next one. Nothing is charged for "
        "days without a rate.",
    )
    rate = fields.Float(
        string="Rate (%)",
        required=True,
        digits=(16, DIGITS),
        aggregator="avg",
        help="In percent a year, without any margin.",
    )
    source = fields.Char(
        help="Who published it, and where. Printed on the calculation that a customer gets. "
        "Empty: who publishes the reference rate."
    )
    is_checked = fields.Boolean(
        string="Checked",
        default=True,
        help="Somebody has compared it with what was published. Interest at a rate that is not "
        "checked is shown, but not charged.",
    )

    _date_from_uniq = models.Constraint(
        "UNIQUE (reference_id, date_from)", "There is a rate from this day on already."
    )
    _dates_ordered = models.Constraint(
        "CHECK (date_to >= date_from)", "A rate cannot end before it begins."
    )
    _rate_range = models.Constraint(
        "CHECK (rate > -100 AND rate < 1000)", "This is no rate in percent a year."
    )

    @api.constrains("date_from", "date_to", "reference_id")
    def _check_overlap(self):
        for reference in self.reference_id:
            for earlier, later in pairwise(reference.rate_ids.sorted("date_from")):
                if earlier.date_to and earlier.date_to >= later.date_from:
                    raise ValidationError(
                        self.env._(
                            "Two rates of %(reference)s overlap: one until %(to)s, and one from "
                            "%(from)s on.",
                            **{
                                "reference": reference.name,
                                "to": format_date(self.env, earlier.date_to),
                                "from": format_date(self.env, later.date_from),
                            },
                        )
                    )

    @api.depends("reference_id", "date_from", "rate")
    def _compute_display_name(self):
        for rate in self:
            day = format_date(self.env, rate.date_from) if rate.date_from else ""
            rate.display_name = f"{rate.reference_id.name or ''}: {rate.rate:g} % ({day})"

    def _get_percent(self):
        """Return the rate as it was typed in, exactly.

        :rtype: Decimal
        """
        self.ensure_one()
        return Decimal(float_repr(self.rate, DIGITS)).normalize()

    def action_check(self):
        """Somebody has compared these rates with what was published."""
        self.is_checked = True
