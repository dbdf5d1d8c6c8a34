from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Of later months little is known yet, since most of their invoices are not written.
DEFAULT_MONTHS = 6
MOST_MONTHS = 24

# The invoices of the next weeks are written already, so what is missing then is really missing.
# Later a balance falls only because sales to come are not in the forecast.
DEFAULT_WARNING_DAYS = 30


class ResCompany(models.Model):
    _inherit = "res.company"

    billing_minimum_balance = fields.Monetary(
        string="Minimum Balance",
        help="Bank and cash together should never hold less than this.",
    )
    billing_forecast_months = fields.Integer(
        string="Forecast Months",
        default=DEFAULT_MONTHS,
        required=True,
        help="How many months after the current one the cash forecast covers.",
    )
    billing_gap_days = fields.Integer(
        string="Warning Days",
        default=DEFAULT_WARNING_DAYS,
        required=True,
        help="How far ahead a shortage of cash is looked for. Invoices that are not written yet "
        "are not in the forecast, so further ahead it would warn too often.",
    )

    @api.constrains("billing_forecast_months", "billing_gap_days")
    def _check_billing_forecast(self):
        for company in self:
            if not 1 <= company.billing_forecast_months <= MOST_MONTHS:
                raise ValidationError(
                    self.env._("A cash forecast covers 1 to %s months.", MOST_MONTHS)
                )
            if company.billing_gap_days < 0:
                raise ValidationError(self.env._("Warn 0 or more days ahead."))

    def _get_billing_horizon(self):
        """Return the last day of the cash forecast."""
        self.ensure_one()
        months = relativedelta(months=self.billing_forecast_months, day=31)
        return self._get_billing_today() + months
