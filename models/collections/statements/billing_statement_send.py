import logging

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

# Each costs about a second for its PDF: what is lost when a job is killed stays small.
BATCH_SIZE = 20


class BillingStatement(models.Model):
    """Sending what was written down, in batches that are transactions of their own.

    The mail and the new state of a statement are one transaction: killed between two of them, the
    job loses nothing and repeats nothing.
    """

    _inherit = "billing.statement"

    @api.model
    def _cron_statements(self):
        """Write down the statements that schedules ask for, then send all that wait."""
        self.env["billing.statement.schedule"].sudo()._run_due()
        self.sudo()._process_planned()

    @api.model
    def _process_planned(self):
        """Put statements that wait into Odoo's mail queue; those that cannot be sent say why."""
        domain = Domain("state", "=", "planned")
        cron = self.env["ir.cron"]
        remaining = self.search_count(domain)
        done = 0
        while batch := self.search(domain & Domain("id", ">", done), order="id", limit=BATCH_SIZE):
            done = batch[-1].id
            batch.try_lock_for_update().filtered_domain(domain)._send()
            remaining = max(remaining - len(batch), 0)
            if not cron._commit_progress(len(batch), remaining=remaining):
                break
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _send(self):
        """Ask the ledger once more, for all of them, and send those that are still needed."""
        statements = self._with_blocks().with_context(billing_writers={})
        needless = statements.filtered(lambda one: one.skips_zero and not one._is_needed())
        needless.write({"state": "cancelled"})
        for statement in statements - needless:
            statement._send_or_fail()

    def _is_needed(self):
        return any(
            block["overdue"] > 0 if self.kind == "overdue" else block["closing"]
            for block in self._get_blocks()
        )

    def _send_or_fail(self):
        """Send this statement; where that is impossible, say why on it and leave the others alone.

        :raise: what Odoo repeats a transaction for
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._send_one()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            self.invalidate_recordset()
            _logger.info("Statement %s cannot be sent", self.id, exc_info=True)
            self.write({"state": "failed", "failure_reason": str(error)})

    def _send_one(self):
        """Put the mail with this statement into the queue.

        :raise UserError: if there is no address to send it to, or no text
        """
        self._get_recipient()._check_billing_address()
        template = self._get_template()
        if not template:
            raise UserError(self.env._("The e-mail template of statements is gone."))
        self.write({"state": "queued", "failure_reason": False})
        self.with_company(self.company_id).with_context(
            mail_notify_force_send=False
        ).message_post_with_source(
            template,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            email_layout_xmlid="mail.mail_notification_layout",
        )

    def _get_template(self):
        """Return the template of the mail: the one chosen, else the one that comes with us."""
        return self.template_id or self.env.ref(
            "billing_crm.mail_template_statement", raise_if_not_found=False
        )

    def _trigger_sending(self):
        """Let the job that sends run now, rather than within the hour."""
        self.env.ref("billing_crm.ir_cron_statements").sudo()._trigger()

    def action_retry(self):
        """Try statements that failed, or never left the queue, again."""
        stuck = self._for_clerk().filtered(lambda one: one.state in ("queued", "failed"))
        stuck._cancel_mails()
        stuck.write({"state": "planned", "failure_reason": False})
        stuck._trigger_sending()

    def action_cancel(self):
        """Do not send these statements after all, as far as they have not gone out."""
        unsent = self._for_clerk().filtered(
            lambda one: one.state in ("planned", "queued", "failed")
        )
        unsent._cancel_mails()
        unsent.write({"state": "cancelled"})

    def _cancel_mails(self):
        """Take back mails that have not gone out, so that nobody sends them by hand later."""
        self.env["mail.mail"].sudo().search(
            [
                ("model", "=", self._name),
                ("res_id", "in", self.ids),
                ("state", "in", ("outgoing", "exception")),
            ]
        ).cancel()

    def _render_summary(self):
        """Return the balances as a table for the mail, in the language of the context."""
        self.ensure_one()
        return self.env["ir.qweb"]._render(
            "billing_crm.statement_mail_summary",
            {"statement": self, "texts": self._get_texts()},
            lang=self.env.lang,
        )
