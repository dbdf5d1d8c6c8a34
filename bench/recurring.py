"""Recurring invoices: 1,000 generated and posted, against Odoo's own batch create and post."""

from odoo.fields import Command

from .measure import compare

INVOICES = 1000
TITLE = f"{INVOICES:,} recurring invoices, created and posted"

# Of other modules for the same: seconds and queries for 1,000 drafts, which they do not post. Not
# measured in this run: figures taken once, that stand beside ours for orientation.
QUOTED = (("contract (OCA)", 45, 19_538), ("subscription_oca", 147, 48_561))


def run(databases):
    return [compare(TITLE, databases, _prepare, _bill, rounds=3)]


def quoted():
    """Return (title, seconds, queries) of what others need, marked as not measured in this run."""
    return [
        (f"{name}: 1,000 drafts, not posted; quoted, not measured", seconds, queries)
        for name, seconds, queries in QUOTED
    ]


def _prepare(env):
    """Return series that are due; where there are none, the values of the same invoices."""
    env.user.company_ids = [Command.link(env.company.id)]
    customers = env["res.partner"].search([("customer_rank", ">", 0)], limit=INVOICES, order="id")
    customers = [customers[position % len(customers)] for position in range(INVOICES)]
    product = env["product.product"].create({"name": "Hosting", "list_price": 40.0})
    env.cr.postcommit.clear()
    today = env["account.move"]._fields["date"].context_today(env["account.move"])
    if "billing.recurring" not in env:
        return [_invoice(env, customer, product, today) for customer in customers]
    series = env["billing.recurring"].create(
        [
            {
                "name": "Hosting",
                "partner_id": customer.id,
                "date_start": today,
                "user_id": env.uid,
                "line_ids": [
                    Command.create({**line, "name": text})
                    for line, text in zip(
                        _lines(env, product), ("Hosting {month}", "Support"), strict=True
                    )
                ],
            }
            for customer in customers
        ]
    )
    series.state = "running"
    return series


def _lines(env, product):
    tax = env["account.tax"].search(
        [*env["account.tax"]._check_company_domain(env.company), ("type_tax_use", "=", "sale")],
        limit=1,
    )
    common = {
        "product_id": product.id,
        "product_uom_id": product.uom_id.id,
        "discount": 0.0,
        "tax_ids": [Command.set(tax.ids)],
    }
    return (
        {**common, "quantity": 1.0, "price_unit": 40.0},
        {**common, "quantity": 3.0, "price_unit": 12.5},
    )


def _invoice(env, customer, product, today):
    journals = env["account.journal"]
    journal = journals.search(
        [*journals._check_company_domain(env.company), ("type", "=", "sale")], limit=1
    )
    positions = env["account.fiscal.position"]
    return {
        "move_type": "out_invoice",
        "company_id": env.company.id,
        "partner_id": customer.id,
        "journal_id": journal.id,
        "currency_id": env.company.currency_id.id,
        "fiscal_position_id": positions._get_fiscal_position(customer).id,
        "invoice_date": today,
        "invoice_origin": "Hosting",
        "invoice_user_id": env.uid,
        "invoice_line_ids": [
            Command.create({**line, "name": text})
            for line, text in zip(
                _lines(env, product), (f"Hosting {today:%B}", "Support"), strict=True
            )
        ],
    }


def _bill(env, prepared):
    """Run the job as the scheduler does, all but the commits; else create and post at once."""
    if isinstance(prepared, list):
        env["account.move"].create(prepared)._post(soft=False)
        return
    commit, env.cr.commit = env.cr.commit, env.cr.flush
    try:
        env["billing.recurring"]._cron_bill()
    finally:
        env.cr.commit = commit
    made = env["account.move"].search_count(
        [("billing_recurring_id", "in", prepared.ids), ("state", "=", "posted")]
    )
    assert made == INVOICES, f"{made} of {INVOICES}"
