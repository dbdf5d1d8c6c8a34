"""What late installments cost: all of a large ledger in one pass.

A statutory policy applies to every customer: a reference rate that changes each half-year, and a
fixed fee.
"""

import json
import subprocess

from tools.workshop import databases, runtime, templates
from tools.workshop.console import WorkshopError

from .results import record

SIZE = "10000x100000"
HEADER = ("What", "Installments", "Lines of the calculations", "Seconds", "Queries", "Memory")


def run(ready: runtime.Runtime, size: str = SIZE) -> int:
    database = templates.create(ready, "bench_interest", templates.shop())
    ready.run_in(database, templates.script("load_ledger"), "size", size)
    answer = subprocess.run(
        [ready.python, "-m", "bench.interest_inside", database],
        env=ready.environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if answer.returncode:
        raise WorkshopError("computing interest failed")
    databases.drop(ready.cluster, database)
    rows = [
        (
            figures["what"],
            f"{figures['installments']:,}",
            f"{figures['segments']:,}",
            f"{figures['seconds']:.2f} s",
            str(figures["queries"]),
            f"{figures['megabytes']:,.0f} MB",
        )
        for figures in json.loads(answer.stdout.splitlines()[-1])
    ]
    record(f"late interest, {size} (customers x invoices)", rows, HEADER)
    return 0
