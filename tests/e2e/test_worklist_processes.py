"""The worklist when it is refreshed by several processes while people work on it."""

from uuid import uuid4

CUSTOMERS = 60

OVERDUE = """
from datetime import date, timedelta
due = date.today() - timedelta(days=10)
partners = env["res.partner"].create([
    {{"name": f"{run} {{i}}"}} for i in range({customers})
])
env["account.move"].create([{{
    "move_type": "out_invoice", "partner_id": partner.id, "invoice_date": due,
    "invoice_date_due": due, "invoice_payment_term_id": False,
    "invoice_line_ids": [(0, 0, {{"name": "Work", "price_unit": 100.0, "tax_ids": []}})],
}} for partner in partners])._post()
"""

REFRESH = "env['billing.collection']._cron_refresh()"


def test_three_refresh_while_a_clerk_works(rpc, shell, start):
    """Each customer is on the list once, and nothing that the clerk wrote is lost."""
    run = uuid4().hex[:8]
    shell(OVERDUE.format(run=run, customers=CUSTOMERS))
    mine = [("partner_id.name", "=like", f"{run} %")]
    processes = [start(REFRESH) for _process in range(3)]
    for process in processes:
        assert process.wait(timeout=240) == 0
    rows = rpc.call("billing.collection", "search", mine)
    assert len(rows) == CUSTOMERS

    shell(f"env['account.move'].search([('partner_id.name', '=like', '{run} %')]).button_draft()")
    processes = [start(REFRESH) for _process in range(3)]
    for row in rows:
        rpc.call("billing.collection", "write", [row], {"notes": f"Call {row}"})
    for process in processes:
        assert process.wait(timeout=240) == 0
    start(REFRESH).wait(timeout=240)
    found = rpc.call("billing.collection", "search_read", mine, ["notes", "stage"])
    assert {row["id"] for row in found} == set(rows)
    assert all(f"Call {row['id']}" in row["notes"] for row in found)
    assert {row["stage"] for row in found} == {"done"}
