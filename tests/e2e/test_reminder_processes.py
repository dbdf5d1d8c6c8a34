"""Reminders when processes run at the same time, or die: every customer has exactly one mail."""

from collections import Counter
from uuid import uuid4

import pytest

CUSTOMERS = 120

OVERDUE = """
from datetime import date, timedelta
env.company.write({{"billing_reminders_enabled": True, "email": "billing@company.example"}})
due = date.today() - timedelta(days=10)
partners = env["res.partner"].create([
    {{"name": f"Customer {{i}}", "email": f"{run}-{{i}}@customers.example"}}
    for i in range({customers})
])
env["account.move"].create([{{
    "move_type": "out_invoice", "partner_id": partner.id, "invoice_date": due,
    "invoice_date_due": due, "invoice_payment_term_id": False,
    "invoice_line_ids": [(0, 0, {{"name": "Work", "price_unit": 100.0, "tax_ids": []}})],
}} for partner in partners])._post()
"""

ENGINE = "env['billing.reminder']._cron_remind()"


@pytest.fixture
def customers(shell):
    """Overdue customers of this test alone; returns the beginning of their addresses."""
    run = uuid4().hex[:8]
    shell(OVERDUE.format(run=run, customers=CUSTOMERS))
    return run


def deliver(rpc, smtp, customers):
    """Let the mail queue run, and count the mails each customer got."""
    rpc.run_cron("mail.ir_cron_mail_scheduler_action")
    addresses = [address for mail in smtp.mails for address in mail.recipients]
    return Counter(address for address in addresses if address.startswith(customers))


def handed_over(rpc, customers):
    domain = [("partner_id.email", "=like", f"{customers}%"), ("state", "!=", "planned")]
    return rpc.call("billing.reminder", "search_count", domain)


def test_three_engines_at_once(rpc, smtp, customers, start):
    engines = [start(ENGINE) for _engine in range(3)]
    for engine in engines:
        engine.wait(timeout=120)
    start(ENGINE).wait(timeout=120)
    received = deliver(rpc, smtp, customers)
    assert len(received) == CUSTOMERS
    assert set(received.values()) == {1}


@pytest.mark.parametrize("moment", [1, 51])
def test_killed_in_the_middle_and_started_again(rpc, smtp, customers, start, kill_when, moment):
    kill_when(start(ENGINE), lambda: handed_over(rpc, customers) >= moment)
    killed_after = handed_over(rpc, customers)
    assert moment <= killed_after < CUSTOMERS, "or it was not in the middle"

    start(ENGINE).wait(timeout=120)
    received = deliver(rpc, smtp, customers)
    assert len(received) == CUSTOMERS
    assert set(received.values()) == {1}
