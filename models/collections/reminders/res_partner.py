from odoo import api, fields, models


class ResPartner(models.Model):
    """How a customer is reminded, if not like the others."""

    _inherit = "res.partner"

    billing_reminder_policy_id = fields.Many2one(
        "billing.reminder.policy",
        string="Reminder Policy",
        company_dependent=True,
        ondelete="restrict",
        groups="billing_crm.group_billing_user",
        help="Leave empty to let the conditions of the policies decide.",
    )
    billing_reminder_mode = fields.Selection(
        selection=lambda self: self.env["billing.reminder.policy"]._fields["mode"].selection,
        string="Sending Reminders",
        company_dependent=True,
        groups="billing_crm.group_billing_user",
        help="Leave empty to do as the policy says.",
    )
    billing_applied_policy_id = fields.Many2one(
        "billing.reminder.policy",
        string="Policy in Use",
        compute="_compute_billing_applied_policy_id",
        groups="billing_crm.group_billing_user",
        help="The ladder on which this customer's overdue invoices climb today.",
    )

    @api.depends("billing_reminder_policy_id", "country_id", "category_id", "user_id")
    @api.depends_context("company")
    def _compute_billing_applied_policy_id(self):
        policies = self.env["billing.reminder.policy"]._get_customer_policies(
            self.env.company, self.commercial_partner_id
        )
        for partner in self:
            partner.billing_applied_policy_id = policies.get(partner.commercial_partner_id.id)
