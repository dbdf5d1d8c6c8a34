"""Refreshing the cash forecast of a whole ledger, beside one plain aggregate of the same rows.

The plain aggregate is what somebody who knows the tables writes by hand for cash by due date: what
is open, by the week in which it is due. Ours also says when it will really come, with a range.
"""

import json
import subprocess

from tools.workshop import databases, runtime, templates
from tools.workshop.console import WorkshopError

from .results import record

SIZE = "10000x100000"
HEADER = ("What", "Plain aggregate", "billing_crm", "Ratio", "Queries", "Rows", "Rounds")


def run(ready: runtime.Runtime, size: str = SIZE) -> int:
    database = templates.create(ready, "bench_forecast", templates.shop())
    ready.run_in(database, templates.script("load_ledger"), "size", size)
    answer = subprocess.run(
        [ready.python, "-m", "bench.forecast_inside", database],
        env=ready.environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    databases.drop(ready.cluster, database)
    if answer.returncode:
        raise WorkshopError("the forecast bench failed")
    rows = json.loads(answer.stdout.splitlines()[-1])
    record(f"cash forecast, {size} (customers x invoices)", rows, HEADER)
    return 0
