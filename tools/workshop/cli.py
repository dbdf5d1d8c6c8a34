"""The commands; each is a thin wrapper around the module that does the work."""

import argparse
import subprocess
import sys
from contextlib import contextmanager, nullcontext
from pathlib import Path

from tools.backtest import reader
from tools.ledger.rows import LedgerError

from . import (
    cleaning,
    databases,
    demo,
    dist,
    linting,
    paths,
    python_env,
    runtime,
    templates,
    testing,
)
from .console import WorkshopError, say


def setup(_options) -> None:
    ready = runtime.prepare()
    templates.shop().ensure(ready)  # builds deps on the way
    say(f"Ready: {paths.HOME}")


def lock(_options) -> None:
    paths.prepare()
    python_env.relock()


def test(options) -> None:
    paths.prepare()
    with paths.lock(f"test_{paths.KEY}"):  # two runs would drop each other's databases
        testing.run_all(options.pattern)


def lint(_options) -> None:
    paths.prepare()
    with paths.lock(f"lint_{paths.KEY}"):
        linting.run_all()


def format_code(_options) -> None:
    linting.format_all()


def run_demo(options) -> None:
    demo.run(options.port, options.fresh)


def serve(options) -> None:
    demo.serve(options.database, options.port)


def update(_options) -> None:
    demo.update()


def shell(options) -> None:
    with _located(options.database) as (ready, database):
        command = ready.odoo_command(
            "shell", f"--database={database}", "--no-http", "--log-level=warn"
        )
        subprocess.run(command, env=ready.environment(database), check=False)


def run_in(options) -> None:
    with _located(options.database) as (ready, database):
        ready.run_in(database, options.script, *options.arguments)


def create_database(options) -> None:
    ready = runtime.prepare()
    template = templates.TEMPLATES[options.template]()
    say(templates.create(ready, options.purpose, template, with_module=not options.without_module))


def load(options) -> None:
    """The database "load" is made afresh; another one is used as it is, if it exists."""
    ready = runtime.prepare()
    database = databases.name(options.database)
    if options.database == "load" or not databases.exists(ready.cluster, database):
        templates.create(ready, options.database, templates.shop())
    source = ("size", options.size) if options.size else ("ledger", options.ledger.absolute())
    ready.run_in(database, templates.script("load_ledger"), *map(str, source))
    say(f"Look at it: make serve DB={options.database}")


def backtest(options) -> None:
    """The ledger is read twice: here so that a bad one is refused before anything is built."""
    if not options.out.absolute().parent.is_dir():
        raise WorkshopError(f"{options.out} cannot be written: there is no such folder")
    try:
        reader.read(options.ledger)
    except LedgerError as error:
        raise WorkshopError(str(error)) from error
    ready = runtime.prepare()
    with paths.lock(f"backtest_{paths.KEY}"):
        database = templates.reuse(ready, "backtest", templates.deps())
        files = (options.ledger.absolute(), options.out.absolute())
        ready.run_in(database, templates.script("backtest"), *map(str, files))


def bench(options) -> None:
    ready = runtime.prepare()
    script = paths.CHECKOUT / "bench/run.py"
    result = subprocess.run(
        [ready.python, script, *options.arguments], env=ready.environment(), check=False
    )
    if result.returncode:
        raise WorkshopError("the bench failed")


def pack(_options) -> None:
    dist.build()


def terms(_options) -> None:
    ready = runtime.prepare()
    database = templates.create(ready, "terms", templates.deps())
    target = paths.CHECKOUT / "i18n" / f"{paths.MODULE}.pot"
    ready.run_in(database, templates.script("export_terms"), str(target))
    databases.drop(ready.cluster, database)


def clean(options) -> None:
    cleaning.everything() if options.all else cleaning.checkout()


@contextmanager
def _located(purpose: str):
    """The database for a purpose, and a runtime on the cluster that has it."""
    ready = runtime.prepare()
    database = databases.name(purpose)
    with demo.demo_cluster(ready) if purpose == "demo" else nullcontext(ready) as there:
        if not databases.exists(there.cluster, database):
            have = [name for name in databases.names(there.cluster) if name.endswith(paths.KEY)]
            raise WorkshopError(f"There is no database {database}; there are: {', '.join(have)}")
        yield there, database


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tools.workshop", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")

    def command(name, function, description):
        sub = commands.add_parser(name, help=description)
        sub.set_defaults(function=function)
        return sub

    command("setup", setup, "fetch Odoo, build the environment and the template databases")
    command("lock", lock, "compile requirements.in into requirements.lock")
    command("lint", lint, "run every linter")
    command("format", format_code, "let the formatters rewrite the files")
    command("update", update, "update the module in the demo database")
    command("terms", terms, "write the translatable terms to i18n/")
    command("dist", pack, "pack the module alone into a zip")

    sub = command("test", test, "run the tests")
    sub.add_argument("pattern", nargs="?", help="as for pytest -k")

    sub = command("demo", run_demo, "run the demo")
    sub.add_argument("--port", type=int, default=8069)
    sub.add_argument("--fresh", action="store_true", help="build the demo database anew")

    sub = command("serve", serve, "run Odoo and the mailbox on a database")
    sub.add_argument("database")
    sub.add_argument("--port", type=int, default=8069)

    sub = command("shell", shell, "an Odoo shell on a database")
    sub.add_argument("database")

    sub = command("run-in", run_in, "run a script in an Odoo environment (see in_odoo.py)")
    sub.add_argument("database")
    sub.add_argument("script", type=Path)
    sub.add_argument("arguments", nargs=argparse.REMAINDER)

    sub = command("create-database", create_database, "create a database from a template")
    sub.add_argument("purpose")
    sub.add_argument("--template", choices=templates.TEMPLATES, default="shop")
    sub.add_argument("--without-module", action="store_true")

    sub = command("load", load, "load a ledger into a database")
    source = sub.add_mutually_exclusive_group(required=True)
    source.add_argument("--ledger", type=Path)
    source.add_argument("--size", help="customers x invoices, for example 10000x100000")
    sub.add_argument("--database", default="load")

    sub = command("backtest", backtest, "predict the past of a ledger, and compare")
    sub.add_argument("--ledger", type=Path, required=True)
    sub.add_argument("--out", type=Path, required=True)

    sub = command("bench", bench, "measure")
    sub.add_argument("arguments", nargs=argparse.REMAINDER)

    sub = command("clean", clean, "remove this checkout's databases and files")
    sub.add_argument("--all", action="store_true", help="everything, for all checkouts")
    return parser


def main() -> int:
    options = _parser().parse_args()
    try:
        options.function(options)
    except WorkshopError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0
