"""What an ordinary month does not have: notes, instalments, drafts, and business to come."""

from datetime import timedelta
from random import Random

from odoo import Command

from .catalogue import TEMPLATES
from .sales import lines_of, pay

REASONS = ("Damaged in transit", "Delivered twice", "Wrong colour", "Agreed discount")
OPPORTUNITIES = (
    ("New office, second floor", 18400, 0),
    ("Refit of the reception", 7200, 1),
    ("Forty task chairs", 10560, 2),
    ("Acoustics for the open space", 5900, 1),
    ("Meeting rooms, phase two", 14300, 2),
    ("Furniture rental, one year", 4620, 0),
    ("Lighting concept", 3850, 0),
    ("Move to the new building", 26800, 1),
    ("Height-adjustable desks for everyone", 21900, 2),
    ("Maintenance contract", 2880, 1),
    ("Showroom corner", 6400, 0),
    ("Library shelving", 9700, 2),
)


def credit_notes(env, today, rng: Random) -> None:
    """Some cancel an open invoice; the others are still the customer's to use."""
    open_invoices = _invoices(env, "not_paid", today - timedelta(days=40), today)
    paid = _invoices(env, "paid", today - timedelta(days=150), today)
    for invoice in _some(rng, open_invoices, 4) + _some(rng, paid, 4):
        day = min(today, invoice.invoice_date + timedelta(days=rng.randint(4, 12)))
        wizard = (
            env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create(
                {"date": day, "reason": rng.choice(REASONS), "journal_id": invoice.journal_id.id}
            )
        )
        wizard.refund_moves()
        note = wizard.new_move_ids
        note.invoice_line_ids[1:].unlink()
        if invoice.payment_state == "paid":
            note.invoice_line_ids.quantity = 1
        note._post(soft=False)
        if invoice.payment_state != "paid":
            _match(invoice, note)


def debit_notes(env, today, rng: Random) -> None:
    """Charged on top of an invoice: express delivery, forgotten the first time."""
    for invoice in _some(rng, _invoices(env, "paid", today - timedelta(days=60), today), 5):
        day = today - timedelta(days=rng.randint(1, 9))
        wizard = (
            env["account.debit.note"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"reason": "Express delivery", "date": day})
        )
        wizard.create_debit()
        note = env["account.move"].search([("debit_origin_id", "=", invoice.id)])
        note.write(
            {
                "invoice_date": note.date,
                "invoice_line_ids": lines_of([("Express delivery", 1, 120)]),
            }
        )
        note._post(soft=False)


def instalments(env, today, partners, rng: Random) -> None:
    """Larger orders paid in thirds; of each the first is settled, of one the second is overdue."""
    third = [
        Command.create({"value": "percent", "value_amount": share, "nb_days": days})
        for share, days in ((34, 30), (33, 60), (33, 90))
    ]
    term = env["account.payment.term"].create(
        {"name": "Three instalments: 30, 60, 90 days", "line_ids": [Command.clear(), *third]}
    )
    for partner, age in zip(rng.sample(partners, 5), (20, 45, 50, 66, 75), strict=True):
        items = TEMPLATES["meeting"].lines + TEMPLATES["desks"].lines
        invoice = _invoice(
            env,
            partner,
            today - timedelta(days=age),
            [(text, 3 * quantity, price) for text, quantity, price in items],
            invoice_payment_term_id=term.id,
        )
        invoice._post(soft=False)
        first = invoice.line_ids.filtered("date_maturity").sorted("date_maturity")[0]
        if first.date_maturity <= today:
            pay(invoice, first.date_maturity, first.amount_currency)


def drafts(env, today, partners, rng: Random) -> None:
    for partner in rng.sample(partners, 6):
        basket = rng.choice(sorted(TEMPLATES))
        _invoice(env, partner, today, TEMPLATES[basket].lines)


def opportunities(env, today, partners, salespeople, rng: Random) -> None:
    stages = env["crm.stage"].search([("is_won", "=", False)], order="sequence")
    env["crm.lead"].create(
        [
            {
                "type": "opportunity",
                "name": title,
                "partner_id": partner.id,
                "expected_revenue": revenue,
                "stage_id": stages[position % len(stages)].id,
                "user_id": (partner.user_id or salespeople[0]).id,
                "date_deadline": today + timedelta(days=rng.randint(7, 70)),
            }
            for (title, revenue, position), partner in zip(
                OPPORTUNITIES, rng.sample(partners, len(OPPORTUNITIES)), strict=True
            )
        ]
    )


def _some(rng: Random, items: list, count: int) -> list:
    """As many as wanted, or as there are: on some days there are few."""
    return rng.sample(items, min(count, len(items)))


def _invoices(env, payment_state: str, first_day, last_day) -> list:
    return list(
        env["account.move"].search(
            [
                ("move_type", "=", "out_invoice"),
                ("payment_state", "=", payment_state),
                ("currency_id", "=", env.company.currency_id.id),
                ("invoice_date", ">=", first_day),
                ("invoice_date", "<", last_day - timedelta(days=14)),
                ("debit_origin_id", "=", False),
            ],
            order="id",
        )
    )


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


def _match(invoice, note) -> None:
    """Odoo has matched them by itself already if the note is of the whole invoice."""
    lines = (invoice + note).line_ids
    lines.filtered(
        lambda line: line.account_type == "asset_receivable" and not line.reconciled
    ).reconcile()
