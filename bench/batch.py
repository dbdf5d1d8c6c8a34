"""One draft for each of many customers, beside the same drafts from Odoo's own batch create."""

from odoo.fields import Command

from .measure import compare

CUSTOMERS = 200
LINES = (("Membership", 1.0, 120.0), ("Newsletter", 4.0, 12.5))


def run(databases):
    return [compare(f"create {CUSTOMERS} drafts", databases, _customers, _create, rounds=3)]


def _customers(env):
    return env["res.partner"].search([("customer_rank", ">", 0)], limit=CUSTOMERS, order="id")


def _create(env, customers):
    """With the module: what the wizard does. Without: the fewest calls that write the same."""
    if "billing.batch.create" in env:
        wizard = env["billing.batch.create"].create(
            {
                "partner_ids": [Command.set(customers.ids)],
                "line_ids": [
                    Command.create({"name": name, "quantity": quantity, "price_unit": price})
                    for name, quantity, price in LINES
                ],
            }
        )
        batch = env["billing.batch"].browse(wizard.action_create()["res_id"])
        if batch.done_count != len(customers):
            raise AssertionError(batch.line_ids.mapped("reason"))
        return
    env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": customer.id,
                "invoice_line_ids": [
                    Command.create({"name": name, "quantity": quantity, "price_unit": price})
                    for name, quantity, price in LINES
                ],
            }
            for customer in customers
        ]
    )
