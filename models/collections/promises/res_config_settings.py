from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    billing_promise_tolerance = fields.Integer(
        related="company_id.billing_promise_tolerance", readonly=False
    )
    billing_promise_limit = fields.Integer(
        related="company_id.billing_promise_limit", readonly=False
    )
    billing_promise_days = fields.Integer(related="company_id.billing_promise_days", readonly=False)
    billing_promise_clerk_days = fields.Integer(
        related="company_id.billing_promise_clerk_days", readonly=False
    )
