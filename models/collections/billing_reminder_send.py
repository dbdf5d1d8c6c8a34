import logging

from odoo import api, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools.misc import format_amount

_logger = logging.getLogger(__name__)

BATCH_SIZE = 50


class BillingReminder(models.Model):
    """Sending what was decided, after asking the ledger once more."""

    _inherit = "billing.reminder"

    @api.model
    def _process_planned(self):
        """Hand planned reminders to the mail queue, each in its own transaction."""
        domain = [
            ("state", "=", "planned"),
            ("company_id.billing_reminders_enabled", "=", True),
        ]
        cron = self.env["ir.cron"]
        remaining = self.search_count(domain)
        for reminder in self.search(domain, order="id", limit=BATCH_SIZE):
            reminder = reminder[0].try_lock_for_update().filtered_domain(domain)
            if reminder:
                reminder._send_or_fail()
            remaining -= 1
            if not cron._commit_progress(1, remaining=max(remaining, 0)):
                break
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _send_or_fail(self):
        """Send one reminder; if that is impossible, say why on it and leave the others alone."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._send()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            _logger.info("Reminder %s cannot be sent", self.id, exc_info=True)
            self.write({"state": "failed", "failure_reason": str(error)})

    def _send(self):
        """Check the ledger once more, then put the mail into Odoo's queue.

        Mail and new state are one transaction: both happen or neither.
        """
        self.ensure_one()
        self = self.with_company(self.company_id)
        statement = self._get_statement()
        if not statement["is_due"]:
            self._drop()
            return
        recipient = self._get_recipient()
        if not recipient.email:
            raise UserError(self.env._("%s has no e-mail address.", recipient.display_name))
        self.amount = statement["net"]
        message = self.with_context(
            lang=recipient.lang or self.env.lang, mail_notify_force_send=False
        ).message_post_with_source(
            self.level_id.mail_template_id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            email_layout_xmlid="mail.mail_notification_layout",
        )
        # an archived contact, or a user who reads in Odoo: the message is posted, but no mail made
        mails = self.env["mail.mail"].sudo().search([("mail_message_id", "in", message.ids)])
        if recipient not in mails.recipient_ids:
            raise UserError(self.env._("Odoo made no e-mail for %s.", recipient.display_name))
        self.state = "queued"

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

    def _get_recipient(self):
        """Return the person of this customer who is written to about invoices."""
        self.ensure_one()
        return self.env["res.partner"].browse(self.partner_id.address_get(["invoice"])["invoice"])

    def _get_statement(self):
        """Return what the ledger says now of what this reminder speaks of.

        :return: the values of `_get_due_now` of `billing.receivable`, and ``is_due``: whether the
            customer is still to be reminded
        :rtype: dict
        """
        self.ensure_one()
        due = self.env["billing.receivable"]._get_due_now(
            self.company_id, self.partner_id, self.currency_id
        )
        still_open = self.item_ids.filtered("is_advance").line_id & due["items"].line_id
        is_due = (
            bool(still_open)
            and self.currency_id.compare_amounts(due["net"], 0) > 0
            and due["net_company"] >= self.policy_id.minimum_amount
        )
        return {**due, "is_due": is_due}

    def _render_statement(self):
        """Return the table of open items for the mail, in the language of the context."""
        self.ensure_one()
        return self.env["ir.qweb"]._render(
            "billing_crm.reminder_statement",
            {"reminder": self, "statement": self._get_statement()},
            lang=self.env.lang,
        )

    def _format_net_amount(self):
        """Return what the customer is asked for, as text, for subject lines."""
        self.ensure_one()
        return format_amount(self.env, self.amount, self.currency_id)
