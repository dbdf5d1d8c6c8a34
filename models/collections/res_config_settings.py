from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    billing_reminders_enabled = fields.Boolean(related="company_id.billing_reminders_enabled")
    billing_reminder_start = fields.Selection(related="company_id.billing_reminder_start")
    billing_reminder_start_date = fields.Date(related="company_id.billing_reminder_start_date")
    billing_bookkeeper_id = fields.Many2one(
        related="company_id.billing_bookkeeper_id", readonly=False
    )
    billing_link_use_credits = fields.Boolean(
        related="company_id.billing_link_use_credits", readonly=False
    )

    def action_billing_reminders_on(self):
        """Switch reminders on; the first time, and after a long silence, ask how to begin."""
        self.ensure_one()
        company = self.company_id
        if company._must_choose_reminder_start():
            return self.env["billing.reminder.switch.on"]._open(company)
        company._switch_reminders_on()
        return {"type": "ir.actions.client", "tag": "reload"}

    def action_billing_reminders_off(self):
        """Send nothing more. What is planned stays planned, and is checked before it goes out."""
        self.ensure_one()
        self.company_id.billing_reminders_enabled = False
        return {"type": "ir.actions.client", "tag": "reload"}
