from odoo import fields, models

# rule: minutes of a step, whether a step that has begun is billed
ROUNDINGS = {
    "none": (0, False),
    "up_6": (6, True),
    "up_15": (15, True),
    "up_30": (30, True),
    "nearest_6": (6, False),
    "nearest_15": (15, False),
    "nearest_30": (30, False),
}


class ResCompany(models.Model):
    _inherit = "res.company"

    billing_hours_rounding = fields.Selection(
        [
            ("none", "As entered"),
            ("up_6", "Up to the next 6 minutes"),
            ("up_15", "Up to the next 15 minutes"),
            ("up_30", "Up to the next 30 minutes"),
            ("nearest_6", "To the nearest 6 minutes"),
            ("nearest_15", "To the nearest 15 minutes"),
            ("nearest_30", "To the nearest 30 minutes"),
        ],
        string="Rounding of Billed Hours",
        default="none",
        required=True,
    )
    billing_hours_product_id = fields.Many2one(
        "product.product",
        string="Product for Hours",
        domain="[('sale_ok', '=', True), ('type', '=', 'service')]",
        check_company=True,
        help="Hours without a product are sold as this one: its price, income account and taxes.",
    )
    billing_hours_account_id = fields.Many2one(
        "account.analytic.account", string="Analytic Account of Billable Hours", copy=False
    )

    def _get_billing_hours_rounding(self):
        """Return (minutes of a step, whether a step that has begun is billed)."""
        self.ensure_one()
        return ROUNDINGS[self.sudo().billing_hours_rounding or "none"]

    def _get_billing_hours_account(self):
        """Return the analytic account that entered hours stand on, made on first use.

        Odoo wants one for each analytic line. It belongs to the plan that every database has.
        """
        self.ensure_one()
        company = self.sudo()
        if not company.billing_hours_account_id.active:
            project_plan, _others = self.env["account.analytic.plan"].sudo()._get_all_plans()
            company.billing_hours_account_id = (
                self.env["account.analytic.account"]
                .sudo()
                .create(
                    {
                        "name": self.env._("Billable Hours"),
                        "plan_id": project_plan.id,
                        "company_id": company.id,
                    }
                )
            )
        return company.billing_hours_account_id
