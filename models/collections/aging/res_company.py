from odoo import api, fields, models
from odoo.exceptions import ValidationError

DEFAULT_DAYS = "30, 60, 90"
# As many bounds as `billing.receivable` has columns for.
MOST_BOUNDS = 5


class ResCompany(models.Model):
    _inherit = "res.company"

    billing_aging_days = fields.Char(
        string="Aging Buckets",
        default=DEFAULT_DAYS,
        required=True,
        help="The last day of each bucket, in days, separated by commas. What is older than the "
        "last one has a bucket of its own.",
    )
    billing_aging_by = fields.Selection(
        selection=[("due", "Due date"), ("invoice", "Invoice date")],
        string="Age Counted From",
        default="due",
        required=True,
        help="By due date, Current is what is not due yet. By invoice date, it is what was "
        "invoiced that day.",
    )

    @api.constrains("billing_aging_days")
    def _check_billing_aging_days(self):
        for company in self:
            company._get_billing_aging_bounds()

    def _get_billing_aging_bounds(self):
        """Return the last day of each bucket but the one that never ends, ascending.

        :raise ValidationError: if these are no such days
        """
        self.ensure_one()
        try:
            bounds = [int(day) for day in self.billing_aging_days.split(",")]
        except ValueError:
            bounds = []
        ascending = all(lower < upper for lower, upper in zip([0, *bounds], bounds, strict=False))
        if not bounds or len(bounds) > MOST_BOUNDS or not ascending or bounds[-1] > 9999:
            raise ValidationError(
                self.env._(
                    "Write up to %(most)s ascending numbers of days, separated by commas, as in "
                    "“%(example)s”. “%(days)s” are none.",
                    most=MOST_BOUNDS,
                    example=DEFAULT_DAYS,
                    days=self.billing_aging_days,
                )
            )
        return bounds

    def write(self, vals):
        # EXTENDS 'base': browsers keep the views they know, with the titles of the columns in
        # them, until they hear of another version of the registry
        before = self.mapped("billing_aging_days")
        result = super().write(vals)
        if "billing_aging_days" in vals and self.mapped("billing_aging_days") != before:
            self.env.registry.registry_invalidated = True
        return result
