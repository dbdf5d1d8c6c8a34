from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    billing_expense_approver_id = fields.Many2one(
        related="company_id.billing_expense_approver_id", readonly=False
    )
    billing_expense_own_approval = fields.Boolean(
        related="company_id.billing_expense_own_approval", readonly=False
    )
