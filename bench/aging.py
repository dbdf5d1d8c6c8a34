"""Aging a whole ledger, today and as of a past date, beside one plain aggregate of the same rows.

The plain aggregate is what somebody who knows the tables writes by hand: no record rules, no
payment plans, disputes or promises. Of a past date it needs the reconciliations, as ours does.
"""

import json
import subprocess

from tools.workshop import databases, runtime, templates
from tools.workshop.console import WorkshopError

from .results import record

SIZE = "10000x100000"
HEADER = ("What", "Plain aggregate", "billing_crm", "Ratio", "Queries", "Open items", "Rounds")


def run(ready: runtime.Runtime, size: str = SIZE) -> int:
    database = templates.create(ready, "bench_aging", templates.shop())
    ready.run_in(database, templates.script("load_ledger"), "size", size)
    answer = subprocess.run(
        [ready.python, "-m", "bench.aging_inside", database],
        env=ready.environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    databases.drop(ready.cluster, database)
    if answer.returncode:
        raise WorkshopError("the aging bench failed")
    rows = json.loads(answer.stdout.splitlines()[-1])
    record(f"aging and key figures, {size} (customers x invoices)", rows, HEADER)
    return 0
