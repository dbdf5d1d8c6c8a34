from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    billing_expense_approver_id = fields.Many2one(
        "res.users",
        string="Expense Approver",
        domain=lambda self: [
            ("all_group_ids", "in", self.env.ref("billing_crm.group_billing_manager").ids)
        ],
        help="Gets an activity for every expense report that is submitted.",
    )
    billing_expense_own_approval = fields.Boolean(
        string="Managers Approve Their Own Expenses",
        help="For companies with a single manager. Otherwise somebody else has to approve.",
    )
