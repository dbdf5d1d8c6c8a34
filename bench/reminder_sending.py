"""Reminders that were decided before, beside Odoo's own mails.

* Sending them once they are written: beside as many mails that wait in Odoo's own queue.
* Writing and sending: beside as many mails that Odoo writes from a template with a table. Ours does
  more in the time: it asks the ledger and the bank about each customer, twice, mints a link, and
  notes what the mail server said.
"""

from odoo.tools import split_every

from .measure import compare
from .sending import _mails, deliver

MAILS = 500
BATCH = 50
ROWS = 6
BODY = f"""
<div><p>Dear <t t-out="object.name"/>,</p><p>we have not yet received payment of the following.</p>
<table><tr t-foreach="range({ROWS})" t-as="row">
<td t-out="object.name"/><td t-out="format_date(object.create_date)"/><td t-out="row"/>
<td t-out="format_amount(100.0 * row, object.env.company.currency_id)"/></tr></table>
<a href="http://company.example/pay">View and pay</a></div>
"""


def run(databases):
    return [
        compare(f"send {MAILS} written reminders", databases, _written, deliver, rounds=3),
        compare(f"write and send {MAILS} reminders", databases, _planned, _write, rounds=3),
    ]


def _written(env):
    """Mails that wait in the queue: of invoices, or of reminders."""
    if "billing.reminder" not in env:
        return _mails(env, MAILS)
    return _write_reminders(env, _planned(env))


def _planned(env):
    """Customers to write to from a template, or reminders as the nightly decision leaves them."""
    if "billing.reminder" not in env:
        customers = env["res.partner"].search([("customer_rank", ">", 0)], limit=MAILS)
        customers.filtered(lambda one: not one.email).email = "somebody@example.com"
        return customers
    reminders = env["billing.reminder"].sudo()._plan(env.company)
    reminders[MAILS:]._drop()
    reminders = reminders[:MAILS]
    if len(reminders) < MAILS:
        raise AssertionError("too few customers owe something")
    reminders.partner_id.filtered(lambda one: not one.email).email = "somebody@example.com"
    return reminders


def _write(env, records):
    if records._name == "res.partner":
        deliver(env, _write_from_template(env, records))
        return
    deliver(env, _write_reminders(env, records))
    if set(records.mapped("state")) - {"sent", "held", "cancelled"}:
        raise AssertionError("not sent")


def _write_from_template(env, customers):
    template = env["mail.template"].create(
        {
            "name": "Reminder",
            "model_id": env["ir.model"]._get_id("res.partner"),
            "subject": "Reminder: {{ object.name }}",
            "email_from": "billing@company.example",
            "partner_to": "{{ object.id }}",
            "use_default_to": False,
            "body_html": BODY,
        }
    )
    mails = env["mail.mail"]
    for batch in split_every(BATCH, customers.ids):
        mails += template.send_mail_batch(batch, email_layout_xmlid="mail.mail_notification_light")
    return mails


def _write_reminders(env, reminders):
    for batch in split_every(BATCH, reminders.ids, reminders.browse):
        batch._send_or_fail()
    return env["mail.mail"].search(
        [("model", "=", reminders._name), ("state", "=", "outgoing")], order="id"
    )
