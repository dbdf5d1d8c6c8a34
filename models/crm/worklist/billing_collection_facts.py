from odoo import api, models
from odoo.tools import SQL

from ...tracking.billing_event_watch import PEOPLE, READ_KINDS

# A promise not kept is remembered for a year.
PROMISES_DAYS = 365


class BillingCollection(models.Model):
    """Where the figures come from: open items, events, reminders, promises, scores."""

    _inherit = "billing.collection"

    @api.model
    def _select_due(self, company, companies):
        """What is to be collected of each customer: netted by currency as reminders do."""
        return SQL(
            """
            due AS (
                SELECT *, COALESCE(chased, 0) AS asked FROM open_item
                 WHERE company_id = %(company)s
                   AND is_overdue
                   AND NOT is_credit
                   AND NOT no_followup
                   AND NOT payment_underway
                   AND (kind = 'entry'
                        OR kind = 'invoice' AND payment_state IN ('not_paid', 'partial'))
            ),
            credit AS (%(credits)s),
            owed AS (
                SELECT due.partner_id,
                       SUM(due.overdue) AS overdue,
                       SUM(due.residual - due.asked) AS disputed,
                       SUM(due.asked) AS asked,
                       SUM(due.asked) * (1 - LEAST(
                            COALESCE(MAX(credit.amount) / NULLIF(SUM(due.chased_currency), 0), 0),
                            1)) AS amount,
                       SUM(due.asked) FILTER (WHERE due.promised_until IS NOT NULL) AS promised,
                       SUM(due.asked) FILTER (
                            WHERE due.promised_until IS NULL AND due.paused_until IS NOT NULL
                       ) AS paused,
                       SUM(due.asked) FILTER (WHERE due.share_id != 0) AS planned,
                       MAX(due.promised_until) AS promised_until,
                       MAX(due.paused_until) AS paused_until,
                       MAX(due.days_overdue) AS oldest_days,
                       COUNT(*) AS item_count
                  FROM due
             LEFT JOIN credit USING (partner_id, currency_id)
              GROUP BY due.partner_id, due.currency_id
            )
            """,
            company=company.id,
            credits=self.env["billing.receivable"]._select_credits(companies),
        )

    @api.model
    def _select_facts(self, company, as_of):
        """What else is known of customers: unread invoices, contacts, credit limit, promises."""
        return SQL(
            """
            unread AS (
                SELECT partner_id, COUNT(*) AS unread_count FROM (
                    SELECT invoice.partner_id
                      FROM (SELECT DISTINCT partner_id, move_id FROM due WHERE kind = 'invoice')
                           invoice
                      JOIN billing_event event ON event.move_id = invoice.move_id
                       AND event.kind IN ('sent', %(read_kinds)s)
                  GROUP BY invoice.partner_id, invoice.move_id
                    HAVING bool_or(event.kind = 'sent')
                       AND NOT bool_or(event.kind != 'sent'
                                       AND COALESCE(event.agent IN %(people)s, FALSE))
                ) invoice
              GROUP BY partner_id
            ),
            contact AS (
                SELECT DISTINCT ON (partner_id) partner_id, at, by FROM (
                    SELECT partner_id, MAX(date) AS at, 'call' AS by FROM billing_event
                     WHERE company_id = %(company)s AND kind = 'called'
                  GROUP BY partner_id
                     UNION ALL
                    SELECT partner_id, MAX(sent_on), 'reminder' FROM billing_reminder
                     WHERE company_id = %(company)s AND state = 'sent'
                  GROUP BY partner_id
                     UNION ALL
                    SELECT partner_id, last_contact_on, last_contact_by FROM past
                     WHERE last_contact_on IS NOT NULL
                ) every
              ORDER BY partner_id, at DESC, by
            ),
            account AS (
                SELECT partner_id, SUM(residual) AS balance FROM open_item
                 WHERE company_id = %(company)s
              GROUP BY partner_id
            ),
            broken AS (%(broken)s)
            """,
            company=company.id,
            people=PEOPLE,
            read_kinds=SQL(", ").join(SQL("%s", kind) for kind in READ_KINDS),
            broken=self._select_broken(company, as_of),
        )

    @api.model
    def _select_broken(self, company, as_of):
        """Return, as SQL, how many promises each customer has not kept, or only in part."""
        return SQL(
            """
            SELECT partner_id, COUNT(*) AS broken_count
              FROM billing_promise
             WHERE company_id = %s AND state IN ('broken', 'partly') AND closed_on > %s - %s
          GROUP BY partner_id
            """,
            company.id,
            as_of,
            PROMISES_DAYS,
        )

    @api.model
    def _select_known(self, company):
        """One row a customer, those included whose debt is gone; nothing is NULL that is a sum."""
        limit = SQL("NULL::numeric")
        if company.account_use_credit_limit:
            limit = self.env["res.partner"]._field_to_sql("customer", "credit_limit")
        return SQL(
            """
            SELECT partner_id,
                   COALESCE(round(owes.amount / %(rounding)s) * %(rounding)s, 0) AS amount,
                   COALESCE(owes.asked, 0) - COALESCE(owes.promised, 0) - COALESCE(owes.paused, 0)
                       AS free,
                   COALESCE(round(owes.overdue / %(rounding)s) * %(rounding)s, 0) AS overdue,
                   COALESCE(round(owes.disputed / %(rounding)s) * %(rounding)s, 0) AS disputed,
                   COALESCE(round(owes.promised / %(rounding)s) * %(rounding)s, 0) AS promised,
                   COALESCE(round(owes.paused / %(rounding)s) * %(rounding)s, 0) AS paused,
                   COALESCE(round(owes.planned / %(rounding)s) * %(rounding)s, 0) AS planned,
                   owes.disputed / NULLIF(owes.overdue, 0) AS share_disputed,
                   owes.promised / NULLIF(owes.overdue, 0) AS share_promised,
                   owes.paused / NULLIF(owes.overdue, 0) AS share_paused,
                   owes.planned / NULLIF(owes.overdue, 0) AS share_planned,
                   owes.promised_until,
                   owes.paused_until,
                   COALESCE(owes.oldest_days, 0) AS oldest_days,
                   COALESCE(owes.item_count, 0) AS item_count,
                   COALESCE(broken.broken_count, 0) AS broken_count,
                   CASE WHEN customer.billing_no_tracking THEN 0
                        ELSE COALESCE(unread.unread_count, 0) END AS unread_count,
                   COALESCE(round(100 * GREATEST(account.balance, 0) / NULLIF(%(limit)s, 0)), 0)
                       AS limit_used,
                   score.score,
                   score.grade,
                   contact.at AS last_contact_on,
                   contact.by AS last_contact_by,
                   past.stage AS past_stage,
                   past.next_contact_on,
                   past.closed_on
              FROM (
                    SELECT partner_id, SUM(overdue) AS overdue, SUM(disputed) AS disputed,
                           SUM(asked) AS asked, SUM(amount) AS amount, SUM(promised) AS promised,
                           SUM(paused) AS paused, SUM(planned) AS planned,
                           MAX(promised_until) AS promised_until,
                           MAX(paused_until) AS paused_until,
                           MAX(oldest_days) AS oldest_days, SUM(item_count) AS item_count
                      FROM owed
                  GROUP BY partner_id
                    HAVING SUM(amount) > 0 OR SUM(disputed) > 0
                   ) owes
         FULL JOIN past USING (partner_id)
              JOIN res_partner customer ON customer.id = partner_id
         LEFT JOIN unread USING (partner_id)
         LEFT JOIN contact USING (partner_id)
         LEFT JOIN account USING (partner_id)
         LEFT JOIN broken USING (partner_id)
         LEFT JOIN (
                    SELECT partner_id, score, grade FROM billing_score
                     WHERE company_id = %(company)s
                   ) score USING (partner_id)
            """,
            company=company.id,
            rounding=company.currency_id.rounding,
            limit=limit,
        )
