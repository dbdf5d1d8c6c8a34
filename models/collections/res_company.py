from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    billing_reminders_enabled = fields.Boolean(
        string="Send Reminders",
        help="Off until someone switches it on: installing Billing CRM writes to no customer.",
    )

    def _get_billing_reminder_policy(self):
        """Return the ladder of this company, or an empty recordset if it has none."""
        self.ensure_one()
        return self.env["billing.reminder.policy"].search(
            [("company_id", "in", (self.id, False))], order="company_id, sequence, id", limit=1
        )
