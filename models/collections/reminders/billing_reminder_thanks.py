import logging

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, groupby

_logger = logging.getLogger(__name__)

# Later nobody remembers the reminder.
THANK_DAYS = 60


class BillingReminder(models.Model):
    """A thank-you to who has paid what they were reminded of, if the policy has one."""

    _inherit = "billing.reminder"

    thanked_on = fields.Date(readonly=True)

    @api.model
    def _thank(self):
        """Thank every customer once who has paid all that a reminder spoke of."""
        self.env.flush_all()
        thanks = self.env.execute_query(self._select_paid())
        everything = self.browse(id_ for ids, _last in thanks for id_ in ids)
        everything.write({"thanked_on": fields.Date.context_today(self)})
        for policy, reminders in groupby(
            self.browse(last for _ids, last in thanks), lambda one: one.policy_id
        ):
            for reminder in reminders:
                reminder._thank_or_leave(policy.thank_you_template_id)

    def _thank_or_leave(self, template):
        """Queue one thank-you. If it cannot be written, nobody misses it."""
        try:
            with self.env.cr.savepoint():
                self._check_addresses()
                self.with_company(self.company_id)._queue_mails(template, "auto_comment")
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            _logger.info("No thanks for reminder %s", self.id, exc_info=True)

    @api.model
    def _select_paid(self):
        """Return, as SQL, for each customer whom to thank all reminders meant, and the last one.

        Paid by money, at least in part: a debt that was only credited is none that was paid.
        """
        return SQL(
            """
            SELECT array_agg(reminder.id), MAX(reminder.id)
              FROM billing_reminder reminder
              JOIN billing_reminder_policy policy ON policy.id = reminder.policy_id
              JOIN res_company company ON company.id = reminder.company_id
             WHERE reminder.state = 'sent'
               AND reminder.thanked_on IS NULL
               AND reminder.sent_on > now() AT TIME ZONE 'UTC' - %(days)s * INTERVAL '1 day'
               AND policy.thank_you_template_id IS NOT NULL
               AND company.billing_reminders_enabled
               AND NOT EXISTS (
                    SELECT FROM billing_reminder_item item
                      JOIN account_move_line line ON line.id = item.line_id
                      JOIN account_move move ON move.id = line.move_id
                     WHERE item.reminder_id = reminder.id
                       AND NOT (line.reconciled AND move.state = 'posted')
                   )
               AND EXISTS (
                    SELECT FROM billing_reminder_item item
                      JOIN account_partial_reconcile partial ON partial.debit_move_id = item.line_id
                      JOIN account_move_line paid ON paid.id = partial.credit_move_id
                      JOIN account_move payment ON payment.id = paid.move_id
                     WHERE item.reminder_id = reminder.id
                       AND (paid.payment_id IS NOT NULL OR payment.statement_line_id IS NOT NULL)
                   )
          GROUP BY reminder.company_id, reminder.partner_id, reminder.currency_id
            """,
            days=THANK_DAYS,
        )
