"""Statements of account, ready to be made PDFs: ours beside OCA's `partner_statement`.

Both are installed in one database and write the same customers' open items as HTML, in turns.
"""

import json
import subprocess

from tools.workshop import databases, paths, runtime, templates
from tools.workshop.console import WorkshopError, step

from . import peers
from .results import record

PEER_MODULE = "partner_statement"
PEERS = {
    "odoo-addon-partner-statement": "19.0.1.1.0.16",
    "odoo-addon-report-xlsx": "19.0.1.0.2.2",
    "odoo-addon-report-xlsx-helper": "19.0.1.0.0.2",
}
SIZE = "10000x100000"
HEADER = ("What", "OCA", "billing_crm", "Ratio", "OCA queries", "Queries", "Each")


def run(ready: runtime.Runtime, size: str = SIZE) -> int:
    homes = [peers.addons(peers.fetch(ready, name, version)) for name, version in PEERS.items()]
    addons = ",".join(map(str, [paths.ADDONS, *homes]))
    database = templates.create(ready, "bench_statements", templates.shop())
    ready.run_in(database, templates.script("load_ledger"), "size", size)
    with step(f"Installing {PEER_MODULE}"):
        ready.install(database, [PEER_MODULE], addons=addons)
    answer = subprocess.run(
        [ready.python, "-m", "bench.statements_inside", database],
        env={**ready.environment(), "ODOO_ADDONS_PATH": addons},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if answer.returncode:
        raise WorkshopError("the statements failed")
    databases.drop(ready.cluster, database)
    rows = [_row(**figures) for figures in json.loads(answer.stdout.splitlines()[-1])]
    record(f"statements, {size} (customers x invoices)", rows, HEADER)
    return 0


def _row(what, count, ours, theirs=None):
    return (
        what,
        f"{theirs['seconds']:,.2f} s" if theirs else "",
        f"{ours['seconds']:,.2f} s",
        f"{ours['seconds'] / theirs['seconds']:.2f}" if theirs else "",
        f"{theirs['queries']:,}" if theirs else "",
        f"{ours['queries']:,}",
        f"{ours['seconds'] / count * 1000:.2f} ms",
    )
