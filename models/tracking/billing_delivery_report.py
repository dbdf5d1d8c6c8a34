from odoo import api, fields, models
from odoo.tools import SQL

from .billing_event_watch import PEOPLE, READ_KINDS


def rate(label):
    """A column of 100 or 0, whose average is a share in percent."""
    return fields.Float(string=label, readonly=True, aggregator="avg", digits=(5, 1))


class BillingDeliveryReport(models.Model):
    """What became of what was sent: a row for each document and person it was sent to."""

    _name = "billing.delivery.report"
    _description = "Delivery and Reading"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "move_id"

    date = fields.Datetime(string="First Sent", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    recipient_id = fields.Many2one("res.partner", string="Sent To", readonly=True)
    salesperson_id = fields.Many2one("res.users", readonly=True)
    billing_type_id = fields.Many2one("billing.invoice.type", readonly=True)
    mail_template_id = fields.Many2one("mail.template", string="E-mail Template", readonly=True)
    is_delivered = fields.Boolean(string="Delivered", readonly=True)
    is_bounced = fields.Boolean(string="Bounced", readonly=True)
    is_clicked = fields.Boolean(string="Link Opened", readonly=True)
    is_viewed = fields.Boolean(string="Read", readonly=True)
    is_downloaded = fields.Boolean(string="Downloaded", readonly=True)
    is_paid = fields.Boolean(string="Paid", readonly=True)
    is_unread_long = fields.Boolean(
        string="Not Read for Long",
        readonly=True,
        help="Sent more days ago than the company's settings say, read by nobody, and not paid.",
    )
    delivered_rate = rate("Delivered %")
    bounced_rate = rate("Bounced %")
    clicked_rate = rate("Link Opened %")
    viewed_rate = rate("Read %")
    downloaded_rate = rate("Downloaded %")
    paid_rate = rate("Paid %")
    hours_to_view = fields.Float(
        string="Hours to First Reading",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="From the first sending to the first time a person read it; of those read only.",
    )

    _depends = {
        "account.move": ["billing_type_id", "payment_state"],
        "billing.event": [
            "agent",
            "company_id",
            "date",
            "kind",
            "mail_template_id",
            "move_id",
            "partner_id",
            "recipient_id",
        ],
        "res.company": ["billing_unread_days"],
        "res.partner": ["user_id"],
    }

    def action_open_document(self):
        """Open the invoice."""
        self.ensure_one()
        return self.move_id.get_formview_action()

    @property
    def _table_query(self):
        flags = ("delivered", "bounced", "clicked", "viewed", "downloaded", "paid")
        return SQL(
            """
            SELECT report.*, %s
              FROM (%s) report
            """,
            SQL(", ").join(
                SQL(
                    "CASE WHEN %s THEN 100.0 ELSE 0.0 END AS %s",
                    SQL.identifier(f"is_{flag}"),
                    SQL.identifier(f"{flag}_rate"),
                )
                for flag in flags
            ),
            self._select_flags(),
        )

    @api.model
    def _select_flags(self):
        return SQL(
            """
            SELECT sending.id, sending.date, sending.company_id, sending.move_id,
                   sending.partner_id, sending.recipient_id, sending.mail_template_id,
                   customer.user_id AS salesperson_id,
                   move.billing_type_id,
                   sending.last_word = 'delivered' OR sending.read_on IS NOT NULL AS is_delivered,
                   sending.last_word = 'bounced' AS is_bounced,
                   sending.is_clicked OR sending.read_on IS NOT NULL AS is_clicked,
                   sending.read_on IS NOT NULL AS is_viewed,
                   sending.is_downloaded,
                   move.payment_state IN ('paid', 'in_payment') AS is_paid,
                   sending.read_on IS NULL
                   AND move.payment_state IN ('not_paid', 'partial')
                   AND sending.date < now() AT TIME ZONE 'UTC'
                       - interval '1 day' * company.billing_unread_days AS is_unread_long,
                   EXTRACT(EPOCH FROM sending.read_on - sending.date) / 3600.0 AS hours_to_view
              FROM (%s) sending
              JOIN account_move move ON move.id = sending.move_id
              JOIN res_company company ON company.id = sending.company_id
              JOIN res_partner customer ON customer.id = sending.partner_id
            """,
            self._select_sendings(),
        )

    @api.model
    def _select_sendings(self):
        """One row for each document and recipient: from the first mail to all that followed.

        What somebody did before the mail went out is not its merit. Which template was used is
        known of the message, which was handed to the queue for all its recipients together.
        """
        return SQL(
            """
            SELECT min(event.id) FILTER (WHERE event.is_mail) AS id,
                   min(event.date) FILTER (WHERE event.is_mail) AS date,
                   event.company_id, event.move_id, event.partner_id, event.recipient_id,
                   max(sent.template_id) FILTER (WHERE event.is_mail) AS mail_template_id,
                   (array_agg(event.kind ORDER BY event.date DESC, event.id DESC)
                        FILTER (WHERE event.is_mail))[1] AS last_word,
                   min(event.date) FILTER (
                        WHERE event.is_person AND event.kind IN %(read)s
                   ) AS read_on,
                   COALESCE(bool_or(event.is_person AND event.kind = 'link_clicked'), FALSE)
                   AS is_clicked,
                   COALESCE(bool_or(event.is_person AND event.kind = 'downloaded'), FALSE)
                   AS is_downloaded
              FROM (
                SELECT happened.*,
                       COALESCE(agent IN %(people)s, FALSE) AS is_person,
                       min(date) FILTER (WHERE is_mail) OVER (PARTITION BY move_id, recipient_id)
                       AS sent_on
                  FROM (
                    SELECT *, kind IN ('sent', 'delivered', 'undelivered', 'bounced') AS is_mail
                      FROM billing_event
                     WHERE move_id IS NOT NULL AND recipient_id IS NOT NULL
                  ) happened
              ) event
         LEFT JOIN (
                SELECT mail_message_id, max(mail_template_id) AS template_id
                  FROM billing_event
                 WHERE kind = 'sent' AND mail_template_id IS NOT NULL
              GROUP BY mail_message_id
              ) sent ON sent.mail_message_id = event.mail_message_id
             WHERE event.date >= event.sent_on
          GROUP BY event.company_id, event.move_id, event.partner_id, event.recipient_id
            """,
            read=READ_KINDS,
            people=PEOPLE,
        )
