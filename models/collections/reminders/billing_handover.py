from contextlib import contextmanager

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.mail import email_normalize_all

# Longer than any mail stays in the queue.
DAYS_KEPT = 30


class BillingHandover(models.Model):
    """A reminder's mail that was given to the mail server, whatever became of us after that.

    Odoo notes that a mail is sent when it has done everything else. Should the process be killed
    before, the mail would go out twice. So it is noted here, on a connection of its own, in the
    very moment in which the last byte is given to the server.
    """

    _name = "billing.handover"
    _description = "Mail in the Mail Server's Hands"
    _log_access = False

    # no foreign key: it would wait for the transaction that is sending
    mail_id = fields.Integer(required=True, readonly=True, index=True)
    address = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)

    @api.model
    def _get_addresses(self, mails):
        """Return the addresses that the mail server has taken these mails for, by the mail's id."""
        rows = self.env.execute_query(
            SQL(
                "SELECT mail_id, array_agg(address) FROM billing_handover"
                " WHERE mail_id IN %s GROUP BY mail_id",
                tuple(mails.ids) or (0,),
            )
        )
        return {mail_id: set(addresses) for mail_id, addresses in rows}

    @api.autovacuum
    def _gc_handovers(self):
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=DAYS_KEPT)
        self.search([("date", "<", limit)]).unlink()


class Witness:
    """Watches an SMTP session, and notes what it gives to the server while it gives it.

    Nothing can make "sent" and "noted" one step. But both are handed to the operating system one
    right after the other, which delivers them even if we are killed then: the gap is some
    microseconds. Should that not be enough, the second mail has the first one's Message-ID, by
    which mailboxes recognize it.

    :param cr: a cursor of its own
    :param session: `smtplib.SMTP`
    :param mails: `mail.mail`
    """

    def __init__(self, cr, session, mails):
        self.cr = cr
        self.mails = {mail.message_id: (mail.id, mail.record_company_id.id) for mail in mails}
        self.is_watching = False
        self.is_given = False
        self._give = session.send
        session.send = self._send

    def _send(self, data):
        self._give(data)
        # commands are strings; the one thing that is bytes is a whole message with its end
        if self.is_watching and isinstance(data, bytes):
            self.cr.commit()
            self.is_given = True

    @contextmanager
    def watch(self, message):
        """Watch while one message is sent. What the server refuses is not in its hands."""
        mail_id, company_id = self.mails.get(message["Message-Id"], (None, None))
        if not mail_id:
            yield
            return
        addresses = email_normalize_all(str(message["To"]))
        # a killed process is what matters here; Odoo's own commit follows in a moment
        self.cr.execute("SET LOCAL synchronous_commit = off")
        self.cr.execute(
            SQL(
                "INSERT INTO billing_handover (mail_id, address, company_id, date) VALUES %s",
                SQL(", ").join(
                    SQL("(%s, %s, %s, now() AT TIME ZONE 'UTC')", mail_id, address, company_id)
                    for address in addresses
                ),
            )
        )
        self.is_watching, self.is_given = True, False
        try:
            yield
        except BaseException:
            self.cr.rollback()
            if self.is_given:
                self.cr.execute(
                    SQL(
                        "DELETE FROM billing_handover WHERE mail_id = %s AND address IN %s",
                        mail_id,
                        tuple(addresses),
                    )
                )
                self.cr.commit()
            raise
        finally:
            self.is_watching = False
