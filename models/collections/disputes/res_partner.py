from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    billing_dispute_count = fields.Integer(
        string="Open Disputes",
        compute="_compute_billing_dispute_count",
        groups="billing_crm.group_billing_user,sales_team.group_sale_salesman",
    )

    @api.depends_context("company", "uid")
    def _compute_billing_dispute_count(self):
        """One query for all customers, through the record rules of whoever looks."""
        counts = dict(
            self.env["billing.dispute"]._read_group(
                [
                    ("partner_id", "in", self.commercial_partner_id.ids),
                    ("company_id", "=", self.env.company.id),
                    ("state", "=", "open"),
                ],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.billing_dispute_count = counts.get(partner.commercial_partner_id, 0)

    def action_open_billing_disputes(self):
        """Open the disputes of this customer; of a contact, of its company."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_crm.action_billing_dispute")
        return {**action, "domain": [("partner_id", "=", self.commercial_partner_id.id)]}

    def action_dispute(self):
        """Enter that the customer contests an invoice, which is to be chosen."""
        self.ensure_one()
        invoices = self.env["account.move"].search(
            [
                ("commercial_partner_id", "=", self.commercial_partner_id.id),
                ("company_id", "=", self.env.company.id),
                ("move_type", "in", ("out_invoice", "out_receipt")),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
            ]
        )
        return invoices.action_billing_dispute()
