"""Sending mails of invoices: Odoo's own queue, and what tracking each recipient adds to it."""

from unittest.mock import patch

from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.fields import Command

from .measure import compare

MAILS = 200
PLACE = "/billing/l/your-personal-link"


def run(databases):
    return [compare(f"send {MAILS} mails", databases, _mails, _send, rounds=5)]


def _mails(env, count=MAILS):
    """Mails that wait in the queue, as Send & Print leaves them, with the link in the button."""
    moves = env["account.move"].search(
        [("move_type", "=", "out_invoice"), ("state", "=", "posted")], limit=count, order="id"
    )
    body = (
        "<html><body><p>Dear customer,</p>"
        + "<p>Here is your invoice.</p>" * 40
        + f'<a href="http://company.example{PLACE}">View and pay</a></body></html>'
    )
    messages = env["mail.message"].create(
        [
            {
                "model": "account.move",
                "res_id": move.id,
                "body": body,
                "message_type": "comment",
                "partner_ids": [Command.set(move.partner_id.ids)],
            }
            for move in moves
        ]
    )
    moves.partner_id.filtered(lambda partner: not partner.email).email = "somebody@example.com"
    mails = env["mail.mail"].create(
        [
            {
                "mail_message_id": message.id,
                "body_html": body,
                "email_from": "billing@company.example",
                "recipient_ids": [Command.set(message.partner_ids.ids)],
                "is_notification": True,
                "auto_delete": True,
                "state": "outgoing",
            }
            for message in messages
        ]
    )
    env["mail.notification"].create(
        [
            {
                "mail_message_id": mail.mail_message_id.id,
                "mail_mail_id": mail.id,
                "res_partner_id": mail.recipient_ids.id,
                "notification_type": "email",
                "notification_status": "ready",
                "is_read": True,
            }
            for mail in mails
        ]
    )
    return mails


def _send(env, mails):
    deliver(env, mails)
    if env["mail.notification"].search_count(
        [("mail_mail_id", "in", mails.ids), ("notification_status", "!=", "sent")]
    ):
        raise AssertionError("not sent")


def deliver(_env, mails):
    """Send mails to a server that takes everything in no time."""
    with (
        patch.object(IrMail_Server, "_connect__", lambda _self, *args, **kwargs: None),
        patch.object(
            IrMail_Server,
            "send_email",
            lambda _self, message, *args, **kwargs: message["Message-Id"],
        ),
    ):
        mails.sudo().send()
