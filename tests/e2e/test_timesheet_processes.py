"""Hours that several people bill at the same moment: every hour is billed once."""

import json
from uuid import uuid4

import pytest

PEOPLE = 4

HOURS = """
partner = env["res.partner"].create({{"name": "{name}"}})
rates = env["billing.hourly.rate"]
if not rates.search([("partner_id", "=", False), ("user_id", "=", False)]):
    rates.create({{"rate": 100.0}})
hours = env["account.analytic.line"].create([
    {{"billing_entry": True, "partner_id": partner.id, "name": f"Step {{i}}", "unit_amount": 1.0}}
    for i in range(20)
])
env.cr.commit()
print(partner.id)
"""

# Two connections, each with a transaction of its own, step by step in one process.
TWO_CONNECTIONS = """
import json, psycopg2
from contextlib import ExitStack
from odoo.exceptions import UserError

def bill(env):
    wizard = env["billing.timesheet.invoice"].create({{"partner_ids": [(6, 0, [{partner}])]}})
    return wizard.action_create_invoices()["res_id"]

def attempt(work, *args):
    try:
        return work(*args) and "done"
    except UserError as error:
        return str(error)
    except psycopg2.errors.SerializationFailure:
        return "again"

said = []
with ExitStack() as stack:
    def connect():
        return env(cr=stack.enter_context(env.registry.cursor()))
    {steps}
print(json.dumps(said))
"""


@pytest.fixture
def customer(shell):
    """The id of a customer of this test alone, with 20 unbilled hours."""
    return int(shell(HOURS.format(name=f"Hours {uuid4().hex[:8]}")).splitlines()[-1])


@pytest.fixture
def two_connections(shell, customer):
    def run(steps):
        indented = "\n    ".join(steps.strip().splitlines())
        return json.loads(
            shell(TWO_CONNECTIONS.format(partner=customer, steps=indented)).splitlines()[-1]
        )

    return run


def billed(rpc, customer):
    """(number of invoices that are not cancelled, hours on their lines)."""
    domain = [("partner_id", "=", customer), ("move_id.state", "!=", "cancel"),
              ("display_type", "=", "product")]  # fmt: skip
    lines = rpc.call("account.move.line", "search_read", domain, ["move_id", "quantity"])
    return len({line["move_id"][0] for line in lines}), sum(line["quantity"] for line in lines)


def test_the_second_is_told_while_the_first_is_at_it(rpc, customer, two_connections):
    said = two_connections("""
first, second = connect(), connect()
said.append(attempt(bill, first))
said.append(attempt(bill, second))
first.cr.commit()
second.cr.rollback()
said.append(attempt(bill, second))
""")
    assert said[0] == "done"
    assert "Someone else" in said[1]
    assert "no unbilled hours" in said[2]
    assert billed(rpc, customer) == (1, 20.0)


def test_the_second_had_looked_before_the_first_was_done(rpc, customer, two_connections):
    """Odoo runs a request again after a serialization failure; then the hours are billed."""
    said = two_connections("""
first, second = connect(), connect()
second["account.analytic.line"].search_count([])
said.append(attempt(bill, first))
first.cr.commit()
said.append(attempt(bill, second))
second.cr.rollback()
said.append(attempt(bill, second))
""")
    assert said[:2] == ["done", "again"]
    assert "no unbilled hours" in said[2]
    assert billed(rpc, customer) == (1, 20.0)


def test_a_cancelled_invoice_comes_back_while_its_hours_are_billed(rpc, customer, two_connections):
    said = two_connections("""
first, second = connect(), connect()
move_id = bill(first)
first["account.move"].browse(move_id).button_cancel()
first.cr.commit()
second["account.analytic.line"].search_count([])
first["account.move"].browse(move_id).button_draft()
first.flush_all()
said.append(attempt(bill, second))
first.cr.commit()
second.cr.rollback()
said.append(attempt(bill, second))
""")
    assert "Someone else" in said[0]
    assert "no unbilled hours" in said[1]
    assert billed(rpc, customer) == (1, 20.0)


def test_an_hour_is_corrected_while_it_is_billed(rpc, customer, two_connections):
    said = two_connections(
        """
first, second = connect(), connect()
hours = second["account.analytic.line"].search([("partner_id", "=", {partner})], limit=1)
hours.unit_amount
said.append(attempt(bill, first))
first.cr.commit()
def correct():
    hours.unit_amount = 5.0
    second.flush_all()
    return True
said.append(attempt(correct))
second.cr.rollback()
said.append(attempt(correct))
""".replace("{partner}", str(customer))
    )
    assert said[:2] == ["done", "again"]
    assert "cannot be changed" in said[2]
    assert billed(rpc, customer) == (1, 20.0)


def test_four_people_click_at_once(rpc, customer, at_once):
    wizards = [
        rpc.call("billing.timesheet.invoice", "create", {"partner_ids": [[6, 0, [customer]]]})
        for _person in range(PEOPLE)
    ]
    said = at_once("billing.timesheet.invoice", "action_create_invoices", wizards)
    assert len(said) == PEOPLE - 1, said
    assert all("Someone else" in answer or "no unbilled hours" in answer for answer in said), said
    assert billed(rpc, customer) == (1, 20.0)
