"""``make bench``: what the module costs, compared with Odoo alone.

* ``make bench``: posting, many drafts at once, invoice list, customer form
* ``make bench ARGS=install``: installing into an empty and into a large database (minutes)
* ``make bench ARGS=reminders``: deciding reminders, beside the OCA module (20 minutes)
* ``make bench ARGS=interest``: what all late installments of a large ledger cost
* ``make bench ARGS=statements``: writing statements of account, beside the OCA module
* ``make bench ARGS="reminders --size 100000x1000000"``: the same on another ledger, ours alone
* ``make bench ARGS=aging``: aging and key figures of a large ledger, beside plain SQL (minutes)
* ``make bench ARGS=score``: refreshing scores and predictions of a large ledger, beside plain SQL
* ``make bench ARGS=forecast``: refreshing the cash forecast of a large ledger, beside plain SQL
* ``make bench ARGS=analysis``: the first view of each analysis, beside plain SQL (minutes)
"""

import argparse
import subprocess
import sys

from bench import aging, analysis, forecast, install, interest, reminders, score, statements
from tools.workshop import databases, paths, runtime, templates
from tools.workshop.console import WorkshopError, step

SIZE = "1000x10000"

# Those that measure a ledger of a size, ours beside plain SQL or a peer.
OF_A_SIZE = {
    "aging": aging,
    "forecast": forecast,
    "analysis": analysis,
    "interest": interest,
    "score": score,
    "statements": statements,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument(
        "what",
        nargs="?",
        choices=("speed", "install", "reminders", *OF_A_SIZE),
        default="speed",
    )
    parser.add_argument("--size", help="of the ledger; reminders go without OCA's module then")
    options = parser.parse_args()
    try:
        ready = runtime.prepare()
        if options.what == "install":
            return install.run(ready)
        if options.what == "reminders":
            return reminders.run(ready, options.size or reminders.SIZE, with_peer=not options.size)
        if options.what in OF_A_SIZE:
            bench = OF_A_SIZE[options.what]
            return bench.run(ready, options.size or bench.SIZE)
        return _run(ready)
    except WorkshopError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _run(ready: runtime.Runtime) -> int:
    alone = templates.create(ready, "bench_alone", templates.shop(), with_module=False)
    ready.run_in(alone, templates.script("load_ledger"), "size", SIZE)
    ours = databases.name("bench_ours")
    databases.copy(ready.cluster, alone, ours)
    with step("Installing billing_crm"):
        ready.install(ours, [paths.MODULE])
    command = [ready.python, "-m", "bench.inside", f"{SIZE} (customers x invoices)", alone, ours]
    return subprocess.run(command, env=ready.environment(), check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
