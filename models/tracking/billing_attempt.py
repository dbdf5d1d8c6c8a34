from datetime import timedelta

from odoo import api, fields, models

# Longer than the span of any limit.
KEPT = timedelta(days=1)


class BillingAttempt(models.Model):
    """Something a visitor did on a public page that nobody needs to do often.

    Rows are inserted and counted, never updated: two workers that count one visitor at a time do
    not get in each other's way, and a restart forgets nothing. Belongs to no company, since whoever
    guesses a link has none; read by administrators only.
    """

    _name = "billing.attempt"
    _description = "Attempt on a Public Page"
    _log_access = False

    action = fields.Char(required=True, readonly=True)
    key = fields.Char(required=True, readonly=True, help="A hash of who did it, or of what with.")
    date = fields.Datetime(required=True, readonly=True)

    _action_key_idx = models.Index("(action, key, date)")
    _date_idx = models.Index("(date)")

    @api.model
    def _allow(self, action, key, *, limit, within):
        """Count one more attempt and return whether it is within the limit.

        What is beyond the limit is not written down, so that the table cannot be filled by force.
        In a transaction of its own: a request that fails afterwards has been attempted all the
        same. Workers that count at the very same time may let a few more pass.

        :param str key: who is counted, as a hash
        :param int limit: how many are allowed
        :param timedelta within: in this span of time, which moves on with the clock
        """
        now = fields.Datetime.now()
        with self.env.registry.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO billing_attempt (action, key, date)
                     SELECT %(action)s, %(key)s, %(now)s
                      WHERE %(limit)s > (
                            SELECT count(*) FROM billing_attempt
                             WHERE action = %(action)s AND key = %(key)s AND date > %(since)s
                            )
                  RETURNING id
                """,
                {"action": action, "key": key, "limit": limit, "now": now, "since": now - within},
            )
            return bool(cursor.rowcount)

    @api.autovacuum
    def _gc_attempts(self):
        self.sudo().search([("date", "<", fields.Datetime.now() - KEPT)]).unlink()
