from odoo import fields, models


class ResPartner(models.Model):
    """Payment links of a customer."""

    _inherit = "res.partner"

    billing_link_count = fields.Integer(
        string="Working Payment Links",
        compute="_compute_billing_link_count",
        groups="billing_crm.group_billing_user",
    )

    def _compute_billing_link_count(self):
        counts = dict(
            self.env["billing.link"]._read_group(
                [*self._get_billing_link_domain(), ("is_valid", "=", True)],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.billing_link_count = counts.get(partner.commercial_partner_id, 0)

    def _get_billing_link_domain(self):
        return [("partner_id", "in", self.commercial_partner_id.ids)]

    def action_open_billing_links(self):
        """Show the links that were given to these customers."""
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_crm.action_billing_link")
        return {**action, "domain": self._get_billing_link_domain()}

    def action_revoke_billing_links(self):
        """Make every link of these customers stop working."""
        self.check_access("read")
        links = self.env["billing.link"].search(
            [*self._get_billing_link_domain(), ("revoked_on", "=", False)]
        )
        return links.action_revoke()
