from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    billing_unread_days = fields.Integer(related="company_id.billing_unread_days", readonly=False)
    billing_unread_activity = fields.Boolean(
        related="company_id.billing_unread_activity", readonly=False
    )
