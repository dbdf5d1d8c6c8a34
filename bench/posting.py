"""Posting invoices: what everybody waits for."""

from odoo.fields import Command

from .measure import compare

INVOICES = 500


def run(databases):
    return [compare(f"post {INVOICES} invoices", databases, _drafts, _post, rounds=5)]


def _drafts(env):
    customers = env["res.partner"].search([("customer_rank", ">", 0)], limit=100, order="id")
    return env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": customers[position % len(customers)].id,
                "invoice_date": "2030-01-15",
                "invoice_line_ids": [Command.create({"name": "Thing", "price_unit": 100})],
            }
            for position in range(INVOICES)
        ]
    )


def _post(_env, moves):
    moves._post(soft=False)
