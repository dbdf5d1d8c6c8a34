"""Eighteen months of invoices and payments: dollars through the ledger engine, euros by the ORM."""

from dataclasses import replace
from random import Random

from odoo import Command

from tools.ledger import generator, loader
from tools.ledger.progress import stage
from tools.ledger.rows import Invoice

from .catalogue import TEMPLATES, order_lines, tastes
from .customers import Customer

DAYS = 548
INVOICES_PER_CUSTOMER = (5, 18)


def make_up(rng: Random, known: list[Customer], partners: dict, today) -> list[Invoice]:
    """Everybody's invoices, and the payment terms that they follow on the customers."""
    env = next(iter(partners.values())).env
    terms = {
        15: env.ref("account.account_payment_term_15days"),
        30: env.ref("account.account_payment_term_30days"),
        45: env.ref("account.account_payment_term_45days"),
    }
    ledger = []
    for customer in known:
        term = rng.choice(generator.TERMS)
        partners[customer.name].property_payment_term_id = terms[term]
        payer = generator.Customer(customer.name, customer.habit, term, tastes(rng))
        ledger += generator.history(
            rng, payer, rng.randint(*INVOICES_PER_CUSTOMER), today, days=DAYS
        )
    orders = rng.sample(range(10_000, 99_999), len(ledger))
    return [
        replace(invoice, number=f"PO-{order}")
        for invoice, order in zip(generator.in_order(ledger), sorted(orders), strict=True)
    ]


def load_dollars(env, ledger: list[Invoice], partners: dict) -> None:
    loader.load(env, env.company, ledger, templates=TEMPLATES, partners=partners)


def load_euros(env, ledger: list[Invoice], partners: dict) -> None:
    """Rates move, so there are exchange differences, which are for Odoo to work out."""
    euro = env.ref("base.EUR")
    home = env["account.journal"].search([("type", "=", "sale")], limit=1)
    journal = env["account.journal"].create(
        {
            "name": "Sales Europe",
            "code": "EU",
            "type": "sale",
            "currency_id": euro.id,
            "default_account_id": home.default_account_id.id,
        }
    )
    moves = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "journal_id": journal.id,
                "currency_id": euro.id,
                "partner_id": partners[invoice.customer].id,
                "ref": invoice.number,
                "invoice_date": invoice.invoice_date,
                "invoice_date_due": invoice.due_date,
                "invoice_payment_term_id": False,
                "invoice_line_ids": lines_of(order_lines(invoice.template, invoice.amount)),
            }
            for invoice in ledger
        ]
    )
    moves._post(soft=False)
    with stage("Payments in euros", sum(len(invoice.payments) for invoice in ledger)) as progress:
        for move, invoice in zip(moves, ledger, strict=True):
            for payment in invoice.payments:
                pay(move, payment.date, float(payment.amount))
                progress.advance(1)


def lines_of(items) -> list:
    return [
        Command.create(
            {
                "name": text,
                "quantity": quantity,
                "price_unit": float(price),
                "tax_ids": [Command.clear()],
            }
        )
        for text, quantity, price in items
    ]


def pay(move, day, amount: float):
    wizard = (
        move.env["account.payment.register"]
        .with_context(active_model="account.move", active_ids=move.ids)
        .create({"payment_date": day, "amount": amount, "payment_difference_handling": "open"})
    )
    return wizard._create_payments()
