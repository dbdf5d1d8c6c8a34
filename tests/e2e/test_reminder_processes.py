"""Reminders when processes run at the same time, or die: every customer has exactly one mail."""

import json
from collections import Counter
from contextlib import contextmanager
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller

from tools.mailbox.sink import Handler
from tools.workshop.server import free_port

CUSTOMERS = 500

# Of as many ladders, dealt out in turn: each customer must get the message of their own level.
TEMPLATES = ("reminder_1", "reminder_2", "reminder_3")
SUBJECTS = ("Reminder", "Second reminder", "Final reminder")
KILLS = 50

OVERDUE = """
from datetime import date, timedelta
env.company.write({{"billing_reminders_enabled": True, "email": "billing@company.example",
                    "billing_reminders_decided_on": False}})
due = date.today() - timedelta(days=10)
ladders = env["billing.reminder.policy"].create([
    {{"name": template, "applies": "chosen", "level_ids": [(0, 0, {{
        "name": template, "delay_days": 7,
        "mail_template_id": env.ref(f"billing_crm.mail_template_{{template}}").id,
    }})]}} for template in {templates}
])
partners = env["res.partner"].create([
    {{"name": f"Customer {{i}}", "email": f"{run}-{{i}}@customers.example",
      "billing_reminder_policy_id": ladders[i % len(ladders)].id}}
    for i in range({customers})
])
env["account.move"].create([{{
    "move_type": "out_invoice", "partner_id": partner.id, "invoice_date": due,
    "invoice_date_due": due, "invoice_payment_term_id": False,
    "invoice_line_ids": [(0, 0, {{"name": "Work", "price_unit": 100.0, "tax_ids": []}})],
}} for partner in partners])._post()
"""

# Hundreds of messages on a first day would wait for a manager otherwise.
UNWATCHED = """
from odoo.addons.billing_crm.models.collections.reminders import billing_reminder_volume
billing_reminder_volume.FIRST_DAY_LIMIT = billing_reminder_volume.UNUSUAL_FROM = 1_000_000
"""

ENGINE = f"""{UNWATCHED}
env["billing.reminder"]._cron_remind()
env["mail.mail"].process_email_queue()
"""

# The engine runs in children of a process that has loaded Odoo already, so that fifty of them can
# be killed within a minute: each is somewhere in deciding, writing, or sending.
KILLED = (
    UNWATCHED
    + """
import os, random, signal, sys, time
from odoo import api, sql_db, SUPERUSER_ID
from odoo.modules.registry import Registry

random.seed({seed})
database = env.cr.dbname
env.cr.commit()
sql_db.close_all()


def engine():
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {{}})
        env["billing.reminder"]._cron_remind()
        cr.commit()
        env["mail.mail"].process_email_queue()


def run(seconds):
    child = os.fork()
    if not child:
        try:
            engine()
        finally:
            os._exit(0)
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        if os.waitpid(child, os.WNOHANG)[0]:
            return False
        time.sleep(0.001)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


# mostly short ones, or a fast machine is done before the fiftieth; on a slow one an engine may find
# that the connection of the one before is not gone yet, and ends by itself
kills = 0
for _attempt in range(2 * {kills}):
    kills += run(random.triangular(0.05, {longest}, 0.05))
    if kills == {kills}:
        break
print("KILLS", kills)
while run(300):
    pass
sys.stdout.flush()
os._exit(0)  # the connection that would be committed now is closed
"""
)


@pytest.fixture
def overdue(shell):
    """Make overdue customers of a test alone; returns the beginning of their addresses."""

    def overdue(customers):
        run = uuid4().hex[:8]
        shell(OVERDUE.format(run=run, customers=customers, templates=TEMPLATES))
        return run

    return overdue


def count_mails(mails, run):
    addresses = [address for mail in mails for address in mail.recipients]
    return Counter(address for address in addresses if address.startswith(run))


def check_subjects(mails, run):
    """Each customer's message is the one of their own level."""
    for mail in mails:
        for address in mail.recipients:
            if address.startswith(run):
                number = int(address.partition("@")[0].rpartition("-")[2])
                assert mail.subject.partition(":")[0] == SUBJECTS[number % len(SUBJECTS)]


def states(rpc, run):
    rows = rpc.call(
        "billing.reminder", "search_read", [("partner_id.email", "=like", f"{run}%")], ["state"]
    )
    return Counter(row["state"] for row in rows)


