"""Sending reminders that were decided before, beside as many mails that wait in Odoo's own queue.

Ours does more in the time: it asks the ledger and the bank about each customer, twice, writes each
mail in the customer's language, mints a link, and notes what the mail server said.
"""

from unittest.mock import patch

from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.tools import split_every

from .measure import compare
from .sending import _mails, _send

MAILS = 500
BATCH = 50


def run(databases):
    return [compare(f"write and send {MAILS} reminders", databases, _prepare, _work, rounds=3)]


def _prepare(env):
    """Mails in the queue, or planned reminders as the nightly decision leaves them."""
    if "billing.reminder" not in env:
        return _mails(env, MAILS)
    reminders = env["billing.reminder"].sudo()._plan(env.company)
    reminders[MAILS:]._drop()
    reminders = reminders[:MAILS]
    if len(reminders) < MAILS:
        raise AssertionError("too few customers owe something")
    reminders.partner_id.filtered(lambda one: not one.email).email = "somebody@example.com"
    return reminders


def _work(env, records):
    if records._name == "mail.mail":
        _send(env, records)
        return
    for batch in split_every(BATCH, records.ids, records.browse):
        batch._send_or_fail()
    mails = env["mail.mail"].search([("model", "=", records._name), ("state", "=", "outgoing")])
    with (
        patch.object(IrMail_Server, "_connect__", lambda _self, *args, **kwargs: None),
        patch.object(
            IrMail_Server,
            "send_email",
            lambda _self, message, *args, **kwargs: message["Message-Id"],
        ),
    ):
        mails.send()
    if set(records.mapped("state")) - {"sent", "held", "cancelled"}:
        raise AssertionError("not sent")
