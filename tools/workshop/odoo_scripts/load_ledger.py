"""Load a ledger; a bad one is refused in one line, and nothing of it stays.

Arguments: "ledger" and a file, or "size" and customers x invoices.
"""

import sys

from tools import ledger
from tools.ledger.rows import LedgerError

kind, value = sys.argv[1:]
try:
    ledger.main(env, **{kind: value})
except LedgerError as error:
    sys.exit(f"error: {error}")
