from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CrmLead(models.Model):
    _inherit = "crm.lead"

    billing_proforma_ids = fields.One2many("billing.proforma", "lead_id", string="Pro Formas")
    billing_proforma_count = fields.Integer(compute="_compute_billing_proforma_count")

    def _compute_billing_proforma_count(self):
        counts = dict(
            self.env["billing.proforma"]._read_group(
                [("lead_id", "in", self.ids)], ["lead_id"], ["__count"]
            )
        )
        for lead in self:
            lead.billing_proforma_count = counts.get(lead._origin, 0)

    def action_new_billing_proforma(self):
        """Open a new pro forma with the customer and the expected revenue of this opportunity."""
        self.ensure_one()
        if not self.partner_id:
            raise UserError(self.env._("Choose the customer of this opportunity first."))
        company = self.company_id or self.env.company
        lines = []
        if self.expected_revenue:
            lines.append(Command.create({"name": self.name, "price_unit": self.expected_revenue}))
        return {
            "type": "ir.actions.act_window",
            "res_model": "billing.proforma",
            "view_mode": "form",
            "name": self.env._("New Pro Forma"),
            "context": {
                "default_lead_id": self.id,
                "default_partner_id": self.partner_id.id,
                "default_user_id": self.user_id.id or self.env.uid,
                "default_company_id": company.id,
                "default_currency_id": self.company_currency.id,
                "default_line_ids": lines,
            },
        }

    def action_view_billing_proformas(self):
        """Open the pro formas of this opportunity."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "billing_crm.action_billing_proforma"
        )
        return {
            **action,
            "domain": [("lead_id", "=", self.id)],
            "context": {"default_lead_id": self.id, "default_partner_id": self.partner_id.id},
        }
