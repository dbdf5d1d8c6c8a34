from collections import Counter

from odoo import fields, models

GROUPS = "billing_crm.group_billing_user,sales_team.group_sale_salesman"


class ResPartner(models.Model):
    _inherit = "res.partner"

    billing_recurring_count = fields.Integer(
        string="Recurring Invoices", compute="_compute_billing_recurring_count", groups=GROUPS
    )

    def _compute_billing_recurring_count(self):
        counts = self.env["billing.recurring"]._read_group(
            [("partner_id", "child_of", self.ids), ("state", "!=", "ended")],
            ["partner_id"],
            ["__count"],
        )
        totals = Counter()
        for customer, count in counts:
            while customer:
                totals[customer] += count
                customer = customer.parent_id
        for partner in self:
            partner.billing_recurring_count = totals[partner]

    def action_view_billing_recurring(self):
        """Open the series of bills to this customer and its contacts."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "billing_crm.action_billing_recurring"
        )
        return {
            **action,
            "domain": [("partner_id", "child_of", self.id)],
            "context": {"default_partner_id": self.id},
        }
