from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    billing_dispute_days = fields.Integer(related="company_id.billing_dispute_days", readonly=False)
    billing_dispute_user_id = fields.Many2one(
        related="company_id.billing_dispute_user_id", readonly=False
    )
