from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    billing_hours_rounding = fields.Selection(
        related="company_id.billing_hours_rounding", readonly=False, required=True
    )
    billing_hours_product_id = fields.Many2one(
        related="company_id.billing_hours_product_id", readonly=False
    )
