from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    billing_plan_grace_days = fields.Integer(
        string="Payment plans: days of grace",
        default=3,
        help="An installment that is not paid so many days after its date breaks the plan.",
    )

    _billing_plan_grace_days_positive = models.Constraint(
        "CHECK (billing_plan_grace_days >= 0)", "The days of grace cannot be negative."
    )
