from odoo import api, fields, models

from .rates import Rate, Series


class BillingInterestReference(models.Model):
    """A published interest rate that changes from time to time, such as that of a central bank."""

    _name = "billing.interest.reference"
    _description = "Reference Rate"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: every company may use it.")
    source = fields.Char(
        string="Published by", translate=True, help="Who publishes it; printed beside the rates."
    )
    rate_ids = fields.One2many("billing.interest.rate", "reference_id", string="Rates", copy=True)
    current_rate = fields.Float(
        string="Today", compute="_compute_current", digits=(16, 4), help="In percent a year."
    )
    is_current_known = fields.Boolean(compute="_compute_current")
    unchecked_count = fields.Integer(string="To Be Checked", compute="_compute_current")

    @api.depends("rate_ids.date_from", "rate_ids.date_to", "rate_ids.rate", "rate_ids.is_checked")
    def _compute_current(self):
        today = fields.Date.context_today(self)
        for reference in self:
            latest = reference.rate_ids.filtered(
                lambda rate: rate.date_from and rate.date_from <= today
            ).sorted("date_from")[-1:]
            reference.is_current_known = bool(latest) and (latest.date_to or today) >= today
            reference.current_rate = latest.rate if reference.is_current_known else 0.0
            reference.unchecked_count = len(
                reference.rate_ids.filtered(lambda rate: not rate.is_checked)
            )

    def _get_series(self):
        """Return the rates of this reference as plain values to compute with, see `rates`."""
        self.ensure_one()
        return Series(
            self.name,
            [
                Rate(
                    rate.id,
                    rate.date_from,
                    rate.date_to or None,
                    rate._get_percent(),
                    rate.source or self.source or self.name,
                    rate.is_checked,
                )
                for rate in self.rate_ids.sorted("date_from")
            ],
        )
