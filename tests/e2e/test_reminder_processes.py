"""Reminders when processes run at the same time, or die: every customer has exactly one mail."""

import subprocess
import time
from collections import Counter
from uuid import uuid4

import pytest

from tools.workshop import runtime

CUSTOMERS = 40

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


@pytest.fixture
def start_engine(server, tmp_path):
    ready = runtime.prepare()
    script = tmp_path / "engine.py"
    script.write_text(ENGINE)

    def start():
        return subprocess.Popen(
            ready.script_command(server.database, script),
            env=ready.environment(server.database),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    return start


def deliver(rpc, smtp, customers):
    """Let the mail queue run, and count the mails each customer got."""
    rpc.run_cron("mail.ir_cron_mail_scheduler_action")
    addresses = [address for mail in smtp.mails for address in mail.recipients]
    return Counter(address for address in addresses if address.startswith(customers))


def handed_over(rpc, customers):
    domain = [("partner_id.email", "=like", f"{customers}%"), ("state", "!=", "planned")]
    return rpc.call("billing.reminder", "search_count", domain)


def test_three_engines_at_once(rpc, smtp, customers, start_engine):
    engines = [start_engine() for _engine in range(3)]
    for engine in engines:
        engine.wait(timeout=120)
    start_engine().wait(timeout=120)
    received = deliver(rpc, smtp, customers)
    assert len(received) == CUSTOMERS
    assert set(received.values()) == {1}


@pytest.mark.parametrize("moment", [1, 7, 23])
def test_killed_in_the_middle_and_started_again(rpc, smtp, customers, start_engine, moment):
    engine = start_engine()
    deadline = time.monotonic() + 60
    while handed_over(rpc, customers) < moment and engine.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    engine.kill()
    engine.wait()
    killed_after = handed_over(rpc, customers)
    assert moment <= killed_after < CUSTOMERS, "or it was not in the middle"

    start_engine().wait(timeout=120)
    received = deliver(rpc, smtp, customers)
    assert len(received) == CUSTOMERS
    assert set(received.values()) == {1}
