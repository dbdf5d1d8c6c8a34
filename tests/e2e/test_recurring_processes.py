"""Billing when processes run at the same time, or die: every period has exactly one bill."""

from uuid import uuid4

import pytest

SERIES = 24
PERIODS = 3

DUE = """
from datetime import date
from dateutil.relativedelta import relativedelta
start = date.today() - relativedelta(months={periods} - 1)
partners = env["res.partner"].create([
    {{"name": f"Customer {{i}}", "email": f"{run}-{{i}}@customers.example"}}
    for i in range({series})
])
env["billing.recurring"].create([{{
    "name": "{run}", "partner_id": partner.id, "date_start": start, "on_bill": "{on_bill}",
    "line_ids": [(0, 0, {{"name": "Work {{month}}", "price_unit": 100.0, "tax_ids": []}})],
}} for partner in partners]).state = "running"
"""

# Small batches, so that there is a middle to be killed in.
ENGINE = """
from odoo.addons.billing_crm.models.documents.recurring import billing_recurring_engine
billing_recurring_engine.BATCH_SIZE = 3
env['billing.recurring']._cron_bill()
"""
SENDER = """
from odoo.addons.billing_crm.models.documents.recurring import billing_recurring_send
billing_recurring_send.BATCH_SIZE = 2
env['billing.recurring.period']._cron_send()
"""

# Two transactions that begin before either has claimed the period, and a third one later.
TWO_CONNECTIONS = """
import threading
from odoo.api import Environment
from odoo.modules.registry import Registry
series = env["billing.recurring"].search([("name", "=", "{run}")], limit=1)
row = series._prepare_period(1, "billed")
env.cr.commit()
outcomes = []

def claim(cursor):
    try:
        claimed = Environment(cursor, 1, {{}})["billing.recurring.period"]._claim([row])
        outcomes.append(len(claimed))
    except Exception as error:
        outcomes.append(type(error).__name__)
        cursor.rollback()

registry = Registry(env.cr.dbname)
with registry.cursor() as first, registry.cursor() as second, registry.cursor() as third:
    second.execute("SELECT 1")
    claim(first)
    racer = threading.Thread(target=claim, args=[second])
    racer.start()
    racer.join(1)
    outcomes.append("waits" if racer.is_alive() else "does not wait")
    first.commit()
    racer.join(30)
    claim(third)
print(outcomes)
"""


@pytest.fixture
def due(shell):
    """Make series with periods that are due, and return the name they have in common."""

    def due(on_bill="post", series=SERIES):
        run = uuid4().hex[:8]
        shell(DUE.format(run=run, series=series, periods=PERIODS, on_bill=on_bill))
        return run

    return due


def bills(rpc, run, *domain):
    return rpc.call("account.move", "search_count", [("invoice_origin", "=", run), *domain])


def billed_periods(rpc, run):
    """Return how many different periods of different series have a bill."""
    rows = rpc.call(
        "billing.recurring.period",
        "search_read",
        [("recurring_id.name", "=", run), ("state", "=", "billed"), ("move_id", "!=", False)],
        ["recurring_id", "number", "move_id"],
    )
    assert len({row["move_id"][0] for row in rows}) == len(rows)
    return len(rows)


def assert_each_billed_once(rpc, run):
    assert billed_periods(rpc, run) == SERIES * PERIODS
    assert bills(rpc, run) == SERIES * PERIODS
    assert bills(rpc, run, ("state", "=", "posted")) == SERIES * PERIODS


def test_two_connections_want_one_period(shell, due):
    outcomes = shell(TWO_CONNECTIONS.format(run=due(series=1)))
    assert outcomes == "[1, 'waits', 'SerializationFailure', 0]"


def test_three_engines_at_once(rpc, due, start):
    run = due()
    engines = [start(ENGINE) for _engine in range(3)]
    for engine in engines:
        engine.wait(timeout=180)
    start(ENGINE).wait(timeout=120)
    assert_each_billed_once(rpc, run)


@pytest.mark.parametrize("moment", [1, 20, 50])
def test_killed_in_the_middle_and_started_again(rpc, due, start, kill_when, moment):
    run = due()
    kill_when(start(ENGINE), lambda: bills(rpc, run) >= moment)
    killed_after = bills(rpc, run)
    assert moment <= killed_after < SERIES * PERIODS, "or it was not in the middle"
    assert billed_periods(rpc, run) == killed_after, "a bill and its period are one"

    start(ENGINE).wait(timeout=120)
    assert_each_billed_once(rpc, run)


def test_two_senders_send_each_bill_once(rpc, smtp, due, start, kill_when):
    run = due("send", series=4)
    start(ENGINE).wait(timeout=120)
    waiting = [("recurring_id.name", "=", run), ("send_state", "=", "queued")]
    senders = [start(SENDER) for _sender in range(2)]

    def some_are_sent():
        left = rpc.call("billing.recurring.period", "search_count", waiting)
        return left <= 4 * PERIODS - 3

    kill_when(senders[0], some_are_sent)
    for sender in senders:
        sender.wait(timeout=300)
    start(SENDER).wait(timeout=300)
    rpc.run_cron("mail.ir_cron_mail_scheduler_action")
    addresses = [address for mail in smtp.mails for address in mail.recipients]
    received = [address for address in addresses if address.startswith(run)]
    assert len(received) == 4 * PERIODS
    assert {received.count(address) for address in received} == {PERIODS}
