from odoo import api, models
from odoo.tools import SQL


class AccountMove(models.Model):
    """The SQL behind the live status: what the journal of events says."""

    _inherit = "account.move"

    def _billing_delivery_to_sql(self, alias, query):
        return SQL(
            "(SELECT COALESCE(journal.delivery, CASE WHEN %s THEN 'sent' END) FROM %s journal)",
            self._field_to_sql(alias, "is_move_sent", query),
            self._journal_to_sql(alias),
        )

    def _billing_reading_to_sql(self, alias, query):
        """Return whether a person has read the moves in ``alias``; NULL if we sent none of it."""
        return SQL(
            """
            (
                SELECT CASE
                    WHEN journal.is_read THEN 'read'
                    WHEN journal.first_sent < now() AT TIME ZONE 'UTC'
                         - interval '1 day' * (SELECT %(days)s FROM res_company company
                                                WHERE company.id = %(company)s)
                        THEN 'unread_long'
                    WHEN journal.first_sent IS NOT NULL THEN 'unread'
                END
                  FROM %(journal)s journal
            )
            """,
            days=self.env["res.company"]._field_to_sql("company", "billing_unread_days"),
            company=self._field_to_sql(alias, "company_id", query),
            journal=self._journal_to_sql(alias),
        )

    @api.model
    def _journal_to_sql(self, alias):
        """Return, as a subselect of one row, what the events of the move in ``alias`` say.

        * ``delivery``: what became of the latest message. Of each recipient the last word counts,
          of several recipients the worst news.
        * ``first_sent``
        * ``is_read``: a person has read, downloaded, or begun to pay; no machine reads
        * ``is_paying``: somebody began to pay within the last hour
        """
        event = self.env["billing.event"]
        return SQL(
            """
            (
                SELECT COALESCE(bool_or(told.is_read), FALSE) AS is_read,
                       bool_or(told.is_paying) AS is_paying,
                       min(told.date) FILTER (WHERE told.kind = 'sent') AS first_sent,
                       CASE max(told.news) FILTER (
                            WHERE told.is_last_word AND told.message = told.last_message
                       )
                            WHEN 4 THEN 'bounced'
                            WHEN 3 THEN 'undelivered'
                            WHEN 2 THEN 'delivered'
                            WHEN 1 THEN 'sent'
                       END AS delivery
                  FROM (
                    SELECT happened.*,
                           row_number() OVER (
                                PARTITION BY recipient_id, news IS NULL ORDER BY date DESC, id DESC
                           ) = 1 AS is_last_word,
                           max(message) FILTER (WHERE news IS NOT NULL) OVER () AS last_message
                      FROM (
                        SELECT event.id, event.date, event.kind, event.recipient_id,
                               COALESCE(event.mail_message_id, 0) AS message,
                               CASE event.kind
                                    WHEN 'bounced' THEN 4
                                    WHEN 'undelivered' THEN 3
                                    WHEN 'delivered' THEN 2
                                    WHEN 'sent' THEN 1
                               END AS news,
                               event.kind IN ('viewed', 'downloaded', 'payment_started')
                               AND COALESCE(%(agent)s IN ('human', 'likely_human'), FALSE)
                               AS is_read,
                               event.kind = 'payment_started'
                               AND event.date > now() AT TIME ZONE 'UTC' - interval '1 hour'
                               AS is_paying
                          FROM billing_event event
                         WHERE event.move_id = %(id)s
                      ) happened
                  ) told
            )
            """,
            id=SQL.identifier(alias, "id"),
            agent=event._field_to_sql("event", "agent"),
        )
