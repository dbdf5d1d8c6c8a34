"""An expired link: what its page says, and the fresh one that comes by mail."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest

EXPIRED = """
from datetime import timedelta
from odoo import fields
env.company.email = "billing@company.example"
partner = env["res.partner"].create({{"name": "Anna Berg", "email": "{address}"}})
invoice = env["account.move"].create({{
    "move_type": "out_invoice",
    "partner_id": partner.id,
    "invoice_date": "{day}",
    "invoice_date_due": "{day}",
    "invoice_payment_term_id": False,
    "invoice_line_ids": [(0, 0, {{"name": "Work", "price_unit": 432.1, "tax_ids": []}})],
}})
invoice.action_post()
yesterday = fields.Datetime.now() - timedelta(days=1)
print(invoice.id, env["billing.link"]._mint(invoice, partner, expires_on=yesterday))
"""


@pytest.fixture
def address():
    return f"{uuid4().hex[:8]}@customers.example"


def test_a_fresh_link_comes_by_mail(server, rpc, shell, smtp, phone, address):
    day = date.today() - timedelta(days=200)
    invoice, path = shell(EXPIRED.format(address=address, day=day)).split()[-2:]

    phone.goto(server.url + path)
    phone.get_by_role("heading", name="This link has expired").wait_for()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert not re.search(r"432|Anna|Berg|INV/", phone.content())
    phone.get_by_role("button", name="Send me a new link").click()
    phone.get_by_text("If this link was ours and has expired").wait_for()
    assert path.split("/")[-1] not in phone.url

    rpc.run_cron("billing_crm.ir_cron_renew_links")
    rpc.run_cron("mail.ir_cron_mail_scheduler_action")
    mail = smtp.wait_for(address)
    [fresh] = {link for link in mail.links if "/billing/l/" in link}
    assert not fresh.endswith(path)
    phone.goto(fresh)
    phone.get_by_text("432.10").first.wait_for()

    kinds = [
        event["kind"]
        for event in rpc.call(
            "billing.event", "search_read", [("move_id", "=", int(invoice))], ["kind"], order="id"
        )
    ]
    assert kinds[:2] == ["link_renewed", "delivered"], kinds
    assert smtp.to(address) == [mail]
