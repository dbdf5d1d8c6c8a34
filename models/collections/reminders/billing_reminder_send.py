import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

BATCH_SIZE = 50


class BillingReminder(models.Model):
    """Sending what was decided, after asking the ledger once more."""

    _inherit = "billing.reminder"

    @api.model
    def _get_sendable_domain(self):
        """Return the domain of reminders that may go out now."""
        return [
            ("state", "=", "planned"),
            ("company_id.billing_reminders_enabled", "=", True),
            "|",
            ("send_after", "=", False),
            ("send_after", "<=", fields.Datetime.now()),
        ]

    @api.model
    def _process_planned(self):
        """Do what planned reminders ask for, in batches that are transactions of their own."""
        domain = self._get_sendable_domain()
        self._wait_for_hours(domain)
        self._release_held()
        cron = self.env["ir.cron"]
        remaining = self.search_count(domain)
        done = 0
        while batch := self.search(
            Domain(domain) & Domain("id", ">", done), order="id", limit=BATCH_SIZE
        ):
            done = batch[-1].id
            batch.try_lock_for_update().filtered_domain(domain)._send_or_fail()
            remaining -= len(batch)
            if not cron._commit_progress(len(batch), remaining=max(remaining, 0)):
                break
        self._thank()
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _send_or_fail(self):
        """Send these reminders; where that is impossible, say why on it and leave the others alone.

        All at once, and if one of them cannot be sent, one by one.
        """
        try:
            with self.env.cr.savepoint():
                self._send()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            self.invalidate_recordset()
            if len(self) > 1:
                for reminder in self:
                    reminder._send_or_fail()
                return
            _logger.info("Reminder %s cannot be sent", self.id, exc_info=True)
            self.write({"state": "failed", "failure_reason": str(error)})

    def _send(self):
        """Check the ledger once more, then do what the level of each reminder asks for.

        What is done and the new state are one transaction: both happen or neither.
        """
        statements = self._get_statements()
        due = self.filtered(lambda reminder: statements[reminder.id]["is_due"])
        (self - due)._drop()
        due -= due._hold_for_payments()
        for reminder in due:
            reminder.amount = statements[reminder.id]["net"]
        due = due.with_context(billing_statements=statements)
        for (company, _level), batch in due.grouped(
            lambda reminder: (reminder.company_id, reminder.level_id)
        ).items():
            batch.with_company(company)._carry_out()

    def _carry_out(self):
        """Do what the level of these reminders asks for: write to customers, or ask people to act.

        :raise UserError: if something is missing, before anything is done
        """
        level = self.level_id
        if not level:
            raise UserError(
                self.env._("Its level is gone. Cancel it, and what is still due is decided anew.")
            )
        level.ensure_one()  # or customers would get the messages of each other's levels
        if level.send_mail:
            self._check_addresses()
            self._queue_mails(level.mail_template_id)
        if level.send_letter:
            self.write({"letter_state": "to_print"})
        if level.activity_type_id:
            self._ask_people(level)
        if level.sms_text:
            self._send_texts(level)
        if level.send_mail:
            self.write({"state": "queued"})
        else:
            self.write({"state": "waiting"})
            self._go_on()

    def _check_addresses(self):
        """Refuse to write where nothing could arrive.

        :raise UserError: which says in words what to correct
        """
        for reminder in self:
            reminder._get_recipient()._check_billing_address()

    def _drop(self):
        """Close reminders that are not to go out; their installments may be reminded again."""
        self.item_ids.sudo().write({"is_advance": False})
        self.write({"state": "cancelled"})

    def _cancel_mails(self):
        """Take back mails that have not gone out, so that nobody sends them by hand later."""
        mails = (
            self.env["mail.mail"]
            .sudo()
            .search(
                [
                    ("model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("state", "in", ("outgoing", "exception")),
                ]
            )
        )
        mails._filter_reminders().cancel()
