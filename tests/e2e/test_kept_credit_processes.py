"""Kept credit when two people confirm at the same time: it is spent once."""

from collections import Counter

CREDIT = """
partner = env["res.partner"].create({"name": "Two at once"})
line = lambda amount: [(0, 0, {"name": "Work", "price_unit": amount, "tax_ids": []})]
credit = env["account.move"].create({
    "move_type": "out_refund", "partner_id": partner.id, "billing_credit_use": "keep",
    "invoice_line_ids": line(50.0)})
credit._post()
invoices = env["account.move"].create([{
    "move_type": "out_invoice", "partner_id": partner.id, "billing_use_credit": True,
    "invoice_payment_term_id": False, "invoice_line_ids": line(40.0)} for _i in range(4)])
print("IDS", credit.id, *invoices.ids)
"""


def test_two_invoices_share_one_credit(rpc, shell, at_once):
    """The requests run in transactions of their own; Odoo repeats what collides."""
    credit, *invoices = map(int, shell(CREDIT).split("IDS")[1].split())
    assert not at_once("account.move", "action_post", invoices)
    moves = rpc.call(
        "account.move", "read", [credit, *invoices], ["amount_residual", "amount_total", "state"]
    )
    assert {move["state"] for move in moves} == {"posted"}
    assert moves[0]["amount_residual"] == 0.0
    applied = [move["amount_total"] - move["amount_residual"] for move in moves[1:]]
    assert Counter(applied) == {0.0: 2, 10.0: 1, 40.0: 1}
