from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CrmLead(models.Model):
    _inherit = "crm.lead"

    billing_plan_ids = fields.One2many("billing.milestone.plan", "lead_id")
    billing_plan_count = fields.Integer(compute="_compute_billing_plan_count")

    def _compute_billing_plan_count(self):
        counts = {}
        if self.env["billing.milestone.plan"].has_access("read"):
            counts = dict(
                self.env["billing.milestone.plan"]._read_group(
                    [("lead_id", "in", self.ids)], ["lead_id"], ["__count"]
                )
            )
        for lead in self:
            lead.billing_plan_count = counts.get(lead, 0)

    def action_new_billing_plan(self):
        """Split what this opportunity is expected to bring into milestones."""
        self.ensure_one()
        if not self.partner_id and not (self.partner_name or self.contact_name or self.email_from):
            raise UserError(
                self.env._(
                    "Enter the customer of «%s» first: someone has to be invoiced.", self.name
                )
            )
        company = self.company_id or self.env.company
        if self._get_billing_currency().compare_amounts(self.expected_revenue, 0.0) <= 0:
            raise UserError(
                self.env._(
                    "Enter the expected revenue of «%s» first: it is what is split.", self.name
                )
            )
        self._handle_partner_assignment(create_missing=True)
        plan = self.env["billing.milestone.plan"].create(
            {
                "company_id": company.id,
                "partner_id": self.partner_id.id,
                "lead_id": self.id,
                "user_id": self.user_id.id or self.env.user.id,
                "currency_id": self._get_billing_currency().id,
                "line_ids": [
                    Command.create({"name": self.name, "price_unit": self.expected_revenue})
                ],
            }
        )
        return plan._get_records_action()

    def _get_billing_currency(self):
        """Return the currency that the expected revenue is in: that of the lead's company."""
        return (self.company_id or self.env.company).currency_id

    def action_view_billing_plans(self):
        """Open the milestone plans of this opportunity."""
        self.ensure_one()
        return self.billing_plan_ids._get_records_action(name=self.env._("Milestone Plans"))
