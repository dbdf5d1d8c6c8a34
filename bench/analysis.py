"""The first view of each analysis on a large ledger, beside plain aggregates of the same rows.

The plain aggregates are what somebody who knows the tables writes by hand, without record rules,
margins, or where a customer came from. Both must give the same sums, to the cent.
"""

from tools.workshop import runtime

from . import ledger

SIZE = ledger.SIZE
HEADER = ("What", "Plain aggregate", "billing_crm", "Ratio", "Queries", "Rows", "Rounds")


def run(ready: runtime.Runtime, size: str = SIZE) -> int:
    return ledger.run(ready, "analysis", size, "analysis", HEADER)
