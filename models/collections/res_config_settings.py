from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    billing_reminders_enabled = fields.Boolean(
        related="company_id.billing_reminders_enabled", readonly=False
    )
    billing_link_use_credits = fields.Boolean(
        related="company_id.billing_link_use_credits", readonly=False
    )
