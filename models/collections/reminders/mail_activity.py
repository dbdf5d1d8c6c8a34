from odoo import models


class MailActivity(models.Model):
    """A ladder that waits for an activity goes on when it is done, or cancelled."""

    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        # EXTENDS 'mail'
        reminders = self._find_waiting_reminders()
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        reminders._go_on()
        return result

    def unlink(self):
        # EXTENDS 'mail'
        self._find_waiting_reminders()._person_gave_up()
        return super().unlink()

    def _find_waiting_reminders(self):
        if "billing.reminder" not in self.mapped("res_model"):
            return self.env["billing.reminder"].sudo()
        domain = [("activity_id", "in", self.ids), ("state", "=", "waiting")]
        return self.env["billing.reminder"].sudo().search(domain)
