from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    billing_proforma_count = fields.Integer(
        compute="_compute_billing_proforma_count",
        groups="billing_crm.group_billing_user,sales_team.group_sale_salesman",
    )

    def _compute_billing_proforma_count(self):
        """Count those of a company with those of its contacts, in one query."""
        self.billing_proforma_count = 0
        contacts = self.with_context(active_test=False).search_fetch(
            [("id", "child_of", self.ids)], ["parent_id"]
        )
        for partner, count in self.env["billing.proforma"]._read_group(
            [("partner_id", "in", contacts.ids)], ["partner_id"], ["__count"]
        ):
            while partner:
                if partner in self:
                    partner.billing_proforma_count += count
                partner = partner.parent_id

    def action_view_billing_proformas(self):
        """Open the pro formas of this customer and of everyone who belongs to them."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "billing_crm.action_billing_proforma"
        )
        return {
            **action,
            "domain": [("partner_id", "child_of", self.id)],
            "context": {"default_partner_id": self.id},
        }
