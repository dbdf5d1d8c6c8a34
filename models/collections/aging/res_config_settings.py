from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    billing_aging_days = fields.Char(related="company_id.billing_aging_days", readonly=False)
    billing_aging_by = fields.Selection(related="company_id.billing_aging_by", readonly=False)
