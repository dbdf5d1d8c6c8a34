"""Late charges when several people press the button at the same time: each is charged once."""

import json

MAKE = """
import json
from datetime import timedelta
from odoo import fields
today = fields.Date.today()
policy = env["billing.late.fee.policy"].create({"name": "At once", "margin": 10.0,
    "tier_ids": [(0, 0, {"amount_from": 0, "fee": 40.0})]})
partner = env["res.partner"].create({"name": "Late payer", "billing_late_fee_policy_id": policy.id})
invoice = env["account.move"].create({
    "move_type": "out_invoice", "partner_id": partner.id, "invoice_payment_term_id": False,
    "invoice_date": today - timedelta(days=60), "invoice_date_due": today - timedelta(days=30),
    "invoice_line_ids": [(0, 0, {"name": "Work", "price_unit": 3650.0, "tax_ids": []})]})
invoice.action_post()
lines = invoice._get_billing_late_lines()
proposals = env["billing.late.charge"]._propose(lines) if PROPOSE else []
print("IDS", json.dumps([invoice.id, [proposal.id for proposal in proposals]]))
"""


def make(shell, *, propose):
    output = shell(MAKE.replace("PROPOSE", str(propose)))
    return json.loads(output.split("IDS")[1].splitlines()[0])


def charges_of(rpc, invoice):
    return rpc.call(
        "billing.late.charge",
        "search_read",
        [("move_origin_id", "=", invoice)],
        ["kind", "state", "amount", "move_id"],
    )


def test_four_people_propose_at_once(rpc, shell, at_once):
    invoice, _proposals = make(shell, propose=False)
    assert not at_once("account.move", "action_billing_charge_late", [invoice] * 4)
    found = sorted((one["kind"], one["state"], one["amount"]) for one in charges_of(rpc, invoice))
    assert found == [("fee", "proposed", 40.0), ("interest", "proposed", 30.0)]


def test_four_people_approve_the_same_at_once(rpc, shell, at_once):
    """Those who come later are told that it waits for nobody any more."""
    invoice, proposals = make(shell, propose=True)
    errors = at_once("billing.late.charge", "action_approve", proposals[:1] * 4)
    assert len(errors) == 3
    assert all("waits for approval" in error for error in errors)
    charged = [one for one in charges_of(rpc, invoice) if one["state"] == "charged"]
    assert len(charged) == 1
    notes = rpc.call(
        "account.move", "search_read", [("debit_origin_id", "=", invoice)], ["amount_total"]
    )
    assert [note["amount_total"] for note in notes] == [charged[0]["amount"]]


def test_proposing_and_approving_at_once(rpc, shell, at_once):
    """Whoever proposes while somebody approves does not propose it again."""
    invoice, proposals = make(shell, propose=True)
    at_once("billing.late.charge", "action_approve", proposals + proposals)
    at_once("account.move", "action_billing_charge_late", [invoice] * 2)
    rest = [one["id"] for one in charges_of(rpc, invoice) if one["state"] == "proposed"]
    assert not rest
    notes = rpc.call(
        "account.move", "search_read", [("debit_origin_id", "=", invoice)], ["amount_total"]
    )
    assert sum(note["amount_total"] for note in notes) == 70.0
