"""Expenses when two people are at it: each is charged once, and reimbursed once."""

REPORT = """
person = env["res.partner"].create({"name": "Spender"})
client = env["res.partner"].create({"name": "Client of two"})
report = env["billing.expense.report"].create({
    "description": "Visit", "partner_id": person.id, "line_ids": [(0, 0, {
        "name": "Train", "total_amount_currency": 40.0, "client_id": client.id, "tax_ids": []})]})
report.action_submit()
"""

CHARGED = (
    REPORT
    + """
report.action_approve()
invoices = env["account.move"].create(
    [{"move_type": "out_invoice", "partner_id": client.id} for _i in range(4)])
"""
)

TWO_CONNECTIONS = (
    CHARGED
    + """
from odoo import api
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
env.cr.commit()


def charge(cr, invoice):
    other = api.Environment(cr, env.uid, {})
    try:
        other["account.move"].browse(invoice.id).action_add_billing_expenses()
        other.flush_all()
        return "charged"
    except UserError as error:
        return "told" if "right now" in str(error) else "refused"
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        return "retry"


with env.registry.cursor() as one, env.registry.cursor() as two, env.registry.cursor() as three:
    for cr in (two, three):
        # both see the database before anything happens; to wait for the other would be for ever
        cr.execute("SELECT set_config('lock_timeout', '10s', false)")
    outcomes = [charge(one, invoices[0]), charge(two, invoices[1])]
    two.rollback()
    one.commit()
    outcomes.append(charge(three, invoices[2]))
    three.rollback()
env.invalidate_all()
lines = env["account.move.line"].search_count(
    [("billing_expense_id", "in", report.line_ids.ids), ("move_id", "in", invoices.ids)])
print("OUT", *outcomes, lines)
"""
)


def test_two_connections_one_charge(shell):
    """One is told that another is at it; one who looked before has to look again."""
    outcomes = shell(TWO_CONNECTIONS).split("OUT")[1].split()
    assert outcomes == ["charged", "told", "retry", "1"]


def test_four_invoices_at_once(rpc, shell, at_once):
    code = CHARGED + 'print("IDS", *invoices.ids)'
    invoices = [int(record_id) for record_id in shell(code).split("IDS")[1].split()]
    errors = at_once("account.move", "action_add_billing_expenses", invoices)
    assert len(errors) == 3, errors
    totals = rpc.call("account.move", "read", invoices, ["amount_untaxed"])
    assert sorted(move["amount_untaxed"] for move in totals) == [0.0, 0.0, 0.0, 40.0]


def test_four_approvals_at_once(rpc, shell, at_once):
    report = int(shell(REPORT + 'print("IDS", report.id)').split("IDS")[1])
    errors = at_once("billing.expense.report", "action_approve", [report] * 4)
    assert len(errors) == 3, errors
    [values] = rpc.call("billing.expense.report", "read", [report], ["name", "state"])
    assert values["state"] == "billed"
    assert rpc.call("account.move", "search_count", [("ref", "=", values["name"])]) == 1
