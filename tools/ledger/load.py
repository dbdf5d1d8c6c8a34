"""The script of ``make load`` (in an Odoo environment): ``--ledger FILE`` or ``--size 10x100``."""

import argparse
import sys
from pathlib import Path

from tools.ledger import LedgerError, main

parser = argparse.ArgumentParser(prog="make load")
source = parser.add_mutually_exclusive_group(required=True)
source.add_argument("--ledger", type=Path, help="a CSV file (see tools/ledger/reader.py)")
source.add_argument("--size", help="customers x invoices to make up, such as 100x1000")
options = parser.parse_args()
try:
    main(env, ledger=options.ledger, size=options.size)  # noqa: F821 - given by run-in
except LedgerError as error:
    sys.exit(f"Nothing was loaded:\n{error}")
