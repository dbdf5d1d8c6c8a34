from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _send(self, **kwargs):
        # EXTENDS 'mail': what was paid while the mail waited for a server is not asked for
        return super(MailMail, self - self._cancel_stale_reminders())._send(**kwargs)

    def _cancel_stale_reminders(self):
        """Cancel the mails of reminders that are no longer to be sent, and return them."""
        stale = self.browse()
        for mail in self.filtered(lambda mail: mail.model == "billing.reminder"):
            reminder = self.env["billing.reminder"].sudo().browse(mail.res_id).exists()
            if reminder.state in ("queued", "failed") and reminder._get_statement()["is_due"]:
                continue
            stale |= mail
            if reminder.state in ("queued", "failed"):
                reminder._drop()
        if stale:
            stale.cancel()
        return stale
