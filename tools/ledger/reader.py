"""Reading a ledger from a CSV file, all of it or nothing.

Columns: invoice, customer, invoice_date, due_date, settled_date (blank while open) and amount;
others are ignored. Dates are ISO. A settlement before the invoice date is a prepayment and fine.
"""

import csv
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from .rows import Invoice, LedgerError, Payment

COLUMNS = ("invoice", "customer", "invoice_date", "due_date", "settled_date", "amount")
SHOWN_PROBLEMS = 10
# Odoo's numbering recognises the years of these centuries
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


def read(path: Path, decimal_places: int = 2) -> list[Invoice]:
    """Return the ledger's invoices, or raise a LedgerError that names the malformed lines."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _read(csv.DictReader(file, restkey="surplus"), decimal_places)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LedgerError(f"{path} cannot be read: {error}") from error


def _read(reader: csv.DictReader, decimal_places: int) -> list[Invoice]:
    absent = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if absent:
        raise LedgerError(f"line 1: no column {', '.join(absent)}")
    invoices, problems, seen = [], [], {}
    for row in reader:
        line = reader.line_num
        try:
            invoice = _parse(row, decimal_places)
            first = seen.setdefault(invoice.number, line)
            if first != line:
                raise ValueError(f"invoice {invoice.number} is on line {first} already")
            invoices.append(invoice)
        except ValueError as error:
            problems.append(f"line {line}: {error}")
    if problems:
        shown = problems[:SHOWN_PROBLEMS]
        if len(problems) > len(shown):
            shown.append(f"… and {len(problems) - len(shown)} more")
        raise LedgerError("\n".join(shown))
    if not invoices:
        raise LedgerError("line 2: the ledger is empty")
    return invoices


def _parse(row: dict, decimal_places: int) -> Invoice:
    if "surplus" in row:
        raise ValueError("more fields than columns")
    text = {column: (row[column] or "").strip() for column in COLUMNS}
    for column in COLUMNS:
        if not text[column] and column != "settled_date":
            raise ValueError(f"{column} is missing")
    amount = _amount(text["amount"], decimal_places)
    settled = _date("settled_date", text["settled_date"]) if text["settled_date"] else None
    return Invoice(
        number=text["invoice"],
        customer=text["customer"],
        invoice_date=_date("invoice_date", text["invoice_date"]),
        due_date=_date("due_date", text["due_date"]),
        amount=amount,
        payments=(Payment(settled, abs(amount)),) if settled else (),
    )


def _date(column: str, text: str) -> date:
    try:
        value = date.fromisoformat(text)
    except ValueError:
        value = None
    # newer Pythons also read 20260105 and 2026-W02-1
    if value is None or value.isoformat() != text:
        raise ValueError(f"{column} {text!r} is not a date (YYYY-MM-DD)")
    if not FIRST_DAY <= value <= LAST_DAY:
        raise ValueError(f"{column} {text!r} is out of range")
    return value


def _amount(text: str, decimal_places: int) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"amount {text!r} is not a number") from None
    if not value.is_finite():
        raise ValueError(f"amount {text!r} is not a number")
    if not value:
        raise ValueError("amount is zero")
    if value != round(value, decimal_places):
        raise ValueError(f"amount {text!r} has more than {decimal_places} decimals")
    return value
