import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

# How many are worked on before a commit. Sending renders PDFs: a second's work each.
CHUNK = 100
SEND_CHUNK = 10
# A chunk that is worked on by others at the same time is tried this often before giving up.
ATTEMPTS = 5


class BillingBatch(models.Model):
    """Working through batches: in chunks, each committed, whatever happens to a single invoice."""

    _inherit = "billing.batch"

    @api.model
    def _cron_work(self):
        cron = self.env["ir.cron"]
        attempts = 0
        while True:
            try:
                worked = self._work_chunk()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                attempts += 1
                self.env.cr.rollback()
                if attempts == ATTEMPTS:
                    raise
                continue
            attempts = 0
            # where another process has what is left, there is nothing to come back for
            remaining = worked and self.env["billing.batch.line"].search_count(
                [("state", "=", "waiting")]
            )
            if not cron._commit_progress(worked, remaining=remaining) or not remaining:
                break

    @api.model
    def _work_chunk(self):
        """Work on the next lines that nobody else works on; return how many there were.

        The lock is taken first. Who comes second, after a commit, does not get the lines (their
        state was changed since) and is told so by PostgreSQL.
        """
        waiting = self.env["billing.batch.line"].search(
            [("state", "=", "waiting")], order="batch_id, id", limit=CHUNK
        )
        waiting = waiting.try_lock_for_update()
        batch = waiting[:1].batch_id
        lines = waiting.filtered(lambda line: line.batch_id == batch)
        if lines:
            batch._work_on(lines)
            if batch._finish_if_done():
                batch._notify_starter()
        return len(lines)

    def _work_on(self, lines):
        """Do the next step for some waiting lines of this batch."""
        self.ensure_one()
        if self.state == "waiting":
            self.state = "running"
        lines = lines.with_context(lang=self.user_id.lang)
        if self.kind == "create":
            lines._run("_create_drafts")
        else:
            drafts = lines.filtered(lambda line: line.move_id.state == "draft")
            if drafts:
                drafts._sort_out()._run("_post_drafts")
            else:
                lines[:SEND_CHUNK]._sort_out()._run("_send_posted")

    def _finish_if_done(self):
        """Close those of these batches in which nothing waits any more, and return them."""
        finished = self.filtered(
            lambda batch: batch.state != "done" and "waiting" not in batch.line_ids.mapped("state")
        )
        finished.write({"state": "done", "finished_on": fields.Datetime.now()})
        return finished

    def _notify_starter(self):
        """Tell who started it that it is done, with a button that opens the result."""
        batch = self.with_context(lang=self.user_id.lang)
        failed = batch.failed_count
        message = (
            batch.env._("%(count)s of %(total)s failed.", count=failed, total=batch.line_count)
            if failed
            else batch.env._("%s done.", batch.done_count)
        )
        self.user_id.partner_id._bus_send(
            "account_notification",
            {
                "type": "warning" if failed else "success",
                "title": batch.display_name,
                "message": message,
                "action_button": {
                    "name": batch.env._("Open"),
                    "action_name": batch.env._("Batches"),
                    "model": self._name,
                    "res_ids": self.ids,
                },
            },
        )


class BillingBatchLine(models.Model):
    _inherit = "billing.batch.line"

    def _with_starter(self):
        """Return the environment of who started the batch, in its company."""
        batch = self.batch_id
        user = batch.user_id
        return self.env(
            user=user,
            su=False,
            context={
                "allowed_company_ids": batch.company_id.ids,
                "lang": user.lang,
                "tz": user.tz,
                # nothing waits for the mail server here; Odoo's queue does
                "mail_notify_force_send": False,
            },
        )

    def _get_moves(self):
        return self._with_starter()["account.move"].browse(self.move_id.ids)

    def _run(self, step):
        """Do a step for all of these together; where that fails, for each half, and so on.

        :param str step: a method of this model that does all or nothing
        """
        if not self:
            return
        try:
            with self.env.cr.savepoint():
                getattr(self, step)()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            if len(self) > 1:
                middle = len(self) // 2
                self[:middle]._run(step)
                self[middle:]._run(step)
            else:
                self._fail(error)

    def _fail(self, error):
        reason = str(error)
        if not isinstance(error, UserError):
            _logger.error("%s of a batch failed", self.move_id or self.partner_id, exc_info=error)
            reason = self.env._("Something unexpected happened: %s", reason)
        elif self.move_id.state == "posted":
            reason = self.env._("Posted, but not sent. %s", reason)
        self.write({"state": "failed", "reason": reason})

    def _sort_out(self):
        """Close lines with nothing to do, or that a person must look at; return the rest."""
        rest = self.browse()
        for line in self:
            move, kind = line.move_id, line.batch_id.kind
            if not move:
                line.write({"state": "skipped", "reason": line.env._("It was deleted.")})
            elif reason := line._get_reason_to_skip(move, kind):
                line.write({"state": "skipped", "reason": reason})
            elif reason := line._get_obstacle(move):
                line._fail(UserError(reason))
            else:
                rest += line
        return rest

    def _post_drafts(self):
        self._get_moves()._post(soft=True)
        for line in self:
            move = line.move_id
            if move.state != "posted":
                reason = line.env._("It is dated in the future: Odoo posts it when the day comes.")
                line.write({"state": "skipped", "reason": reason})
            elif line.batch_id.kind == "post":
                line.state = "done"

    def _send_posted(self):
        """Send as each customer wants it, with the template and the PDF of each document.

        The mails are rows in Odoo's queue, made in the transaction that says they are: none is
        lost, and none is made twice.
        """
        moves = self._get_moves()
        recipients = {move.id: self._get_recipients(move) for move in moves}
        moves.env["account.move.send"]._generate_and_send_invoices(moves)
        notifications = self.env["mail.notification"].search(
            [
                ("mail_message_id.model", "=", "account.move"),
                ("mail_message_id.res_id", "in", moves.ids),
            ]
        )
        notified = {
            (notification.mail_message_id.res_id, notification.res_partner_id.id)
            for notification in notifications
        }
        for move in moves:
            partners = recipients[move.id]
            if partners and not any((move.id, partner.id) in notified for partner in partners):
                raise UserError(
                    self.env._("Odoo made no e-mail for %s.", ", ".join(partners.mapped("name")))
                )
        self.write({"state": "done", "reason": False})
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    @api.model
    def _get_recipients(self, move):
        """Return who will get an invoice by e-mail; empty if it goes another way.

        :raise UserError: if it is to go by e-mail, and there is no address
        """
        sender = move.env["account.move.send"]
        recipients = move.env["res.partner"]
        if "email" not in self._get_sending_methods(move):
            return recipients
        template = sender._get_default_mail_template_id(move)
        lang = sender._get_default_mail_lang(move, template)
        recipients = sender._get_default_mail_partner_ids(move, template, lang)
        if not recipients.filtered("email"):
            raise UserError(self.env._("%s has no e-mail address.", move.partner_id.display_name))
        return recipients
