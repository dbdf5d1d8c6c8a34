from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    billing_pixel = fields.Boolean(related="company_id.billing_pixel", readonly=False)
    billing_retention_days = fields.Integer(
        related="company_id.billing_retention_days", readonly=False
    )
