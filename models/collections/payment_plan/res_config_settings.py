from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    billing_plan_grace_days = fields.Integer(
        related="company_id.billing_plan_grace_days", readonly=False
    )
