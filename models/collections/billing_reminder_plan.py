from odoo import api, fields, models
from odoo.tools import SQL

from .billing_reminder import OPEN_STATES


class BillingReminder(models.Model):
    """Deciding who is reminded: one statement for a company, however many customers it has."""

    _inherit = "billing.reminder"

    @api.model
    def _plan(self, company):
        """Write one planned reminder for each customer and currency that is due for one.

        An installment climbs one rung at a time, however old it is, so that a ledger
        on which reminders are switched on for the first time starts gently. A customer gets the
        text of the highest rung that any of their due installments stands on.

        :return: the planned reminders
        """
        policy = company._get_billing_reminder_policy()
        if not policy.level_ids or not self._lock_planning(company):
            return self.browse()
        self.env.flush_all()
        receivable = self.env["billing.receivable"]
        as_of = receivable._get_as_of()
        companies = receivable._get_credit_companies(company)
        values = {
            "company": company.id,
            "companies": tuple(companies.ids),
            "unposted_payments": receivable._select_unposted_payments(companies),
            "policy": policy.id,
            "as_of": as_of,
            # never twice on one day, whatever the policy says
            "quiet_since": fields.Date.subtract(as_of, days=max(policy.minimum_days_between, 1)),
            "minimum_amount": policy.minimum_amount,
            "uid": self.env.uid,
            "receivable": receivable._table_sql,
            "next_rung": self._next_rung_to_sql(company),
        }
        reminders = self.browse(
            row[0] for row in self.env.execute_query(self._insert_reminders(**values))
        )
        self.invalidate_model()
        return reminders

    @api.model
    def _lock_planning(self, company):
        """Let one transaction at a time decide for a company; the others leave it to that one."""
        key = SQL("SELECT pg_try_advisory_xact_lock(hashtext('billing.reminder'), %s)", company.id)
        return self.env.execute_query(key)[0][0]

    @api.model
    def _insert_reminders(self, **values):
        """One statement that reads the open items, decides, and writes reminders and items."""
        return SQL(
            """
            WITH level AS (
                SELECT id, delay_days, ROW_NUMBER() OVER (ORDER BY delay_days) AS step
                  FROM billing_reminder_level WHERE policy_id = %(policy)s
            ),
            open_item AS (
                SELECT * FROM %(receivable)s receivable
                 WHERE company_id IN %(companies)s AND partner_id IS NOT NULL
            ),
            past AS (
                SELECT line_id, share_id, MAX(delay_days) AS delay_days
                  FROM billing_reminder_item
                 WHERE company_id = %(company)s AND is_advance
              GROUP BY line_id, share_id
            ),
            due AS (
                SELECT open_item.*,
                       next.delay_days IS NOT NULL AS is_advance,
                       COALESCE(next.delay_days, past.delay_days) AS rung
                  FROM open_item
             LEFT JOIN past USING (line_id, share_id)
             LEFT JOIN LATERAL (
                        SELECT %(next_rung)s AS delay_days FROM level
                         WHERE level.delay_days <= open_item.days_overdue
                           AND level.delay_days > COALESCE(past.delay_days, 0)
                       ) next ON TRUE
                 WHERE open_item.company_id = %(company)s
                   AND open_item.can_be_reminded AND open_item.is_overdue
                   AND NOT open_item.is_left_alone
                   AND COALESCE(next.delay_days, past.delay_days) IS NOT NULL
            ),
            credit AS (
                SELECT partner_id, currency_id, GREATEST(SUM(amount), 0) AS amount FROM (
                    SELECT partner_id, currency_id, -residual_currency AS amount
                      FROM open_item WHERE is_credit
                     UNION ALL
                    %(unposted_payments)s
                ) given
              GROUP BY partner_id, currency_id
            ),
            customer AS (
                SELECT due.partner_id, due.currency_id,
                       MAX(due.rung) AS rung,
                       SUM(due.chased_currency) - COALESCE(MAX(credit.amount), 0) AS amount
                  FROM due
             LEFT JOIN credit USING (partner_id, currency_id)
              GROUP BY due.partner_id, due.currency_id
                HAVING bool_or(due.is_advance)
                   AND SUM(due.chased_currency) > COALESCE(MAX(credit.amount), 0)
                   -- what is left of the debt, in the company's currency
                   AND SUM(due.chased)
                       * (1 - COALESCE(MAX(credit.amount), 0) / SUM(due.chased_currency))
                       >= %(minimum_amount)s
            ),
            reminder AS (
                INSERT INTO billing_reminder (
                    company_id, partner_id, currency_id, policy_id, level_id, step, decided_on,
                    state, amount, create_uid, write_uid, create_date, write_date)
                SELECT %(company)s, customer.partner_id, customer.currency_id, %(policy)s,
                       spoken.id, spoken.step, %(as_of)s, 'planned', customer.amount,
                       %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM customer
                  -- the rung may be gone from the ladder: then the one below it speaks
                  JOIN LATERAL (
                        SELECT id, step FROM level
                      ORDER BY delay_days > customer.rung, abs(delay_days - customer.rung)
                         LIMIT 1
                       ) spoken ON TRUE
                 WHERE NOT EXISTS (
                        SELECT FROM billing_reminder earlier
                         WHERE earlier.company_id = %(company)s
                           AND earlier.partner_id = customer.partner_id
                           AND CASE WHEN earlier.currency_id = customer.currency_id
                               THEN earlier.state IN %(open_states)s
                                    OR earlier.state = 'sent'
                                   AND %(contact)s > %(quiet_since)s
                               -- two currencies are two messages, but on the same day
                               ELSE earlier.state IN ('queued', 'sent')
                                    AND %(contact)s > %(quiet_since)s
                                    AND %(contact)s < %(as_of)s
                               END
                       )
             RETURNING id, partner_id, currency_id
            ),
            item AS (
                INSERT INTO billing_reminder_item (
                    reminder_id, company_id, line_id, currency_id, date_maturity, amount,
                    delay_days, is_advance, share_id)
                SELECT reminder.id, %(company)s, due.line_id, due.currency_id, due.date_maturity,
                       due.chased_currency, due.rung, due.is_advance, due.share_id
                  FROM reminder
                  JOIN due USING (partner_id, currency_id)
            )
            SELECT id FROM reminder ORDER BY id
            """,
            # a reminder that failed first may have gone out long after it was decided
            contact=SQL("GREATEST(earlier.sent_on::date, earlier.decided_on)"),
            open_states=OPEN_STATES,
            **values,
        )
