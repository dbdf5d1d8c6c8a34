from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    billing_reminders_enabled = fields.Boolean(
        string="Send Reminders",
        help="Off until someone switches it on: installing Billing CRM writes to no customer.",
    )
    billing_link_use_credits = fields.Boolean(
        string="Customers may use their credits on the payment page",
        help="Credit notes that are not to be refunded, and payments on account that have arrived. "
        "Otherwise they are shown and deducted, and you set them against invoices yourself.",
    )

    def _get_billing_reminder_policy(self):
        """Return the ladder for customers without another one, or an empty recordset."""
        self.ensure_one()
        # the nearest wins: its own, its parents' from the nearest up, the one for all
        nearest = [*reversed(self.parent_ids.ids), False]
        policies = self.env["billing.reminder.policy"].search(
            [("company_id", "in", nearest), ("applies", "=", "default")]
        )
        return policies.sorted(lambda policy: nearest.index(policy.company_id.id))[:1]
