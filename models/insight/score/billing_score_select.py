from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from . import constants
from .constants import delay_to_score, score_to_grade


class BillingScore(models.Model):
    """What the score of every customer of a company is, as SQL: today, or on any past day."""

    _inherit = "billing.score"

    @api.model
    def _delay_to_score(self, delay):
        return delay_to_score(delay)

    @api.model
    def _score_to_grade(self, score):
        return score_to_grade(score)

    @api.model
    def _with_scored(self, company):
        """Return the common table expressions that end with ``scored``, one row a customer.

        Of `_get_as_of` of `billing.receivable` in the company's zone.
        """
        receivable = self.env["billing.receivable"]
        settlement = self.env["billing.settlement"]
        as_of = receivable._get_as_of()
        return SQL(
            """
            unscored AS MATERIALIZED (
                SELECT customer.id FROM res_partner customer WHERE %(no_scoring)s
            ),
            open_item AS MATERIALIZED (
                SELECT partner_id, residual, days_overdue, %(is_late)s AS is_late
                  FROM %(receivable)s receivable
                 WHERE company_id = %(company)s AND partner_id IS NOT NULL
            ),
            reminded AS (%(reminded)s),
            observed AS MATERIALIZED (
                SELECT settlement.partner_id,
                       TRUE AS is_settled,
                       settlement.days_late AS all_days,
                       GREATEST(LEAST(settlement.days_late, %(latest)s), %(earliest)s) AS days,
                       power(
                           0.5::float,
                           (%(as_of)s - settlement.settled_date)::float / %(half_life)s
                       ) AS weight,
                       settlement.settled_date > %(facts_since)s AS is_recent,
                       reminded.times
                  FROM %(settlement)s settlement
             LEFT JOIN reminded ON reminded.line_id = settlement.id
                 WHERE settlement.company_id = %(company)s AND settlement.settled_date > %(since)s
                   AND settlement.partner_id NOT IN (SELECT id FROM unscored)
                 UNION ALL
                SELECT partner_id, FALSE, days_overdue, LEAST(days_overdue, %(latest)s), 1::float,
                       FALSE, NULL
                  FROM open_item
                 WHERE is_late AND partner_id NOT IN (SELECT id FROM unscored)
            ),
            house AS MATERIALIZED (
                SELECT COALESCE(SUM(weight * days) / NULLIF(SUM(weight), 0), 0) AS house_delay
                  FROM observed WHERE is_settled
            ),
            known AS (
                SELECT partner_id,
                       SUM(weight) AS weight,
                       SUM(weight * days) / SUM(weight) AS own_delay,
                       COUNT(*) AS history,
                       COUNT(*) FILTER (WHERE is_settled) AS settled_count,
                       COUNT(*) FILTER (WHERE is_settled AND all_days > 0) AS late_count,
                       COALESCE(AVG(all_days) FILTER (WHERE is_settled), 0) AS average_days_late,
                       COUNT(*) FILTER (WHERE NOT is_settled) AS overdue_count,
                       COALESCE(MAX(all_days) FILTER (WHERE NOT is_settled), 0) AS overdue_days,
                       COUNT(*) FILTER (WHERE is_recent) AS recent_count,
                       COUNT(times) FILTER (WHERE is_recent) AS reminded_count,
                       COALESCE(MAX(times) FILTER (WHERE is_recent), 0) AS reminder_most,
                       COALESCE(
                           SUM(LEAST(times, %(most_times)s))
                               FILTER (WHERE is_recent AND times IS NOT NULL), 0
                       ) AS reminder_sum
                  FROM observed
              GROUP BY partner_id
            ),
            owed AS (
                SELECT partner_id, SUM(residual) AS owed,
                       AVG(NULLIF(GREATEST(SUM(residual), 0), 0)) OVER () AS usual
                  FROM open_item
              GROUP BY partner_id
            ),
            %(facts)s,
            -- PostgreSQL would put each expression wherever it is used, dozens of times
            customer AS MATERIALIZED (
                SELECT known.*, house_delay,
                       (weight * own_delay + %(prior)s * house_delay)
                           / (weight + %(prior)s)
                           AS expected_delay,
                       COALESCE(owed.owed, 0) AS owed,
                       COALESCE(owed.owed >= %(much)s * owed.usual, FALSE) AS is_much,
                       CASE WHEN history < %(little)s THEN 'low'
                            WHEN history < %(some)s THEN 'medium' ELSE 'high'
                       END AS confidence,
                       %(fact_columns)s,
                       %(most_reminder)s * reminder_sum / %(most_times)s
                           / (recent_count + %(prior)s) AS reminder_points
                  FROM known
            CROSS JOIN house
             LEFT JOIN owed USING (partner_id)
             LEFT JOIN promise USING (partner_id)
             LEFT JOIN dispute USING (partner_id)
             LEFT JOIN bounce USING (partner_id)
            ),
            rated AS MATERIALIZED (
                SELECT customer.*, %(paydex)s AS delay_score, %(own_paydex)s AS own_delay_score,
                       promise_points + dispute_points + bounce_points + reminder_points
                           AS points_off
                  FROM customer
            ),
            counted AS MATERIALIZED (
                -- the last digits of a float must not decide how a half is rounded
                SELECT rated.*,
                       GREATEST(
                           round(round((delay_score - points_off)::numeric, 6))::int,
                           CASE WHEN confidence = 'low' THEN %(floor)s ELSE 0 END
                       ) AS score,
                       own_delay_score - points_off AS own_score
                  FROM rated
            ),
            scored AS (SELECT counted.*, %(grade)s AS grade FROM counted)
            """,
            no_scoring=self._no_scoring_to_sql("customer", company),
            is_late=self._is_late_to_sql(),
            receivable=receivable._table_sql,
            settlement=settlement._table_sql,
            company=company.id,
            as_of=as_of,
            since=as_of - timedelta(days=constants.HISTORY_DAYS),
            facts_since=as_of - timedelta(days=constants.FACTS_DAYS),
            reminded=self._select_reminded(company, as_of),
            earliest=constants.EARLIEST_DAYS,
            latest=constants.LATEST_DAYS,
            half_life=constants.HALF_LIFE_DAYS,
            most_times=constants.MOST_REMINDERS,
            most_reminder=SQL("%s::float", constants.MOST_REMINDER_POINTS),
            facts=self._with_facts(company, as_of),
            fact_columns=self._get_fact_columns(),
            prior=SQL("%s::float", constants.PRIOR_PAYMENTS),
            much=constants.MUCH_OWED,
            little=constants.LITTLE_HISTORY,
            some=constants.SOME_HISTORY,
            floor=constants.LOWEST_WITH_LITTLE_HISTORY,
            paydex=delay_to_score(SQL("expected_delay")),
            own_paydex=delay_to_score(SQL("own_delay")),
            grade=score_to_grade(SQL("score")),
        )

    @api.model
    def _is_late_to_sql(self):
        """Return, as SQL, whether an open item is overdue and the customer may be asked for it.

        The payment state of an invoice is that of today: of a past day it says nothing.
        """
        if not self.env.context.get("billing_as_of"):
            return SQL("is_overdue AND can_be_reminded")
        return SQL(
            """
            is_overdue AND kind = 'invoice' AND residual_currency > disputed_currency
            AND promised_until IS NULL AND paused_until IS NULL AND NOT no_followup
            """
        )

    @api.model
    def _no_scoring_to_sql(self, alias, company):
        """Return, as SQL, whether a customer is not to be scored in a company."""
        return (
            self.env["res.partner"]
            .with_company(company)
            .sudo()
            ._field_to_sql(alias, "billing_no_scoring")
        )
