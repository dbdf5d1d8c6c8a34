"""Replay a ledger: arguments are the file with it, and the one for the predictions."""

import sys

from tools import backtest
from tools.ledger.rows import LedgerError

try:
    backtest.main(env, *sys.argv[1:])
except LedgerError as error:
    sys.exit(f"error: {error}")
