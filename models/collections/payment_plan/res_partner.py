from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    billing_payment_plan_count = fields.Integer(
        string="Payment Plans",
        compute="_compute_billing_payment_plan_count",
        groups="billing_crm.group_billing_user,sales_team.group_sale_salesman",
    )

    def _compute_billing_payment_plan_count(self):
        counts = dict(
            self.env["billing.payment.plan"]._read_group(
                [("partner_id", "in", self.commercial_partner_id.ids)],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.billing_payment_plan_count = counts.get(partner.commercial_partner_id, 0)

    def action_open_billing_payment_plans(self):
        """Open the payment plans of this customer."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "billing_crm.action_billing_payment_plan"
            ),
            "domain": [("partner_id", "=", self.commercial_partner_id.id)],
            "context": {"default_partner_id": self.commercial_partner_id.id},
        }
