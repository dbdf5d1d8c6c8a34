from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    billing_late_charge_count = fields.Integer(
        string="Number of Late Charges",
        compute="_compute_billing_late_charge_count",
        groups="billing_crm.group_billing_user,sales_team.group_sale_salesman",
    )

    @api.depends_context("company", "uid")
    def _compute_billing_late_charge_count(self):
        """One query for all customers, through the record rules of whoever looks."""
        counts = dict(
            self.env["billing.late.charge"]._read_group(
                [
                    ("partner_id", "in", self.commercial_partner_id.ids),
                    ("company_id", "=", self.env.company.id),
                    ("state", "in", ("proposed", "charged")),
                ],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.billing_late_charge_count = counts.get(partner.commercial_partner_id, 0)

    def action_open_billing_late_charges(self):
        """Open what this customer was or may be charged for paying late."""
        self.ensure_one()
        return self.env["billing.late.charge"]._get_list_action(
            [
                ("partner_id", "=", self.commercial_partner_id.id),
                ("company_id", "=", self.env.company.id),
            ]
        )

    def action_billing_charge_late(self):
        """Propose what these customers may be charged for late payment, and show it."""
        items = self.env["billing.receivable"].search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.id),
                ("kind", "=", "invoice"),
                ("is_overdue", "=", True),
            ]
        )
        return items.move_id.action_billing_charge_late()
