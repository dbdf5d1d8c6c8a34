"""Statements when people and processes are at work at the same time, or die: each is sent once."""

import json
from collections import Counter
from uuid import uuid4

import pytest

CUSTOMERS = 12
PEOPLE = 3

# Several people are about to send the same statements.
PREPARED = """
env.company.write({{"email": "billing@company.example",
    "external_report_layout_id": env.ref("web.external_layout_standard").id}})
partners = env["res.partner"].create([
    {{"name": f"Customer {{i}}", "email": f"{run}-{{i}}@customers.example"}}
    for i in range({customers})
])
moves = env["account.move"].create([{{
    "move_type": "out_invoice", "partner_id": partner.id, "invoice_date": "2026-01-01",
    "invoice_line_ids": [(0, 0, {{"name": "Work", "price_unit": 100.0, "tax_ids": []}})],
}} for partner in partners])
moves.action_post()
wizards = env["billing.statement.wizard"].with_user(env.ref("base.user_admin")).create(
    [{{"partner_ids": partners.ids}} for _person in range({people})])
env.cr.commit()
print("WIZARDS", wizards.ids, "END")
"""
WORKER = "env['billing.statement']._cron_statements()"


@pytest.fixture
def asked(shell):
    """The forms of several people who ask for the same, and the beginning of the addresses."""
    run = uuid4().hex[:8]
    printed = shell(PREPARED.format(run=run, customers=CUSTOMERS, people=PEOPLE))
    return json.loads(printed.split("WIZARDS")[1].split("END")[0]), run


def domain(run):
    return [("partner_id.email", "like", f"{run}-%")]


def states(rpc, run):
    found = rpc.call("billing.statement", "search_read", domain(run), ["state", "partner_id"])
    return Counter(one["state"] for one in found), {one["partner_id"][0] for one in found}


def test_people_at_once_and_a_killed_process(rpc, shell, smtp, asked, at_once, start, kill_when):
    wizards, run = asked
    refused = at_once("billing.statement.wizard", "action_send", wizards)
    assert len(refused) == PEOPLE - 1, "the others are told that it was sent before"
    assert all("sent before" in error for error in refused)
    counted, customers = states(rpc, run)
    assert sum(counted.values()) == len(customers) == CUSTOMERS

    def some_are_queued():
        return states(rpc, run)[0]["queued"] > 0

    kill_when(start(WORKER), some_are_queued)
    workers = [start(WORKER) for _number in range(2)]
    for worker in workers:
        worker.wait()
    shell(WORKER)
    assert states(rpc, run)[0] == {"queued": CUSTOMERS}
    rpc.run_cron("mail.ir_cron_mail_scheduler_action")
    addresses = Counter(
        address for mail in smtp.mails for address in mail.recipients if address.startswith(run)
    )
    assert len(addresses) == CUSTOMERS
    assert set(addresses.values()) == {1}
    assert states(rpc, run)[0] == {"sent": CUSTOMERS}