def test_killed_at_fifty_points(rpc, smtp, overdue, shell):
    run = overdue(CUSTOMERS)
    printed = shell(KILLED.format(seed=run.__hash__(), kills=KILLS, longest=0.9))
    assert f"KILLS {KILLS}" in printed, "or the run was over before"
    received = count_mails(smtp.mails, run)
    assert len(received) == CUSTOMERS
    assert Counter(received.values()) == {1: CUSTOMERS}
    check_subjects(smtp.mails, run)
    assert states(rpc, run) == {"sent": CUSTOMERS}


def test_three_engines_at_once(rpc, smtp, overdue, start):
    run = overdue(120)
    engines = [start(ENGINE) for _engine in range(3)]
    for engine in engines:
        engine.wait(timeout=120)
    start(ENGINE).wait(timeout=120)
    received = count_mails(smtp.mails, run)
    assert len(received) == 120
    assert set(received.values()) == {1}
    check_subjects(smtp.mails, run)
    assert states(rpc, run) == {"sent": 120}


class Moody(Handler):
    """A mail server that does not take every mail."""

    def __init__(self, deliver, mood):
        super().__init__(deliver)
        self.mood = mood
        self.asked = 0

    async def handle_DATA(self, server, session, envelope):
        self.asked += 1
        answer = await self.mood(self.asked, server)
        return answer or await super().handle_DATA(server, session, envelope)


@contextmanager
def mail_server(rpc, mails, mood):
    """Let the engine talk to a mail server of this mood."""
    controller = Controller(Moody(mails.append, mood), hostname="127.0.0.1", port=free_port())
    controller.start()
    [server] = rpc.call("ir.mail_server", "search_read", [], ["smtp_port"])
    rpc.call("ir.mail_server", "write", [server["id"]], {"smtp_port": controller.port})
    try:
        yield
    finally:
        rpc.call("ir.mail_server", "write", [server["id"]], {"smtp_port": server["smtp_port"]})
        controller.stop()


def work(rpc, start, run, *, retry=False):
    if retry:
        domain = [("partner_id.email", "=like", f"{run}%"), ("state", "=", "failed")]
        rpc.call("billing.reminder", "action_retry", rpc.call("billing.reminder", "search", domain))
    start(ENGINE).wait(timeout=120)


async def refuse(asked, _server):
    return "451 Come back later" if asked % 4 == 1 else None


async def hang_up(asked, server):
    """Say nothing, and close the connection in the middle of the conversation."""
    if asked % 7 == 3:
        server.transport.close()
        return "421 Gone"
    return None


async def be_slow(asked, server):
    if asked % 5 == 0:
        import asyncio

        await asyncio.sleep(0.3)


@pytest.mark.parametrize("mood", [refuse, hang_up, be_slow])
def test_a_mail_server_in_a_bad_mood(rpc, smtp, overdue, start, mood):
    """What it refused or hung up on is in the list of failures; the others have their mail."""
    run = overdue(40)
    with mail_server(rpc, smtp.mails, mood):
        work(rpc, start, run)
    received = count_mails(smtp.mails, run)
    assert not received or set(received.values()) == {1}
    after = states(rpc, run)
    assert after["sent"] == len(received), json.dumps(after)
    assert after["sent"] + after["failed"] == 40
    assert bool(after["failed"]) == (mood is not be_slow)
    work(rpc, start, run, retry=True)
    received = count_mails(smtp.mails, run)
    assert (len(received), set(received.values())) == (40, {1})
    assert states(rpc, run) == {"sent": 40}


def test_no_mail_server_at_all(rpc, smtp, overdue, start):
    """Everybody is in the list of failures, with the reason, and nobody is forgotten."""
    run = overdue(5)
    [server] = rpc.call("ir.mail_server", "search_read", [], ["smtp_port"])
    rpc.call("ir.mail_server", "write", [server["id"]], {"smtp_port": free_port()})
    try:
        work(rpc, start, run)
    finally:
        rpc.call("ir.mail_server", "write", [server["id"]], {"smtp_port": server["smtp_port"]})
    assert states(rpc, run) == {"failed": 5}
    work(rpc, start, run, retry=True)
    assert Counter(count_mails(smtp.mails, run).values()) == {1: 5}
