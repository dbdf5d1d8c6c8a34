"""Loads a receivables ledger into a company: customers, posted invoices, reconciled payments.

The ORM makes one document of each sort (open, partly paid, paid), which is then cloned by SQL;
afterwards the ORM computes a sample again and has to agree. `rows` is what a ledger is made of,
`reader` reads one from a CSV file, `generator` makes one up, `loader` loads it.
"""

import re
import time
from pathlib import Path

from .reader import read
from .rows import LedgerError

DEFAULT_COMPANY_NAMES = ("My Company", "YourCompany")


def main(env, ledger=None, size=None, company=None) -> None:
    """Load a CSV file, or a generated ledger of a size like 10000x100000, into a company."""
    from . import generator, loader  # they need Odoo, and the reader's tests do not

    started = time.monotonic()
    company = company or env.ref("base.main_company")
    if ledger:
        invoices = read(Path(ledger), company.currency_id.decimal_places)
        name = Path(ledger).stem
    else:
        match = re.fullmatch(r"(\d+)x(\d+)", size or "")
        if not match:
            raise LedgerError("give LEDGER=file.csv, or SIZE=customers x invoices (100x1000)")
        customers, count = map(int, match.groups())
        invoices = generator.generate(customers, count, loader.today(env))
        name = size
    if company.name in DEFAULT_COMPANY_NAMES:
        company.name = f"Ledger {name}"
    loader.open_books(env, company)
    loader.load(env, company, invoices)
    print(f"{len(invoices):,} invoices in {time.monotonic() - started:.1f} s")
