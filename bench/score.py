"""Refreshing the scores and predictions of a whole ledger, beside one plain aggregate of it.

The plain aggregate is what somebody who knows the tables writes by hand to see how customers pay:
how many installments each has settled and how late on average, how many are open and how old the
oldest is. No weights, no probabilities, nothing is written.
"""

import json
import subprocess

from tools.workshop import databases, runtime, templates
from tools.workshop.console import WorkshopError

from .results import record

SIZE = "10000x100000"
HEADER = ("What", "Plain aggregate", "billing_crm", "Ratio", "Queries", "Rows", "Rounds")


def run(ready: runtime.Runtime, size: str = SIZE) -> int:
    database = templates.create(ready, "bench_score", templates.shop())
    ready.run_in(database, templates.script("load_ledger"), "size", size)
    answer = subprocess.run(
        [ready.python, "-m", "bench.score_inside", database],
        env=ready.environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    databases.drop(ready.cluster, database)
    if answer.returncode:
        raise WorkshopError("the score bench failed")
    rows = json.loads(answer.stdout.splitlines()[-1])
    record(f"scores and predictions, {size} (customers x invoices)", rows, HEADER)
    return 0
