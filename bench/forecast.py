"""Refreshing the cash forecast of a whole ledger, beside one plain aggregate of the same rows.

The plain aggregate is what somebody who knows the tables writes by hand for cash by due date: what
is open, by the week in which it is due. Ours also says when it will really come, with a range.
"""

from tools.workshop import runtime

from . import ledger

SIZE = ledger.SIZE
HEADER = ("What", "Plain aggregate", "billing_crm", "Ratio", "Queries", "Rows", "Rounds")


def run(ready: runtime.Runtime, size: str = SIZE) -> int:
    return ledger.run(ready, "forecast", size, "cash forecast", HEADER)
