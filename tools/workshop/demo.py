"""``make demo``: a company to click through, its mailbox, and nothing that leaves the machine.

The demo database is built on the fast test cluster, then moved to the durable one. It stays, with
whatever was clicked in it, until the code or the demo's scripts change (or FRESH=1 asks).
"""

import os
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager
from dataclasses import replace

from . import databases, dist, paths, postgres, runtime, templates
from .console import WorkshopError, say, step
from .server import Server, free_port, is_taken

MAILS = paths.OWN / "mails"
RECIPE = paths.OWN / "demo-recipe"
STALE_DAYS = 7
DEMO_SCRIPTS = paths.CHECKOUT / "tools/demo"


def run(port: int, fresh: bool) -> None:
    _check_ports(port)
    workbench = runtime.prepare()
    database = databases.name("demo")
    with demo_cluster(workbench) as live:
        if fresh or not _is_current(workbench, database):
            _build(workbench, live, database)
        age = int((time.time() - RECIPE.stat().st_mtime) / 86400)
        if age >= STALE_DAYS:
            say(f"This demo was built {age} days ago; make demo FRESH=1 dates it from today.")
        _serve(live, database, port)


def serve(purpose: str, port: int) -> None:
    """Run Odoo and the mailbox on any of this checkout's databases."""
    _check_ports(port)
    ready = runtime.prepare()
    database = databases.name(purpose)
    if not databases.exists(ready.cluster, database):
        raise WorkshopError(f"There is no database {database}")
    _serve(ready, database, port)


def update() -> None:
    """Bring the demo database up to date with the code, keeping what was clicked."""
    workbench = runtime.prepare()
    database = databases.name("demo")
    with demo_cluster(workbench) as live:
        if not databases.exists(live.cluster, database):
            raise WorkshopError("There is no demo database yet; run make demo first")
        with step(f"Updating {paths.MODULE} in {database}"):
            live.install(database, [paths.MODULE], update=True, strict=True)
    built = RECIPE.stat().st_mtime if RECIPE.exists() else time.time()
    RECIPE.write_text(_recipe(workbench))
    os.utime(RECIPE, (built, built))  # the data are as old as before


@contextmanager
def demo_cluster(ready: runtime.Runtime):
    """A runtime on the durable cluster, which runs only while somebody uses it."""
    with paths.shared("demo-cluster", when_last=_stop_cluster_unless_used):
        postgres.DEMO.ensure_running()
        yield replace(ready, cluster=postgres.DEMO)


def _check_ports(port: int) -> None:
    for taken, use in ((port, "Odoo"), (port + 1, "the mailbox")):
        if is_taken(taken):
            raise WorkshopError(
                f"Port {taken}, meant for {use}, is in use. Stop what uses it, or choose another: "
                f"make demo PORT={port + 100}"
            )


def _recipe(workbench: runtime.Runtime) -> str:
    """Changes whenever the demo database would come out differently."""
    scripts = sorted(DEMO_SCRIPTS.rglob("*.py"))
    sources = [*map(paths.CHECKOUT.joinpath, dist.module_files()), *scripts]
    return paths.short_hash(
        templates.shop().database(workbench),
        *(part for file in sources for part in (str(file), file.read_bytes())),
    )


def _is_current(workbench: runtime.Runtime, database: str) -> bool:
    recorded = RECIPE.read_text() if RECIPE.exists() else None
    return recorded == _recipe(workbench) and databases.exists(postgres.DEMO, database)


def _build(workbench: runtime.Runtime, live: runtime.Runtime, database: str) -> None:
    recipe = _recipe(workbench)
    RECIPE.unlink(missing_ok=True)
    shutil.rmtree(MAILS, ignore_errors=True)
    building = templates.create(workbench, "building_demo", templates.shop())
    if (DEMO_SCRIPTS / "build.py").exists():
        smtp_port = free_port()
        say("Demo company …")
        with _mailbox(live, free_port(), smtp_port):
            _keep_local(workbench, building, "http://127.0.0.1", smtp_port)
            workbench.run_in(building, templates.script("build_demo"))
    with step("Moving the demo database to the durable cluster"):
        databases.transfer(workbench.cluster, building, live.cluster, database)
        databases.drop(workbench.cluster, building)
    RECIPE.write_text(recipe)


def _serve(ready: runtime.Runtime, database: str, port: int) -> None:
    smtp_port = free_port()
    log = paths.LOGS / f"{database}.log"
    server = Server(ready, database, log, port=port, smtp_port=smtp_port, crons=1)
    with _interruptible(), _mailbox(ready, port + 1, smtp_port):
        with step("Starting Odoo"):
            _keep_local(ready, database, server.url, smtp_port)
            server.start()
        try:
            say(f"\n  Odoo     {server.url}  (log in as admin, password admin)")
            say(f"  Mailbox  http://127.0.0.1:{port + 1}  (every mail Odoo sends)")
            say(f"  Log      {log}\n\nCtrl-C stops both.")
            server.process.wait()
            raise WorkshopError(f"Odoo stopped\n{runtime.tail(log)}")
        except KeyboardInterrupt:
            say("\nStopping …")
        finally:
            server.stop()


def _keep_local(ready: runtime.Runtime, database: str, url: str, smtp_port: int) -> None:
    ready.run_in(database, templates.script("stay_local"), url, str(smtp_port))


@contextmanager
def _mailbox(ready: runtime.Runtime, web_port: int, smtp_port: int):
    process = subprocess.Popen(
        [ready.python, "-m", "tools.mailbox", MAILS, f"--web-port={web_port}",
         f"--smtp-port={smtp_port}"],
        env=ready.environment(),
        cwd=paths.OWN,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        yield
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _interruptible():
    """A closed terminal or a polite kill ends the demo as Ctrl-C does, leaving no process."""

    def interrupt(*_signal):
        raise KeyboardInterrupt

    before = {
        number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop_cluster_unless_used() -> None:
    """Somebody may look into it with a program of their own."""
    others = postgres.DEMO.sql(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    if others == "0":
        postgres.DEMO.stop()
