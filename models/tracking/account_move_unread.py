import logging

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

BATCH_SIZE = 100
ACTIVITY = "billing_crm.mail_activity_type_unread"


class AccountMove(models.Model):
    """Asking the salesperson to look after an invoice that nobody has read."""

    _inherit = "account.move"

    @api.model
    def _cron_look_after_unread(self):
        """Leave an activity for each invoice not read for long, and remove those not needed.

        In the companies that switched it on, once for an invoice, in batches. An invoice that
        causes an error is left for the next run and does not stop the others.
        """
        self._remove_needless_unread_activities()
        failed = self.browse()
        while moves := self.search(
            self._unread_domain() & Domain("id", "not in", failed.ids), order="id", limit=BATCH_SIZE
        ):
            failed |= moves._look_after_unread()
            remaining = self.search_count(self._unread_domain()) - len(failed)
            if not self.env["ir.cron"]._commit_progress(len(moves), remaining=max(remaining, 0)):
                break

    @api.model
    def _unread_domain(self):
        return Domain(
            [
                ("company_id.billing_unread_activity", "=", True),
                ("move_type", "in", ("out_invoice", "out_receipt")),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
                ("invoice_user_id.active", "=", True),
                ("billing_event_ids", "not any", [("kind", "=", "unread")]),
                ("billing_reading", "=", "unread_long"),
            ]
        )

    def _look_after_unread(self):
        """Leave the activities of a batch, one by one if together is impossible.

        :return: the invoices for which it was not possible
        """
        try:
            with self.env.cr.savepoint():
                self._leave_unread_activities()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            if len(self) > 1:
                return self.browse().union(*(move._look_after_unread() for move in self))
            _logger.warning("No activity for the unread invoice %s", self.id, exc_info=True)
            return self
        return self.browse()

    def _leave_unread_activities(self):
        # the event first: its unique index stops whoever does the same at the same time
        self.env["billing.event"]._log(self, "unread")
        today = fields.Date.context_today(self)
        for user, moves in self.grouped("invoice_user_id").items():
            moves.with_context(
                lang=user.lang or self.env.lang, mail_activity_quick_update=True
            ).activity_schedule(ACTIVITY, today, user_id=user.id)

    def _close_unread_activities(self):
        """Remove the activities of invoices that are read or paid by now."""
        watched = self.filtered(lambda move: move.company_id.sudo().billing_unread_activity)
        if watched:
            watched.sudo().activity_unlink([ACTIVITY])

    @api.model
    def _remove_needless_unread_activities(self):
        """Remove what nobody noticed to be needless: paid by credit, cancelled, switched off …"""
        activity_type = self.env.ref(ACTIVITY, raise_if_not_found=False)
        if not activity_type:
            return
        activities = self.env["mail.activity"].search(
            [("activity_type_id", "=", activity_type.id), ("res_model", "=", self._name)]
        )
        needed = self.search(
            Domain("id", "in", activities.mapped("res_id"))
            & Domain("state", "=", "posted")
            & Domain("payment_state", "in", ("not_paid", "partial"))
            & Domain("company_id.billing_unread_activity", "=", True)
            & Domain("billing_reading", "in", ("unread", "unread_long"))
        )
        activities.filtered(lambda activity: activity.res_id not in needed.ids).unlink()
