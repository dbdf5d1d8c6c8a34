"""Installing into a company with a past: how much longer than into an empty database?"""

import time
from statistics import median

from tools.workshop import databases, paths, runtime, templates

from .results import record

SIZE = "10000x100000"
ROUNDS = 2
HEADER = ("What", "Empty database", f"{SIZE} invoices", "More")


def run(ready: runtime.Runtime) -> int:
    sources = [
        templates.create(ready, "bench_empty", templates.shop(), with_module=False),
        _large(ready),
    ]
    times = {source: [] for source in sources}
    for _round in range(ROUNDS):
        for source in sources:
            times[source].append(_install(ready, source))
    empty, large = (median(times[source]) for source in sources)
    row = ("install billing_crm", f"{empty:.1f} s", f"{large:.1f} s", f"{large - empty:+.1f} s")
    record(f"installation, {ROUNDS} rounds", [row], HEADER)
    return 0


def _large(ready: runtime.Runtime) -> str:
    database = templates.create(ready, "bench_large", templates.shop(), with_module=False)
    ready.run_in(database, templates.script("load_ledger"), "size", SIZE)
    return database


def _install(ready: runtime.Runtime, source: str) -> float:
    database = databases.name("bench_install")
    databases.copy(ready.cluster, source, database)
    started = time.monotonic()
    ready.install(database, [paths.MODULE])
    elapsed = time.monotonic() - started
    databases.drop(ready.cluster, database)
    return elapsed
