"""Aging a whole ledger, today and as of a past date, beside one plain aggregate of the same rows.

The plain aggregate is what somebody who knows the tables writes by hand: no record rules, no
payment plans, disputes or promises. Of a past date it needs the reconciliations, as ours does.
"""

from tools.workshop import runtime

from . import ledger

SIZE = ledger.SIZE
HEADER = ("What", "Plain aggregate", "billing_crm", "Ratio", "Queries", "Open items", "Rounds")


def run(ready: runtime.Runtime, size: str = SIZE) -> int:
    return ledger.run(ready, "aging", size, "aging and key figures", HEADER)
