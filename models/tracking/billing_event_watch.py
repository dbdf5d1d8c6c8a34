from collections import defaultdict

from markupsafe import Markup
from odoo import SUPERUSER_ID, api, models
from odoo.tools import SQL

# What only somebody does who has the document before their eyes.
READ_KINDS = ("viewed", "downloaded", "payment_started")
PEOPLE = ("human", "likely_human")


class BillingEvent(models.Model):
    """What follows when a person has read an invoice."""

    _inherit = "billing.event"

    @api.model
    def _log(self, documents, kind, link=None, **values):
        # EXTENDS 'billing_crm'
        events = super()._log(documents, kind, link=link, **values)
        agent = values.get("agent")
        if documents._name != "account.move":
            return events
        if events and kind in READ_KINDS and agent == "human":
            events._tell_watchers()
        if kind == "paid" or (kind in READ_KINDS and agent in PEOPLE):
            documents._close_unread_activities()
        return events

    def _tell_watchers(self):
        """Tell whoever watches these documents that a person has now read them, once for ever.

        A later reading, and one that is only likely a person's, tells nobody anything.
        """
        event_by_move = {event.move_id.id: event for event in self}
        users_by_move = defaultdict(list)
        for move_id, user_id in self._claim_watches():
            users_by_move[move_id].append(user_id)
        for move_id, user_ids in users_by_move.items():
            for user in self.env["res.users"].browse(user_ids):
                event_by_move[move_id]._tell_watcher(user)

    def _claim_watches(self):
        """Put down who is told of these first readings, and return (move, user) of the new ones."""
        self.move_id.flush_recordset(["invoice_user_id"])
        self.env["res.users"].flush_model(["active", "billing_watch_own"])
        return self.env.execute_query(
            SQL(
                """
                WITH watched AS (
                    SELECT move_id, user_id, company_id
                      FROM billing_watch
                     WHERE move_id IN %(moves)s AND told_on IS NULL
                     UNION
                    SELECT move.id, salesperson.id, move.company_id
                      FROM account_move move
                      JOIN res_users salesperson ON salesperson.id = move.invoice_user_id
                     WHERE move.id IN %(moves)s AND salesperson.billing_watch_own
                )
                INSERT INTO billing_watch (move_id, user_id, company_id, told_on)
                SELECT watched.move_id, watched.user_id, watched.company_id,
                       now() AT TIME ZONE 'UTC'
                  FROM watched
                  JOIN res_users watcher ON watcher.id = watched.user_id AND watcher.active
                 WHERE NOT EXISTS (
                        SELECT FROM billing_event earlier
                         WHERE earlier.move_id = watched.move_id
                           AND earlier.kind IN %(kinds)s
                           AND earlier.agent = 'human'
                           AND earlier.id NOT IN %(events)s
                 )
                    ON CONFLICT (move_id, user_id) DO UPDATE SET told_on = EXCLUDED.told_on
                 WHERE billing_watch.told_on IS NULL
             RETURNING move_id, user_id
                """,
                moves=tuple(self.move_id.ids),
                events=tuple(self.ids),
                kinds=READ_KINDS,
            )
        )

    def _tell_watcher(self, user):
        """Leave a message in the user's inbox, in their language. Mail, if any, is only queued."""
        self.ensure_one()
        if self.company_id not in user.company_ids:
            return
        lang = user.lang or self.env.lang
        move = self.move_id.with_user(SUPERUSER_ID).with_context(
            lang=lang, mail_notify_force_send=False
        )
        who = self.recipient_id.name or self.partner_id.name
        happened = {
            "viewed": move.env._("%s has opened it for the first time.", who),
            "downloaded": move.env._("%s has downloaded it.", who),
            "payment_started": move.env._("%s has begun to pay it.", who),
        }[self.kind]
        move.message_notify(
            partner_ids=user.partner_id.ids,
            subject=move.env._("%(document)s was read", document=move.name),
            body=Markup("<p>%s</p>") % happened,
        )
