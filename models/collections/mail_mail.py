from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        # EXTENDS 'mail': what was paid while the mail waited for a server is not asked for
        mails = self - self._cancel_stale_reminders()
        return super(MailMail, mails).send(
            auto_commit=auto_commit,
            raise_exception=raise_exception,
            post_send_callback=post_send_callback,
        )

    def _filter_reminders(self):
        """Return the reminders among these mails, without what a clerk wrote in their chatter."""
        return self.filtered(
            lambda mail: mail.model == "billing.reminder" and mail._carries_billing_link()
        )

    def _cancel_stale_reminders(self):
        """Cancel the mails of reminders that are no longer to be sent, and return them."""
        mails = self._filter_reminders()
        reminders = self.env["billing.reminder"].sudo().browse(set(mails.mapped("res_id"))).exists()
        waiting = reminders.filtered(lambda reminder: reminder.state in ("queued", "failed"))
        statements = waiting._get_statements()
        due = waiting.filtered(lambda reminder: statements[reminder.id]["is_due"])
        (waiting - due)._drop()
        due -= due._hold_for_payments()
        stale = mails.filtered(lambda mail: mail.res_id not in due._ids)
        if stale:
            stale.cancel()
        return stale
