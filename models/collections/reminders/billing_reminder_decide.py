from odoo import api, models
from odoo.tools import SQL

from .billing_reminder_change import GROUND


class BillingReminder(models.Model):
    """The rules of the ladder, as one query: who hears from us, about what, on which rung."""

    _inherit = "billing.reminder"

    @api.model
    def _select_decision(self, company):
        """Return, as SQL, the common table expressions that end in ``customer`` and ``due``.

        ``customer`` has one row for each customer and currency to write to, ``due`` the
        installments that the message speaks of.
        """
        receivable = self.env["billing.receivable"]
        policy = self.env["billing.reminder.policy"]
        companies = receivable._get_credit_companies(company)
        return SQL(
            """
            policy AS (%(policies)s),
            level AS (
                SELECT id, policy_id, delay_days,
                       ROW_NUMBER() OVER (PARTITION BY policy_id ORDER BY delay_days) AS step
                  FROM billing_reminder_level
            ),
            open_item AS MATERIALIZED (
                SELECT company_id, partner_id, currency_id, line_id, share_id, date_maturity,
                       %(as_of)s - date_maturity AS age, residual_currency, is_credit,
                       chased_currency, chased, promise_broken_on,
                       company_id = %(company)s AND can_be_reminded AND NOT is_left_alone
                           AS is_chased
                  FROM %(receivable)s receivable
                 WHERE company_id IN %(companies)s AND partner_id IS NOT NULL
                   AND (is_credit OR can_be_reminded)
            ),
            debtor AS (
                SELECT partner_id, SUM(chased) FILTER (WHERE age > 0) AS overdue
                  FROM open_item WHERE is_chased
              GROUP BY partner_id
            ),
            choice AS MATERIALIZED (%(choice)s),
            position AS MATERIALIZED (%(positions)s),
            credit AS (%(credits)s),
            debt AS (
                SELECT partner_id, currency_id,
                       COALESCE(SUM(chased_currency) FILTER (WHERE age > 0), 0) AS overdue
                  FROM position
              GROUP BY partner_id, currency_id
            ),
            due AS MATERIALIZED (%(due)s),
            told AS (
                SELECT due.partner_id, due.currency_id, COUNT(DISTINCT earlier.id) AS messages
                  FROM due
                  JOIN policy ON policy.id = due.policy_id AND policy.maximum_count > 0
                  JOIN billing_reminder_item item ON item.line_id = due.line_id
                  JOIN billing_reminder earlier
                    ON earlier.id = item.reminder_id AND earlier.state IN ('queued', 'sent')
              GROUP BY due.partner_id, due.currency_id
            ),
            customer AS (%(customers)s)
            """,
            policies=policy._select_policies(company),
            choice=policy._select_choice(company),
            receivable=receivable._table_sql,
            company=company.id,
            companies=tuple(companies.ids),
            as_of=receivable._get_as_of(),
            positions=self._select_positions(company),
            credits=receivable._select_credits(companies),
            due=self._select_due(),
            customers=self._select_customers(),
        )

    @api.model
    def _select_positions(self, company):
        """Return, as SQL, on which rung of whose ladder each installment stands now.

        What falls due later is told the latest rung its date has reached: it is of no use to
        announce the same day three times. What is overdue climbs one rung at a time, however old
        it is, unless it is past a promise (a rung more, whatever the day) or somebody chose the
        next rung by hand.
        """
        return SQL(
            """
            SELECT open_item.partner_id, open_item.currency_id, open_item.line_id,
                   open_item.share_id, open_item.date_maturity, open_item.age,
                   open_item.chased_currency, open_item.chased,
                   choice.policy_id, choice.mode, stand.round,
                   next.delay_days IS NOT NULL AS is_advance,
                   COALESCE(next.delay_days, NULLIF(stand.delay_days, %(ground)s)) AS rung
              FROM open_item
              JOIN choice ON choice.partner_id = open_item.partner_id
              JOIN policy ON policy.id = choice.policy_id
              %(stand)s
              LEFT JOIN LATERAL (
                    SELECT open_item.age > 0 AND open_item.promise_broken_on IS NOT NULL
                           AND NOT EXISTS (
                                SELECT FROM billing_reminder_item said
                                  JOIN billing_reminder ON billing_reminder.id = said.reminder_id
                                 WHERE said.line_id = open_item.line_id
                                   AND said.share_id = open_item.share_id
                                   AND said.is_advance
                                   AND billing_reminder.decided_on >= open_item.promise_broken_on
                           ) AS is_broken
                   ) promise ON TRUE
              LEFT JOIN LATERAL (
                    SELECT CASE
                           WHEN change.kind = 'next' AND change.next_days > stand.delay_days
                           THEN CASE WHEN open_item.age > 0 THEN change.next_days END
                           WHEN promise.is_broken THEN MIN(level.delay_days)
                           WHEN open_item.age > 0 THEN %(next_rung)s
                           ELSE MAX(level.delay_days) END AS delay_days
                      FROM unnest(policy.delays) AS level (delay_days)
                     WHERE level.delay_days > stand.delay_days
                       AND (level.delay_days <= open_item.age OR promise.is_broken)
                       AND (level.delay_days > 0) = (open_item.age > 0)
                   ) next ON TRUE
             WHERE open_item.is_chased
            """,
            ground=GROUND,
            stand=self._join_stand(),
            next_rung=self._next_rung_to_sql(company),
        )

    @api.model
    def _select_due(self):
        """Return, as SQL, the installments a message to their customer would speak of.

        While something overdue is left after credits, of nothing else; and never of what has not
        reached the first rung. Else of what falls due soon; credits have then paid for what is
        overdue first.
        """
        return SQL(
            """
            SELECT position.*,
                   CASE WHEN debt.overdue > COALESCE(credit.amount, 0)
                        THEN COALESCE(credit.amount, 0)
                        ELSE COALESCE(credit.amount, 0) - debt.overdue END AS credit
              FROM position
              JOIN debt USING (partner_id, currency_id)
         LEFT JOIN credit USING (partner_id, currency_id)
             WHERE CASE WHEN debt.overdue > COALESCE(credit.amount, 0)
                        THEN position.age > 0 AND position.rung > 0
                        ELSE position.age <= 0 AND position.rung IS NOT NULL END
            """
        )

    @api.model
    def _select_customers(self):
        """Return, as SQL, one row for each message: to whom, on which rung, for how much.

        The rung is the highest that is climbed with this message. A higher one on which another
        installment stands already has been said, and is not said again because of a newer invoice.
        """
        return SQL(
            """
            SELECT asked.*, policy.holdout_percent,
                   -- never twice on one day, whatever the policy says
                   GREATEST(policy.minimum_days_between, 1) AS quiet_days
              FROM (
                    SELECT partner_id, currency_id, policy_id, mode,
                           MAX(rung) FILTER (WHERE is_advance) AS rung,
                           SUM(chased_currency) - MAX(credit) AS amount,
                           -- what is left of the debt, in the company's currency
                           SUM(chased) * (1 - MAX(credit) / SUM(chased_currency)) AS worth
                      FROM due
                  GROUP BY partner_id, currency_id, policy_id, mode
                    HAVING bool_or(is_advance) AND SUM(chased_currency) > MAX(credit)
                   ) asked
              JOIN policy ON policy.id = asked.policy_id
         LEFT JOIN told USING (partner_id, currency_id)
             WHERE asked.worth >= policy.minimum_amount
               AND (policy.maximum_count = 0
                    OR COALESCE(told.messages, 0) < policy.maximum_count)
            """
        )
