from odoo import api, fields, models
from odoo.tools import SQL


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
        as_of = self.env["billing.receivable"]._get_as_of()
        values = {
            "company": company.id,
            "policy": policy.id,
            "as_of": as_of,
            # never twice on one day, whatever the policy says
            "quiet_since": fields.Date.subtract(as_of, days=max(policy.minimum_days_between, 1)),
            "minimum_amount": policy.minimum_amount,
            "uid": self.env.uid,
            "receivable": self.env["billing.receivable"]._table_query,
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
                SELECT id, delay_days, ROW_NUMBER() OVER (ORDER BY delay_days, id) AS step
                  FROM billing_reminder_level WHERE policy_id = %(policy)s
            ),
            open_item AS (
                SELECT * FROM (%(receivable)s) receivable
                 WHERE company_id = %(company)s AND partner_id IS NOT NULL
            ),
            past AS (
                SELECT line_id, MAX(step) AS step
                  FROM billing_reminder_item
                 WHERE company_id = %(company)s AND is_advance
              GROUP BY line_id
            ),
            due AS (
                SELECT open_item.*,
                       COALESCE(past.step, 0) AS step_before,
                       GREATEST(
                           COALESCE(past.step, 0),
                           LEAST(COALESCE(past.step, 0) + 1, reached.step)
                       ) AS step
                  FROM open_item
                  JOIN LATERAL (
                        SELECT MAX(level.step) AS step FROM level
                         WHERE level.delay_days <= open_item.days_overdue
                       ) reached ON reached.step IS NOT NULL
             LEFT JOIN past ON past.line_id = open_item.line_id
                 WHERE open_item.can_be_reminded AND open_item.is_overdue
            ),
            credit AS (
                SELECT partner_id, currency_id, SUM(amount) AS amount FROM (
                    SELECT partner_id, currency_id, -residual_currency AS amount
                      FROM open_item WHERE residual_currency < 0
                     UNION ALL
                    %(unposted_payments)s
                ) given
              GROUP BY partner_id, currency_id
            ),
            customer AS (
                SELECT due.partner_id, due.currency_id,
                       -- a ladder that lost its last rung ends on the one before
                       LEAST(MAX(due.step), (SELECT MAX(step) FROM level)) AS step,
                       SUM(due.residual_currency) - COALESCE(MAX(credit.amount), 0) AS amount
                  FROM due
             LEFT JOIN credit USING (partner_id, currency_id)
              GROUP BY due.partner_id, due.currency_id
                HAVING bool_or(due.step > due.step_before)
                   AND SUM(due.residual_currency) > COALESCE(MAX(credit.amount), 0)
                   AND SUM(due.residual) >= %(minimum_amount)s
            ),
            reminder AS (
                INSERT INTO billing_reminder (
                    company_id, partner_id, currency_id, policy_id, level_id, step, decided_on,
                    state, amount, create_uid, write_uid, create_date, write_date)
                SELECT %(company)s, customer.partner_id, customer.currency_id, %(policy)s,
                       level.id, level.step, %(as_of)s, 'planned', customer.amount,
                       %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM customer
                  JOIN level ON level.step = customer.step
                 WHERE NOT EXISTS (
                        SELECT FROM billing_reminder earlier
                         WHERE earlier.company_id = %(company)s
                           AND earlier.partner_id = customer.partner_id
                           AND CASE WHEN earlier.currency_id = customer.currency_id
                               THEN earlier.state IN ('planned', 'queued', 'failed')
                                    OR earlier.state = 'sent'
                                   AND earlier.decided_on > %(quiet_since)s
                               -- two currencies are two messages, but on the same day
                               ELSE earlier.state IN ('queued', 'sent')
                                    AND earlier.decided_on > %(quiet_since)s
                                    AND earlier.decided_on < %(as_of)s
                               END
                       )
             RETURNING id, partner_id, currency_id
            ),
            item AS (
                INSERT INTO billing_reminder_item (
                    reminder_id, company_id, line_id, currency_id, date_maturity, amount, step,
                    is_advance)
                SELECT reminder.id, %(company)s, due.line_id, due.currency_id, due.date_maturity,
                       due.residual_currency, due.step, due.step > due.step_before
                  FROM reminder
                  JOIN due USING (partner_id, currency_id)
            )
            SELECT id FROM reminder ORDER BY id
            """,
            unposted_payments=self._select_unposted_payments(),
            **values,
        )

    @api.model
    def _select_unposted_payments(self):
        """Return customer payments that are registered but have no journal entry yet.

        They are money the customer has given us, so they are netted like any open credit. Those
        linked to an invoice are known from its payment state already.
        """
        return SQL(
            """
            SELECT partner.commercial_partner_id AS partner_id, payment.currency_id, payment.amount
              FROM account_payment payment
              JOIN res_partner partner ON partner.id = payment.partner_id
             WHERE payment.company_id = %(company)s
               AND payment.move_id IS NULL
               AND payment.state = 'in_process'
               AND payment.payment_type = 'inbound'
               AND payment.partner_type = 'customer'
               AND NOT EXISTS (
                    SELECT FROM account_move__account_payment linked
                     WHERE linked.payment_id = payment.id
                   )
            """,
            company=self.env.company.id,
        )
