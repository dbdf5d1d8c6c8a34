from odoo import fields, models


class BillingLateFeeTier(models.Model):
    """The fixed fee of a debt from an amount on."""

    _name = "billing.late.fee.tier"
    _description = "Fixed Late Fee"
    _order = "policy_id, amount_from, id"
    _rec_name = "amount_from"

    policy_id = fields.Many2one(
        "billing.late.fee.policy", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True)
    currency_id = fields.Many2one(related="policy_id.currency_id")
    amount_from = fields.Monetary(
        string="Debts from",
        help="What is overdue, tax included, in the currency of the policy. Debts of this much or "
        "more cost the fee.",
    )
    fee = fields.Monetary(required=True, help="In the currency of the policy.")

    _amount_from_uniq = models.Constraint(
        "UNIQUE (policy_id, amount_from)", "There is a fee from this amount on already."
    )
    _not_negative = models.Constraint(
        "CHECK (amount_from >= 0 AND fee >= 0)", "Neither an amount nor a fee can be negative."
    )
