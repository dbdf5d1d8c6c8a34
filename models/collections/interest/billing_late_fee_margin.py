from odoo import fields, models


class BillingLateFeeMargin(models.Model):
    """The margin of a policy in one country, where it differs from the others."""

    _name = "billing.late.fee.margin"
    _description = "Margin by Country"
    _order = "policy_id, country_id, id"

    policy_id = fields.Many2one(
        "billing.late.fee.policy", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True)
    country_id = fields.Many2one("res.country", required=True, ondelete="cascade")
    margin = fields.Float(
        string="Margin (%)",
        required=True,
        digits=(16, 4),
        help="Percentage points on top of the reference rate.",
    )

    _country_uniq = models.Constraint(
        "UNIQUE (policy_id, country_id)", "A country can have one margin only."
    )
    _margin_range = models.Constraint(
        "CHECK (margin >= 0 AND margin < 1000)", "The margin cannot be negative."
    )
