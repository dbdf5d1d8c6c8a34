"""Money that goes out, and how much is in the bank: what a cash forecast needs besides invoices."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import Command

SUPPLIERS = {
    "Nordwood Components": (("Birch panels", 18400, -4), ("Oak panels", 22650, 12)),
    "Kestrel Upholstery": (("Fabric, 400 yards", 9300, 6), ("Foam", 4120, 19)),
    "Bluff Street Properties": (("Showroom, service charges", 2890, 9),),
    "Cascade Freight": (("Deliveries of last month", 6745, -2), ("Deliveries", 5310, 26)),
}

IN_THE_BANK, UNDERWAY = 119400, 6150
MINIMUM = 10000


def plan(env, today) -> None:
    """Vendor bills, wages, rent and taxes, and a balance that they bring below the minimum."""
    for name, bills in SUPPLIERS.items():
        partner = env["res.partner"].create({"name": name, "supplier_rank": 1})
        moves = env["account.move"].create(
            [
                {
                    "move_type": "in_invoice",
                    "partner_id": partner.id,
                    "ref": f"{name[:3].upper()}-{number}",
                    "invoice_date": today + timedelta(days=days - 30),
                    "invoice_date_due": today + timedelta(days=days),
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": text, "price_unit": price, "tax_ids": [Command.clear()]}
                        )
                    ],
                }
                for number, (text, price, days) in enumerate(bills, start=1701)
            ]
        )
        moves.action_post()
    _spend(env, today)
    month_end = today + relativedelta(day=31)
    env["billing.planned.cash"].create(
        [
            {"name": "Wages", "amount": 61500, "date": month_end, "repeat": "month"},
            {
                "name": "Rent of workshop and showroom",
                "amount": 11800,
                "date": month_end + timedelta(days=1),
                "repeat": "month",
            },
            {
                "name": "Estimated tax",
                "amount": 24000,
                "date": today + timedelta(days=20),
                "repeat": "quarter",
            },
            {
                "name": "Sale of the old delivery van",
                "direction": "in",
                "amount": 14500,
                "date": today + timedelta(days=33),
            },
        ]
    )


def _spend(env, today) -> None:
    """The bank has confirmed most payments, and most of the year's money was spent."""
    outlook = env["billing.cash.outlook"]
    company = env.company
    bank = env["account.journal"].search(
        [("company_id", "=", company.id), ("type", "=", "bank")], limit=1
    )
    outstanding = env.ref(f"account.{company.id}_account_journal_payment_debit_account_id")
    expense = env["account.account"].search(
        [("company_ids", "in", company.ids), ("account_type", "=", "expense")], limit=1
    )
    confirmed = outlook._get_balances(company, today)["balance_underway"] - UNDERWAY
    balance = outlook._get_balances(company, today)["balance"]
    entry = env["account.move"].create(
        {
            "journal_id": bank.id,
            "date": today - timedelta(days=45),
            "ref": "Wages, rent and materials of the past year",
            "line_ids": [
                Command.create({"account_id": account.id, "balance": amount})
                for account, amount in (
                    (outstanding, -confirmed),
                    (expense, balance - IN_THE_BANK - UNDERWAY),
                    (bank.default_account_id, confirmed - balance + IN_THE_BANK + UNDERWAY),
                )
            ],
        }
    )
    entry.action_post()
    company.billing_minimum_balance = MINIMUM
