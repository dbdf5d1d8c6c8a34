"""A bench in a process of its own, on a database with a ledger that is made for it and dropped."""

import json
import subprocess

from tools.workshop import databases, runtime, templates
from tools.workshop.console import WorkshopError

from .results import record

SIZE = "10000x100000"


def run(ready: runtime.Runtime, name: str, size: str, title: str, header: tuple[str, ...]) -> int:
    """Run ``bench.<name>_inside``, which prints rows as JSON, and record them under a title.

    :param size: customers x invoices of the ledger
    """
    database = templates.create(ready, f"bench_{name}", templates.shop())
    ready.run_in(database, templates.script("load_ledger"), "size", size)
    answer = subprocess.run(
        [ready.python, "-m", f"bench.{name}_inside", database],
        env=ready.environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    databases.drop(ready.cluster, database)
    if answer.returncode:
        raise WorkshopError(f"the {name} bench failed")
    rows = json.loads(answer.stdout.splitlines()[-1])
    record(f"{title}, {size} (customers x invoices)", rows, header)
    return 0
