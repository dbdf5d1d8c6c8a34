from odoo import api, models


class BillingReminder(models.Model):
    _inherit = "billing.reminder"

    @api.model
    def _cron_remind(self):
        # EXTENDS: a promise that was not kept until last night is known before it is decided
        self.env["billing.promise"]._cron_judge()
        return super()._cron_remind()

    def action_promise(self):
        """Open the form in which a promise for what is due is written down."""
        self.ensure_one()
        return self.env["billing.promise.wizard"]._open(self)

    def action_pause(self):
        """Open the form in which reminders to this customer are paused."""
        self.ensure_one()
        return self.partner_id.with_company(self.company_id).action_pause()
