"""Deciding who is reminded, and writing it down: ours beside OCA's `account_credit_control`.

Both do two runs on the same ledger, the second when the first has been sent and the next level is
reached. OCA's figures are of its lines alone, without the messages that it makes of them
afterwards; ours are of everything that a mail is made of.
"""

import json
import subprocess

from tools.workshop import databases, paths, runtime, templates
from tools.workshop.console import WorkshopError, step

from . import peers
from .results import record

PEER = "odoo-addon-account_credit_control"
PEER_VERSION = "19.0.1.0.0.13"
PEER_MODULE = "account_credit_control"
SIZE = "10000x100000"
HEADER = ("What", "OCA, lines only", "billing_crm", "Times as fast", "OCA queries", "Queries",
          "OCA memory", "Memory", "OCA lines", "Installments", "Customers")  # fmt: skip


def run(ready: runtime.Runtime, size: str = SIZE, *, with_peer: bool = True) -> int:
    source = templates.create(ready, "bench_reminders", templates.shop(), with_module=False)
    ready.run_in(source, templates.script("load_ledger"), "size", size)
    ours = _measure(ready, source, "ours", paths.MODULE, str(paths.ADDONS))
    theirs = [{}] * len(ours)
    if with_peer:
        peer = peers.addons(peers.fetch(ready, PEER, PEER_VERSION))
        addons = f"{paths.ADDONS},{peer}"
        theirs = _measure(ready, source, "oca", PEER_MODULE, addons)
    databases.drop(ready.cluster, source)
    names = ("first run", "second run, two weeks later")
    rows = [_row(*figures) for figures in zip(names, theirs, ours, strict=True)]
    record(f"reminders, {size} (customers x invoices)", rows, HEADER)
    return 0


def _measure(ready, source, kind, module, addons):
    database = databases.name(f"bench_reminders_{kind}")
    databases.copy(ready.cluster, source, database)
    with step(f"Installing {module}"):
        ready.install(database, [module], addons=addons)
    figures = [_run_once(ready, database, addons, kind, number) for number in ("first", "second")]
    databases.drop(ready.cluster, database)
    return figures


def _run_once(ready, database, addons, kind, number):
    """One run in a process of its own, so that its memory is its own."""
    answer = subprocess.run(
        [ready.python, "-m", "bench.reminders_inside", database, kind, number],
        env={**ready.environment(), "ODOO_ADDONS_PATH": addons},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if answer.returncode:
        raise WorkshopError(f"the {number} run of {kind} failed")
    return json.loads(answer.stdout.splitlines()[-1])


def _row(name, theirs, ours):
    def shown(figures, key, unit=""):
        return f"{figures[key]:,.0f}{unit}" if figures else ""

    faster = f"{theirs['seconds'] / ours['seconds']:.0f}" if theirs else ""
    return (
        name,
        f"{theirs['seconds']:,.1f} s" if theirs else "",
        f"{ours['seconds']:,.2f} s",
        faster,
        shown(theirs, "queries"),
        shown(ours, "queries"),
        shown(theirs, "megabytes", " MB"),
        shown(ours, "megabytes", " MB"),
        shown(theirs, "lines"),
        shown(ours, "lines"),
        shown(ours, "customers"),
    )
