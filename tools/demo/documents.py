"""Documents out of the ordinary: a type of the company's own, credit, charges, and many at once."""

from datetime import timedelta

from odoo import Command

from .sales import lines_of


def retainer(env, today, partners) -> None:
    """A type that the company made for itself, with two months of documents."""
    retainer_type = env["billing.invoice.type"].create(
        {
            "name": "Retainer",
            "behavior": "standard",
            "sequence": 15,
            "title": "Retainer",
            "number_prefix": "RET",
            "accent_color": "#2f6f5e",
            "footer": "<p>A retainer is set against the hours of the following quarter.</p>",
            "payment_term_id": env.ref("account.account_payment_term_15days").id,
            "properties_definition": [
                {"name": "contract", "string": "Contract", "type": "char"},
                {"name": "manager", "string": "Project Manager", "type": "char"},
            ],
        }
    )
    moves = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "billing_type_id": retainer_type.id,
                "partner_id": partner.id,
                "invoice_date": today - timedelta(days=days),
                "invoice_line_ids": lines_of([("Space planning, retainer for a quarter", 1, 1800)]),
                "billing_properties": {
                    "contract": f"FW-{today.year}-{number:02}",
                    "manager": partner.user_id.name,
                },
            }
            for number, (partner, days) in enumerate(
                zip(partners[:3], (41, 12, 2), strict=True), start=1
            )
        ]
    )
    moves._post(soft=False)


def kept_credit(env, today, partner) -> None:
    """A credit is kept for the next invoice, of which there is a draft that offers it."""
    invoice = _invoice(env, partner, today - timedelta(days=16), [("Task chair Fjord", 4, 264)])
    invoice._post(soft=False)
    wizard = (
        env["account.move.reversal"]
        .with_context(active_model="account.move", active_ids=invoice.ids)
        .create(
            {
                "date": today - timedelta(days=5),
                "reason": "One chair arrived damaged",
                "billing_credit_use": "keep",
                "journal_id": invoice.journal_id.id,
            }
        )
    )
    wizard.refund_moves()
    wizard.new_move_ids.invoice_line_ids.quantity = 1
    wizard.new_move_ids._post(soft=False)
    _invoice(env, partner, today, [("Floor mat, clear, 120 × 90 cm", 12, 36)])


def mixed(env, today, partner) -> None:
    """One document that charges the missing item of an invoice and credits a wrong one."""
    invoice = _invoice(
        env,
        partner,
        today - timedelta(days=20),
        [("Acoustic panel, felt", 10, 74), ("Installation, hours", 5, 68)],
    )
    invoice._post(soft=False)
    document = _invoice(
        env,
        partner,
        today - timedelta(days=3),
        [("Ceiling baffle, set of three", 2, 189), ("Installation, hours not worked", -2, 68)],
        billing_type="mixed",
    )
    document.invoice_line_ids.billing_adjusted_move_id = invoice
    document._post(soft=False)


def batches(env, today, partners, clerk) -> None:
    """A fee for many customers: drafted, then posted but for one that somebody emptied."""
    work = env(user=clerk, context={**env.context, "lang": clerk.lang})
    wizard = work["billing.batch.create"].create(
        {
            "partner_ids": [Command.set(partners.ids)],
            "invoice_date": today,
            "ref": f"Service fee {today.year + 1}",
            "line_ids": [
                Command.create(
                    {"name": "Service fee, one year", "price_unit": 180, "tax_ids": False}
                )
            ],
        }
    )
    created = env["billing.batch"].browse(wizard.action_create()["res_id"])
    created.line_ids.move_id[4].invoice_line_ids.unlink()
    work["billing.batch"].browse(created.id).action_post()
    while env["billing.batch"]._work_chunk():
        pass


def _invoice(env, partner, day, items, **values):
    return env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_date": day,
            "invoice_line_ids": lines_of(items),
            **values,
        }
    )
