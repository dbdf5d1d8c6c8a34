from odoo import api, models
from odoo.tools import SQL

# More than there are sources of entries; their ids are spread so that no two entries share one.
SOURCES = 16


class BillingTimeline(models.Model):
    """Where the entries come from: several tables, the same columns of each."""

    _inherit = "billing.timeline"

    @api.model
    def _get_sources(self):
        """Return what gives the entries of each source; features append their own.

        Each is given the number of its place and returns an SQL query. The id of an entry is that
        of its row times `SOURCES`, plus the number.
        """
        return [
            self._select_events,
            self._select_documents,
            self._select_payments,
            self._select_reminders,
            self._select_messages,
        ]

    @api.model
    def _to_moment(self, day):
        """Return the moment, in UTC, at which a day begins where the viewer is."""
        tz = self.env.context.get("tz") or self.env.user.tz or "UTC"
        return SQL("%s::timestamp AT TIME ZONE %s AT TIME ZONE 'UTC'", day, tz)

    @api.model
    def _select_events(self, number):
        return SQL(
            """
            SELECT event.id * %s + %s AS id, event.date, FALSE AS is_day, event.company_id,
                   event.partner_id, event.recipient_id, event.move_id, event.kind, event.agent,
                   event.channel, event.device, event.reason, event.is_elsewhere,
                   move.currency_id, NULL::numeric AS amount, event.note,
                   NULL::int AS reminder_id, NULL::int AS mail_message_id
              FROM billing_event event
         LEFT JOIN account_move move ON move.id = event.move_id
             WHERE event.kind NOT IN ('reminded', 'promised')
            """,
            SOURCES,
            number,
        )

    @api.model
    def _select_documents(self, number):
        return SQL(
            """
            SELECT move.id * %s + %s, %s, TRUE, move.company_id,
                   partner.commercial_partner_id, NULL::int, move.id,
                   CASE move.move_type WHEN 'out_refund' THEN 'credited' ELSE 'invoiced' END,
                   NULL::varchar, NULL::varchar, NULL::varchar, NULL::varchar, FALSE,
                   move.currency_id, move.amount_total, NULL::varchar, NULL::int, NULL::int
              FROM account_move move
              JOIN res_partner partner ON partner.id = move.partner_id
             WHERE move.state = 'posted'
               AND move.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
            """,
            SOURCES,
            number,
            self._to_moment(SQL("move.invoice_date")),
        )

    @api.model
    def _select_payments(self, number):
        return SQL(
            """
            SELECT line.id * %s + %s, %s, TRUE, line.company_id,
                   partner.commercial_partner_id, NULL::int, line.move_id, 'received',
                   NULL::varchar, NULL::varchar, NULL::varchar, NULL::varchar, FALSE,
                   line.currency_id, -line.amount_currency, NULL::varchar, NULL::int, NULL::int
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN account_account account ON account.id = line.account_id
              JOIN res_partner partner ON partner.id = line.partner_id
             WHERE line.parent_state = 'posted'
               AND account.account_type = 'asset_receivable'
               AND (line.payment_id IS NOT NULL OR move.statement_line_id IS NOT NULL)
            """,
            SOURCES,
            number,
            self._to_moment(SQL("line.date")),
        )

    @api.model
    def _select_reminders(self, number):
        """One row a reminder, where the journal has one for each invoice it speaks of."""
        return SQL(
            """
            SELECT reminder.id * %s + %s, reminder.sent_on, FALSE, reminder.company_id,
                   reminder.partner_id, NULL::int, NULL::int, 'reminded',
                   NULL::varchar, NULL::varchar, NULL::varchar, NULL::varchar, FALSE,
                   reminder.currency_id, reminder.amount, NULL::varchar, reminder.id, NULL::int
              FROM billing_reminder reminder
             WHERE reminder.state = 'sent'
            """,
            SOURCES,
            number,
        )

    @api.model
    def _select_messages(self, number):
        """What was written to the customer, and by them, about a document; no internal note.

        The mail that a document was sent with is an event already.
        """
        return SQL(
            """
            SELECT message.id * %s + %s, message.date, FALSE, move.company_id,
                   partner.commercial_partner_id, author.id, move.id,
                   CASE
                       WHEN author.commercial_partner_id = partner.commercial_partner_id
                       THEN 'message_in' ELSE 'message_out'
                   END,
                   NULL::varchar, 'mail', NULL::varchar, NULL::varchar, FALSE,
                   move.currency_id, NULL::numeric, NULL::varchar, NULL::int, message.id
              FROM mail_message message
              JOIN account_move move ON move.id = message.res_id
              JOIN res_partner partner ON partner.id = move.partner_id
         LEFT JOIN res_partner author ON author.id = message.author_id
             WHERE message.model = 'account.move'
               AND message.message_type IN ('email', 'comment', 'email_outgoing')
               AND message.subtype_id = %s
               AND message.is_internal IS NOT TRUE
               AND move.state IN ('posted', 'cancel')
               AND move.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
               AND NOT EXISTS (
                    SELECT FROM billing_event event
                     WHERE event.mail_message_id = message.id AND event.kind = 'sent'
               )
            """,
            SOURCES,
            number,
            self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment"),
        )
