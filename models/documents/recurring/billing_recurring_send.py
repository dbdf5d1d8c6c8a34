import logging

from odoo import api, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

BATCH_SIZE = 20


class BillingRecurringPeriod(models.Model):
    """Sending posted bills, after and apart from posting them.

    The mark and the mail in Odoo's queue are one transaction: both or neither.
    """

    _inherit = "billing.recurring.period"

    @api.model
    def _cron_send(self):
        """Send the posted bills that wait for it, in batches that are committed."""
        cron = self.env["ir.cron"]
        domain = [("send_state", "=", "queued")]
        set_aside = self.browse()
        while waiting := self.search(
            [*domain, ("id", "not in", set_aside.ids)], limit=BATCH_SIZE, order="id"
        ):
            set_aside |= waiting._send_or_split()
            remaining = self.search_count([*domain, ("id", "not in", set_aside.ids)])
            if not cron._commit_progress(len(waiting), remaining=remaining):
                break
            self.env.invalidate_all()

    def _send_or_split(self):
        """Send and commit; one by one if something fails.

        :return: those that wait still
        """
        try:
            waiting = self._send()
            self.env["ir.cron"]._commit_progress()
            return waiting
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()
            if len(self) == 1:
                return self
        except Exception as error:
            self.env.cr.rollback()
            if len(self) == 1:
                _logger.info("The bill of period %s cannot be sent", self.id, exc_info=True)
                self._note_not_sent(str(error))
                self.env["ir.cron"]._commit_progress()
                return self.browse()
        return self.browse().union(*(period._send_or_split() for period in self))

    def _send(self):
        """Put the mails of these bills into Odoo's queue.

        :return: those in another process' hands, or whose bill is not posted yet
        """
        locked = self.try_lock_for_update().filtered_domain([("send_state", "=", "queued")])
        drafts = locked.filtered(lambda period: period.move_id.state == "draft")
        gone = locked.filtered(lambda period: period.move_id.state not in ("draft", "posted"))
        gone.send_state = "cancelled"
        ready = locked - drafts - gone
        ready.send_state = "sent"
        for user, periods in ready.grouped(lambda period: period.recurring_id.user_id).items():
            author = user or self.env.user
            for company, moves in periods.move_id.grouped("company_id").items():
                moves = moves.with_company(company).with_context(mail_notify_force_send=False)
                sending = moves.env["account.move.send"]
                for move in moves:
                    template = move._get_mail_template()
                    lang = sending._get_default_mail_lang(move, template)
                    if not sending._get_default_mail_partner_ids(move, template, lang):
                        raise UserError(
                            self.env._("%s has no e-mail address.", move.partner_id.display_name)
                        )
                sending._generate_and_send_invoices(
                    moves,
                    sending_methods=["email"],
                    author_user_id=author.id,
                    author_partner_id=author.partner_id.id,
                )
        return self - locked | drafts

    def _note_not_sent(self, reason):
        """Say why a bill was not sent, and tell whoever is responsible for the series."""
        self.ensure_one()
        self.write({"send_state": "failed", "send_error": reason})
        self.recurring_id._tell_responsible(
            self.env._("Not sent: %s", self.move_id.display_name), reason
        )
