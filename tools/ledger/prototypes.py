"""Prototypes: one document of each sort, made, posted and reconciled by Odoo itself.

They live within a rehearsal, so that neither numbers nor messages nor
anything an add-on did about them remains; only a copy of their rows is kept, in temporary tables
named after the real ones. Whatever columns the installed modules add are in there too.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from odoo import Command, fields
from odoo.tools import SQL

from .rehearsal import rehearsal
from .rows import Invoice, LedgerError, Template

TABLES = (
    "account_move",
    "account_move_line",
    "account_payment",
    "account_partial_reconcile",
    "account_full_reconcile",
)
FATES_WITH_PAYMENT = ("partial", "paid")


@dataclass(frozen=True, slots=True)
class Prototype:
    """What a clone must know of its prototype: ids in the temporary tables, and names."""

    move_id: int
    journal_id: int
    name: str
    payment_id: int | None = None
    payment_move_id: int | None = None
    payment_journal_id: int | None = None
    payment_name: str | None = None
    payment_amount: Decimal | None = None
    partial_id: int | None = None


def temporary(table: str) -> SQL:
    """The temporary table with the prototypes' rows of ``table``."""
    return SQL.identifier(f"prototype_{table}")


def sort_of(invoice: Invoice) -> tuple[str, str, str]:
    """Documents of one sort are copies of the same prototype."""
    return invoice.template, invoice.move_type, invoice.fate


def build(env, company, sorts, templates: dict[str, Template]) -> dict[tuple, Prototype]:
    """Return a prototype for each sort, and leave their rows in the temporary tables."""
    with rehearsal(env):
        partner = env["res.partner"].create({"name": "Prototype", "is_company": True})
        prototypes = {
            sort: _build_one(env, company, partner, sort, templates[sort[0]])
            for sort in sorted(sorts)
        }
        env.flush_all()
        rows = {table: _rows(env, table, prototypes.values()) for table in TABLES}
    for table, content in rows.items():
        env.execute_query(SQL("DROP TABLE IF EXISTS %s", temporary(table)))
        env.execute_query(
            SQL(
                "CREATE TEMPORARY TABLE %s ON COMMIT DROP AS"
                " SELECT * FROM json_populate_recordset(NULL::%s, %s)",
                temporary(table),
                SQL.identifier(table),
                json.dumps(content),
            )
        )
    return prototypes


def _build_one(env, company, partner, sort, template) -> Prototype:
    _template, move_type, fate = sort
    today = fields.Date.context_today(partner)
    move = env["account.move"].create(
        {
            "move_type": move_type,
            "company_id": company.id,
            "partner_id": partner.id,
            "currency_id": company.currency_id.id,
            "ref": "Prototype",
            "invoice_date": today,
            "invoice_date_due": today + timedelta(days=30),
            "invoice_payment_term_id": False,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": name,
                        "quantity": quantity,
                        "price_unit": float(price),
                        "tax_ids": [Command.clear()],
                    }
                )
                for name, quantity, price in template.lines
            ],
        }
    )
    move._post(soft=False)
    if move.journal_id.restrict_mode_hash_table:
        raise LedgerError(
            f"Journal {move.journal_id.name} seals its entries; a ledger cannot be loaded into it."
        )
    values = {"move_id": move.id, "journal_id": move.journal_id.id, "name": move.name}
    if fate not in FATES_WITH_PAYMENT:
        return Prototype(**values)
    payment = _pay(env, move, move.amount_total / (1 if fate == "paid" else 2))
    lines = (move + payment.move_id).line_ids
    partial = lines.matched_debit_ids | lines.matched_credit_ids
    return Prototype(
        **values,
        payment_id=payment.id,
        payment_move_id=payment.move_id.id,
        payment_journal_id=payment.journal_id.id,
        payment_name=payment.move_id.name,
        payment_amount=Decimal(str(payment.amount)),
        partial_id=partial.id,
    )


def _pay(env, move, amount):
    wizard = (
        env["account.payment.register"]
        .with_context(active_model="account.move", active_ids=move.ids)
        .create({"amount": amount, "payment_difference_handling": "open"})
    )
    payment = wizard._create_payments()
    if not payment.move_id:
        raise LedgerError(f"Journal {payment.journal_id.name} makes no entries for payments.")
    return payment


def _rows(env, table: str, prototypes) -> list[dict]:
    moves = [p.move_id for p in prototypes] + [p.payment_move_id for p in prototypes]
    lines = env["account.move"].browse(filter(None, moves)).line_ids
    ids = {
        "account_move": lines.move_id,
        "account_move_line": lines,
        "account_payment": lines.payment_id,
        "account_partial_reconcile": lines.matched_debit_ids | lines.matched_credit_ids,
        "account_full_reconcile": lines.full_reconcile_id,
    }[table].ids
    [(content,)] = env.execute_query(
        SQL(
            "SELECT json_agg(row_to_json(row)) FROM %s AS row WHERE id = ANY(%s)",
            SQL.identifier(table),
            ids,
        )
    )
    return content or []
