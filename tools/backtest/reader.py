"""Reading a ledger in which every row has its outcome; all of it or nothing.

Columns, in any order, beside any others: invoice, customer, invoice_date, due_date and
settled_date, which is blank for what was never settled. Dates are ISO. Fields are separated by
commas, semicolons or tabs. Invoice numbers may repeat and customers be blank: a row is a row, and
of a blank customer nothing is known.
"""

import csv
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tools.ledger.rows import LedgerError

COLUMNS = ("invoice", "customer", "invoice_date", "due_date", "settled_date")
DELIMITERS = ",;\t|"
SHOWN_PROBLEMS = 10
# A date as databases export it may have a time, which says nothing.
ISO_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}\S*)?")


@dataclass(frozen=True, slots=True)
class Invoice:
    number: str
    customer: str
    invoice_date: date
    due_date: date
    settled_date: date | None


def read(path: Path) -> list[Invoice]:
    """Return the invoices in the file's order, or raise a LedgerError that names what is wrong."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            delimiter = _find_delimiter(file.readline())
            file.seek(0)
            return _read(csv.reader(file, delimiter=delimiter))
    except UnicodeDecodeError as error:
        raise LedgerError(f"{path} is not in UTF-8: {error.reason}") from error
    except (OSError, csv.Error) as error:
        raise LedgerError(f"{path} cannot be read: {error}") from error


def _find_delimiter(header: str) -> str:
    """The one that separates most of the columns' names."""
    return max(DELIMITERS, key=lambda delimiter: len(_names(header, delimiter) & {*COLUMNS}))


def _names(header: str, delimiter: str) -> set[str]:
    return {_name(text.strip().strip('"')) for text in header.split(delimiter)}


def _name(text: str) -> str:
    return text.strip().lower()


def _read(reader) -> list[Invoice]:
    header = [_name(text) for text in next(reader, [])]
    absent = [column for column in COLUMNS if column not in header]
    if absent:
        raise LedgerError(f"line 1: no column {', '.join(absent)}")
    twice = [column for column in COLUMNS if header.count(column) > 1]
    if twice:
        raise LedgerError(f"line 1: more than one column {', '.join(twice)}")
    places = [header.index(column) for column in COLUMNS]
    invoices, problems = [], []
    for row in reader:
        if not row:  # an empty line
            continue
        try:
            if len(row) != len(header):
                raise ValueError(f"{len(row)} fields, but {len(header)} columns")
            invoices.append(_parse(*(row[place] for place in places)))
        except ValueError as error:
            problems.append(f"line {reader.line_num}: {error}")
    if problems:
        shown = problems[:SHOWN_PROBLEMS]
        if len(problems) > len(shown):
            shown.append(f"… and {len(problems) - len(shown)} more")
        raise LedgerError("\n".join(shown))
    return invoices


def _parse(number, customer, invoice_date, due_date, settled_date) -> Invoice:
    return Invoice(
        number=number,
        customer=customer.strip(),
        invoice_date=_date("invoice_date", invoice_date),
        due_date=_date("due_date", due_date),
        settled_date=_date("settled_date", settled_date) if settled_date.strip() else None,
    )


def _date(column: str, text: str) -> date:
    match = ISO_DATE.fullmatch(text.strip())
    try:
        return date.fromisoformat(match[1] if match else "")
    except ValueError:
        if not text.strip():
            raise ValueError(f"{column} is missing") from None
        raise ValueError(f"{column} {text!r} is not a date (YYYY-MM-DD)") from None
