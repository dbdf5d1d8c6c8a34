from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_billing_past_due(self):
        """Ask until which day interest is shown, and make the past due documents."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "billing_crm.action_billing_past_due_wizard"
            ),
            "context": {"default_partner_ids": self.commercial_partner_id.ids},
        }
