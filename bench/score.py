"""Refreshing the scores and predictions of a whole ledger, beside one plain aggregate of it.

The plain aggregate is what somebody who knows the tables writes by hand to see how customers pay:
how many installments each has settled and how late on average, how many are open and how old the
oldest is. No weights, no probabilities, nothing is written.
"""

from tools.workshop import runtime

from . import ledger

SIZE = ledger.SIZE
HEADER = ("What", "Plain aggregate", "billing_crm", "Ratio", "Queries", "Rows", "Rounds")


def run(ready: runtime.Runtime, size: str = SIZE) -> int:
    return ledger.run(ready, "score", size, "scores and predictions", HEADER)
