from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from . import constants


class BillingScore(models.Model):
    """What customers said and what it took, beside the ledger. Where there is none, none counts."""

    _inherit = "billing.score"

    @api.model
    def _select_reminded(self, company, as_of):
        """Return, as SQL, how many reminders had gone out for an installment.

        Those before the due date are a courtesy, nobody needed them.
        """
        return SQL(
            """
            SELECT item.line_id, COUNT(DISTINCT (item.round, item.delay_days)) AS times
              FROM billing_reminder_item item
              JOIN billing_reminder reminder ON reminder.id = item.reminder_id
             WHERE item.company_id = %s AND item.is_advance AND item.delay_days > 0
               AND reminder.state = 'sent' AND reminder.decided_on <= %s
          GROUP BY item.line_id
            """,
            company.id,
            as_of,
        )

    @api.model
    def _with_facts(self, company, as_of):
        """Return the common table expressions of the facts of a year, one row a customer each."""
        return SQL(
            """
            promise AS (
                SELECT partner_id,
                       COUNT(*) FILTER (WHERE state = 'kept') AS promise_kept_count,
                       COUNT(*) FILTER (WHERE state = 'partly') AS promise_partly_count,
                       COUNT(*) FILTER (WHERE state = 'broken') AS promise_broken_count,
                       MAX(date_promised) FILTER (WHERE state = 'broken')
                           AS promise_broken_on
                  FROM billing_promise
                 WHERE company_id = %(company)s AND state IN ('kept', 'partly', 'broken')
                   AND closed_on > %(since)s AND closed_on <= %(as_of)s
              GROUP BY partner_id
            ),
            dispute AS (
                SELECT partner_id, COUNT(*) AS dispute_rejected_count,
                       MAX(closed_on) AS dispute_rejected_on
                  FROM billing_dispute
                 WHERE company_id = %(company)s AND state = 'rejected'
                   AND closed_on > %(since)s AND closed_on <= %(as_of)s
              GROUP BY partner_id
            ),
            bounce AS (
                SELECT partner_id, COUNT(DISTINCT date::date) AS bounce_count
                  FROM billing_event
                 WHERE company_id = %(company)s AND kind = 'bounced'
                   AND date >= %(since)s + 1 AND date < %(as_of)s + 1
              GROUP BY partner_id
            )
            """,
            company=company.id,
            as_of=as_of,
            since=as_of - timedelta(days=constants.FACTS_DAYS),
        )

    @api.model
    def _get_fact_columns(self):
        """Return the columns of the facts, and what they cost, as SQL."""
        return SQL(
            """
            COALESCE(promise_kept_count, 0) AS promise_kept_count,
            COALESCE(promise_partly_count, 0) AS promise_partly_count,
            COALESCE(promise_broken_count, 0) AS promise_broken_count,
            promise_broken_on,
            COALESCE(dispute_rejected_count, 0) AS dispute_rejected_count,
            dispute_rejected_on,
            COALESCE(bounce_count, 0) AS bounce_count,
            GREATEST(LEAST(
                COALESCE(%(broken)s * promise_broken_count + %(partly)s * promise_partly_count
                         - %(kept)s * promise_kept_count, 0),
                %(most_promise)s), 0) AS promise_points,
            LEAST(COALESCE(%(rejected)s * dispute_rejected_count, 0), %(most_dispute)s)
                AS dispute_points,
            LEAST(COALESCE(%(bounce)s * bounce_count, 0), %(most_bounce)s) AS bounce_points
            """,
            broken=constants.POINTS_BROKEN_PROMISE,
            partly=constants.POINTS_PARTLY_KEPT,
            kept=constants.POINTS_KEPT_PROMISE,
            most_promise=constants.MOST_PROMISE_POINTS,
            rejected=constants.POINTS_REJECTED_DISPUTE,
            most_dispute=constants.MOST_DISPUTE_POINTS,
            bounce=constants.POINTS_BOUNCE_DAY,
            most_bounce=constants.MOST_BOUNCE_POINTS,
        )
