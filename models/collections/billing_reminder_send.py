import logging

from odoo import api, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL
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
            self.item_ids.sudo().write({"is_advance": False})
            self.state = "cancelled"
            return
        recipient = self._get_recipient()
        if not recipient.email:
            raise UserError(self.env._("%s has no e-mail address.", recipient.display_name))
        self.amount = statement["net"]
        self.with_context(
            lang=recipient.lang or self.env.lang, mail_notify_force_send=False
        ).message_post_with_source(
            self.level_id.mail_template_id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            email_layout_xmlid="mail.mail_notification_layout",
        )
        self.state = "queued"

    def _get_recipient(self):
        """Return the person of this customer who is written to about invoices."""
        self.ensure_one()
        return self.env["res.partner"].browse(self.partner_id.address_get(["invoice"])["invoice"])

    def _get_statement(self):
        """Read from the ledger, now, what this reminder speaks of.

        :return: ``items`` (overdue `billing.receivable` to be paid), ``credits`` (open credits and
            unreconciled payments), the sums ``overdue``, ``credit`` and ``net`` in the reminder's
            currency, and ``is_due``: whether the customer is still to be reminded
        :rtype: dict
        """
        self.ensure_one()
        open_items = self.env["billing.receivable"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("currency_id", "=", self.currency_id.id),
            ]
        )
        items = open_items.filtered(lambda item: item.can_be_reminded and item.is_overdue)
        credits_ = open_items.filtered(lambda item: item.residual_currency < 0)
        unposted = self.env.execute_query(
            SQL(
                "SELECT COALESCE(SUM(amount), 0) FROM (%s) given"
                " WHERE partner_id = %s AND currency_id = %s",
                self._select_unposted_payments(),
                self.partner_id.id,
                self.currency_id.id,
            )
        )[0][0]
        overdue = sum(items.mapped("residual_currency"))
        credit = -sum(credits_.mapped("residual_currency")) + float(unposted)
        net = self.currency_id.round(overdue - credit)
        still_open = self.item_ids.filtered("is_advance").line_id & items.line_id
        return {
            "items": items,
            "credits": credits_,
            "overdue": overdue,
            "credit": credit,
            "net": net,
            "is_due": bool(still_open) and self.currency_id.compare_amounts(net, 0) > 0,
        }

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
