"""Milestones when processes run at the same time, or die: each is billed exactly once."""

import json
from uuid import uuid4

import pytest

PLANS = 10

DUE = """
partner = env["res.partner"].create({{"name": "{run}"}})
plans = env["billing.milestone.plan"].create([{{
    "name": f"{run}-{{i}}", "partner_id": partner.id, "invoicing_mode": "post",
    "line_ids": [(0, 0, {{"name": "Work", "price_unit": 100.0, "tax_ids": []}})],
    "milestone_ids": [
        (0, 0, {{"name": f"Part {{j}}", "amount": 50.0, "date": "2026-01-01"}}) for j in range(2)
    ],
}} for i in range({plans})])
plans.action_confirm()
"""

ENGINE = "env['billing.milestone']._cron_invoice()"
BY_HAND = """
milestones = env["billing.milestone"].search([("plan_id.name", "=like", "{run}-%")])
for milestone in milestones:
    try:
        milestone._invoice()
        env.cr.commit()
    except Exception:
        env.cr.rollback()
"""
COUNT = """
import json
moves = env["account.move"].search([("partner_id.name", "=", "{run}")])
print("FOUND", json.dumps([
    len(moves), len(moves.billing_milestone_id), sum(moves.mapped("amount_untaxed")),
    list(set(moves.mapped("state"))),
]))
"""


@pytest.fixture
def run(shell):
    run = uuid4().hex[:8]
    shell(DUE.format(run=run, plans=PLANS))
    return run


def found(shell, run):
    return json.loads(shell(COUNT.format(run=run)).split("FOUND")[1].splitlines()[0])


def test_two_engines_and_a_person_at_once(shell, start, run):
    workers = [start(ENGINE), start(ENGINE), start(BY_HAND.format(run=run))]
    for worker in workers:
        worker.wait(timeout=240)
    start(ENGINE).wait(timeout=120)
    assert found(shell, run) == [2 * PLANS, 2 * PLANS, 100.0 * PLANS, ["posted"]]


def test_killed_in_the_middle_and_started_again(shell, start, kill_when, run):
    kill_when(start(ENGINE), lambda: found(shell, run)[0] >= 3, within=120)
    start(ENGINE).wait(timeout=240)
    assert found(shell, run) == [2 * PLANS, 2 * PLANS, 100.0 * PLANS, ["posted"]]
