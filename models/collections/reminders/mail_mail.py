import smtplib
from contextlib import contextmanager

from odoo import models
from odoo.tools import split_every
from odoo.tools.mail import email_normalize_all

from .billing_handover import Witness

# What is paid while so many mails go out is found out before the next ones.
BATCH_SIZE = 50


class MailMail(models.Model):
    _inherit = "mail.mail"

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        # EXTENDS 'mail': what was paid while the mail waited for a server is not asked for
        reminders = self._filter_reminders()
        options = {
            "auto_commit": auto_commit,
            "raise_exception": raise_exception,
            "post_send_callback": post_send_callback,
        }
        result = True
        if self - reminders or not self:
            result = super(MailMail, self - reminders).send(**options)
        for batch in split_every(BATCH_SIZE, reminders.ids, self.browse):
            waiting = batch - batch._settle_handed_over()
            waiting -= waiting._cancel_stale_reminders()
            done_with = waiting.filtered("auto_delete")
            # one by one, Odoo would read everything anew after each
            done_with.auto_delete = False
            while waiting:
                waiting = waiting._send_until_hung_up(super(MailMail, waiting).send, **options)
            done_with.exists().filtered(lambda mail: mail.state == "sent").sudo().unlink()
            if post_send_callback:
                post_send_callback(batch.ids)
        return result

    def _send_until_hung_up(self, send, *, auto_commit, **options):
        """Send these mails; if the mail server hangs up, that costs the mail it hung up on only.

        :return: those that are left to send
        """
        try:
            send(auto_commit=auto_commit, **options)
        except smtplib.SMTPServerDisconnected as error:
            if not auto_commit:
                raise
            self.env.cr.rollback()
            left = self.exists().filtered(lambda mail: mail.state == "outgoing")
            failed, reason = left[:1], str(error)
            failed.write({"state": "exception", "failure_reason": reason})
            failed._postprocess_sent_message(
                success_pids=[], success_emails=[], failure_reason=reason, failure_type="mail_smtp"
            )
            self.env.cr.commit()
            return left - failed
        return self.browse()

    def _send(self, *args, **kwargs):
        # EXTENDS 'mail': from the queue, where each mail is a transaction of its own
        if not kwargs.get("auto_commit") or not kwargs.get("smtp_session"):
            return super()._send(*args, **kwargs)
        with self._witnessed(kwargs["smtp_session"]) as mails:
            return super(MailMail, mails)._send(*args, **kwargs)

    @contextmanager
    def _witnessed(self, session):
        """Return these mails so that what is given to the mail server of ``session`` is noted."""
        reminders = self._filter_reminders()
        if not reminders:
            yield self
            return
        with self.env.registry.cursor() as cr:
            yield self.with_context(billing_witness=Witness(cr, session, reminders))

    def _filter_reminders(self):
        """Return the reminders among these mails, without what else was written to customers."""
        return self.filtered(
            lambda mail: (
                mail.model == "billing.reminder"
                and mail.message_type != "auto_comment"
                and mail._carries_billing_link()
            )
        )

    def _settle_handed_over(self):
        """Mark mails as sent that the mail server took just before a process was killed.

        :return: the mails that nobody is left to send to; they may be deleted
        """
        settled = self.browse()
        taken = self.env["billing.handover"].sudo()._get_addresses(self)
        for mail in self.filtered(lambda mail: mail.id in taken):
            reached = mail.recipient_ids.filtered(
                lambda partner, mail=mail: taken[mail.id] & set(email_normalize_all(partner.email))
            )
            if mail.recipient_ids - reached:
                mail.recipient_ids -= reached
                continue
            settled |= mail
            mail._settle_as_sent()
        return settled

    def _settle_as_sent(self):
        """Do what Odoo does once a mail is sent."""
        plans = self._plan_billing()
        links = (
            self.env["billing.link"]
            .sudo()
            .search([("mail_message_id", "=", self.mail_message_id.id)], order="id")
        )
        plans[self.id].links = {link.recipient_id.id: (link, None) for link in links}
        mail = self.with_context(billing_mail_plans=plans)
        mail.write({"state": "sent", "failure_type": False, "failure_reason": False})
        mail._postprocess_sent_message(success_pids=list(mail.recipient_ids), success_emails=[])

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
