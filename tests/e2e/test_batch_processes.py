"""Batches when processes run at the same time, or die: every invoice is posted and sent once."""

import json
from collections import Counter
from uuid import uuid4

import pytest

CUSTOMERS = 20
FAILING = 2  # the customers without an address

# A batch that a billing user has started, committed, and nobody has worked on yet.
STARTED = """
env.company.write({{"email": "billing@company.example",
    "external_report_layout_id": env.ref("web.external_layout_standard").id}})
partners = env["res.partner"].create([
    {{"name": f"Customer {{i}}", "email": f"{run}-{{i}}@customers.example" if i % 10 else False}}
    for i in range({customers})
])
moves = env["account.move"].create([{{
    "move_type": "out_invoice", "partner_id": partner.id,
    "invoice_line_ids": [(0, 0, {{"name": "Work", "price_unit": 100.0, "tax_ids": []}})],
}} for partner in partners])
batch = env["billing.batch"].with_user(env.ref("base.user_admin"))._start("send", moves)
print("BATCH", batch.id)
"""

WORKER = "env['billing.batch']._cron_work()"
POST_BATCH = """
batch = env["billing.batch"].browse({batch})
batch.line_ids.filtered(lambda line: line.state == "failed").partner_id.email = (
    "{run}-late@customers.example")
batch.with_user(env.ref("base.user_admin")).action_retry()
"""
PRINT_LINES = """
import json
lines = env["billing.batch"].browse({batch}).line_ids
print("LINES", json.dumps([
    [line.move_id.name, line.move_id.state, line.state, line.reason or ""] for line in lines
]))
"""


@pytest.fixture
def batch(shell):
    """A batch of this test alone: its id, and the beginning of its customers' addresses."""
    run = uuid4().hex[:8]
    printed = shell(STARTED.format(run=run, customers=CUSTOMERS))
    return int(printed.split("BATCH")[1]), run


def received(rpc, smtp, run):
    """Let the mail queue run, and count the mails each customer got."""
    rpc.run_cron("mail.ir_cron_mail_scheduler_action")
    addresses = [address for mail in smtp.mails for address in mail.recipients]
    return Counter(address for address in addresses if address.startswith(run))


def check(shell, rpc, smtp, batch, run):
    """All but the customers without address are posted and sent; numbers have no gap."""
    [state] = rpc.call("billing.batch", "read", [batch], ["state", "done_count", "failed_count"])
    assert (state["state"], state["done_count"], state["failed_count"]) == (
        "done", CUSTOMERS - FAILING, FAILING,
    )  # fmt: skip
    lines = json.loads(shell(PRINT_LINES.format(batch=batch)).split("LINES")[1])
    assert {line[1] for line in lines} == {"posted"}
    numbers = sorted(int(line[0].rsplit("/", 1)[1]) for line in lines)
    assert numbers == list(range(numbers[0], numbers[0] + CUSTOMERS))
    assert len([line for line in lines if "no e-mail address" in line[3]]) == FAILING
    mails = received(rpc, smtp, run)
    assert len(mails) == CUSTOMERS - FAILING
    assert set(mails.values()) == {1}


def done(rpc, batch):
    domain = [("batch_id", "=", batch), ("state", "!=", "waiting")]
    return rpc.call("billing.batch.line", "search_count", domain)


def test_two_workers_at_once_and_a_retry(rpc, shell, smtp, batch, start):
    batch, run = batch
    workers = [start(WORKER) for _worker in range(2)]
    for worker in workers:
        assert worker.wait(timeout=180) == 0
    check(shell, rpc, smtp, batch, run)
    assert all(
        [name for name in mail.attachments if name.endswith(".pdf")]
        for mail in smtp.mails
        if mail.recipients[0].startswith(run)
    )

    shell(POST_BATCH.format(batch=batch, run=run))
    rpc.run_cron("billing_crm.ir_cron_batch")
    assert received(rpc, smtp, run)[f"{run}-late@customers.example"] == FAILING
    [counts] = rpc.call("billing.batch", "read", [batch], ["done_count", "failed_count"])
    assert (counts["done_count"], counts["failed_count"]) == (CUSTOMERS, 0)


def posted(rpc, batch):
    domain = [("batch_id", "=", batch), ("move_id.state", "=", "posted")]
    return rpc.call("billing.batch.line", "search_count", domain)


@pytest.mark.parametrize("moment", [posted, done], ids=["before_sending", "while_sending"])
def test_killed_in_the_middle_and_started_again(rpc, shell, smtp, batch, start, kill_when, moment):
    batch, run = batch
    kill_when(start(WORKER), lambda: moment(rpc, batch))
    assert done(rpc, batch) < CUSTOMERS, "or it was not in the middle"

    assert start(WORKER).wait(timeout=180) == 0
    check(shell, rpc, smtp, batch, run)
