from odoo import api, models
from odoo.tools import SQL

from .billing_reminder import OPEN_STATES
from .billing_reminder_change import GROUND


class BillingReminder(models.Model):
    """Deciding who is reminded: one statement for a company, however many customers it has."""

    _inherit = "billing.reminder"

    @api.model
    def _plan(self, company):
        """Write one reminder for each customer and currency that is due for one.

        :return: the new reminders: to be approved, planned, or left out on purpose
        """
        if not self._lock_planning(company):
            return self.browse()
        self.env.flush_all()
        with self.env["billing.receivable"]._joining_large_sets():
            rows = self.env.execute_query(self._insert_reminders(company))
        self.invalidate_model()
        return self.browse(row[0] for row in rows)

    @api.model
    def _lock_planning(self, company):
        """Let one transaction at a time decide for a company; the others leave it to that one."""
        key = SQL("SELECT pg_try_advisory_xact_lock(hashtext('billing.reminder'), %s)", company.id)
        return self.env.execute_query(key)[0][0]

    @api.model
    def _insert_reminders(self, company):
        """One statement that reads the open items, decides, and writes reminders and items."""
        return SQL(
            """
            WITH %(decision)s,
            reminder AS (
                INSERT INTO billing_reminder (
                    company_id, partner_id, currency_id, policy_id, level_id, step, decided_on,
                    state, amount, create_uid, write_uid, create_date, write_date)
                SELECT %(company)s, customer.partner_id, customer.currency_id, customer.policy_id,
                       spoken.id, spoken.step, %(as_of)s, %(state)s, customer.amount,
                       %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM customer
                  -- the rung may be gone from the ladder: then the one below it speaks
                  JOIN LATERAL (
                        SELECT id, step FROM level
                         WHERE level.policy_id = customer.policy_id
                           AND (level.delay_days > 0) = (customer.rung > 0)
                      ORDER BY delay_days > customer.rung, abs(delay_days - customer.rung)
                         LIMIT 1
                       ) spoken ON TRUE
                 WHERE NOT EXISTS (%(earlier)s)
             RETURNING id, partner_id, currency_id
            ),
            item AS (
                INSERT INTO billing_reminder_item (
                    reminder_id, company_id, line_id, share_id, currency_id, date_maturity, amount,
                    round, delay_days, is_advance)
                SELECT reminder.id, %(company)s, due.line_id, due.share_id, due.currency_id,
                       due.date_maturity, due.chased_currency, due.round, due.rung, due.is_advance
                  FROM reminder
                  JOIN due USING (partner_id, currency_id)
            )
            SELECT id FROM reminder ORDER BY id
            """,
            decision=self._select_decision(company),
            earlier=self._select_earlier(company),
            state=self._new_state_to_sql(),
            company=company.id,
            as_of=self.env["billing.receivable"]._get_as_of(),
            uid=self.env.uid,
        )

    @api.model
    def _select_earlier(self, company):
        """Return, as SQL, the reminders because of which ``customer`` gets none now."""
        as_of = self.env["billing.receivable"]._get_as_of()
        return SQL(
            """
            SELECT FROM billing_reminder earlier
             WHERE earlier.company_id = %(company)s
               AND earlier.partner_id = customer.partner_id
               AND CASE WHEN earlier.currency_id = customer.currency_id
                   THEN earlier.state IN %(open_states)s
                        OR earlier.state IN ('sent', 'withheld', 'rejected')
                       AND %(contact)s > %(as_of)s - customer.quiet_days
                   -- two currencies are two messages, but on the same day
                   ELSE earlier.state IN ('queued', 'sent', 'withheld', 'rejected')
                        AND %(contact)s > %(as_of)s - customer.quiet_days
                        AND %(contact)s < %(as_of)s
                   END
            """,
            company=company.id,
            # a reminder that failed first may have gone out long after it was decided
            contact=SQL("GREATEST(earlier.sent_on::date, earlier.decided_on)"),
            open_states=OPEN_STATES,
            as_of=as_of,
        )

    @api.model
    def _new_state_to_sql(self):
        """Return, as SQL, in which state a reminder to ``customer`` begins.

        Who is in the hold-out group follows from who they are, so it is the same at every run.
        """
        return SQL(
            """CASE WHEN ('x' || left(md5(customer.policy_id || '-' || customer.partner_id), 7)
                         )::bit(28)::int %% 100 < customer.holdout_percent THEN 'withheld'
                    WHEN customer.mode = 'approve' THEN 'proposed'
                    ELSE 'planned' END"""
        )

    @api.model
    def _join_stand(self, only=None):
        """Return, as SQL, on which rung (``stand``) each row of ``open_item`` stands.

        :param only: a further condition on what has been said of it, ``past``
        """
        return SQL(
            """
            LEFT JOIN LATERAL (
                    SELECT round, stand_days, next_days, kind FROM billing_reminder_change
                     WHERE line_id = open_item.line_id AND share_id = open_item.share_id
                  ORDER BY id DESC LIMIT 1
                   ) change ON TRUE
            LEFT JOIN LATERAL (
                    SELECT COALESCE(change.round, 0) AS round,
                           GREATEST(MAX(past.delay_days), change.stand_days, %(ground)s)
                               AS delay_days
                      FROM billing_reminder_item past
                     WHERE past.line_id = open_item.line_id
                       AND past.share_id = open_item.share_id
                       AND past.round = COALESCE(change.round, 0)
                       AND past.is_advance
                       %(only)s
                   ) stand ON TRUE
            """,
            only=only or SQL(),
            ground=GROUND,
        )
