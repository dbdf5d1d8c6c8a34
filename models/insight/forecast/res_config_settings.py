from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    billing_minimum_balance = fields.Monetary(
        related="company_id.billing_minimum_balance",
        readonly=False,
        currency_field="currency_id",
    )
    billing_forecast_months = fields.Integer(
        related="company_id.billing_forecast_months", readonly=False
    )
    billing_gap_days = fields.Integer(related="company_id.billing_gap_days", readonly=False)
