"""The first view of each analysis on a large ledger, beside plain aggregates of the same rows.

The plain aggregates are what somebody who knows the tables writes by hand, without record rules,
margins, or where a customer came from. Both must give the same sums, to the cent.
"""

import json
import subprocess

from tools.workshop import databases, runtime, templates
from tools.workshop.console import WorkshopError

from .results import record

SIZE = "10000x100000"
HEADER = ("What", "Plain aggregate", "billing_crm", "Ratio", "Queries", "Rows", "Rounds")


def run(ready: runtime.Runtime, size: str = SIZE) -> int:
    database = templates.create(ready, "bench_analysis", templates.shop())
    ready.run_in(database, templates.script("load_ledger"), "size", size)
    answer = subprocess.run(
        [ready.python, "-m", "bench.analysis_inside", database],
        env=ready.environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    databases.drop(ready.cluster, database)
    if answer.returncode:
        raise WorkshopError("the analysis bench failed")
    rows = json.loads(answer.stdout.splitlines()[-1])
    record(f"analysis, {size} (customers x invoices)", rows, HEADER)
    return 0
