"""The commands; each is a thin wrapper around the module that does the work."""

import argparse
import sys
from pathlib import Path

from . import databases, paths, python_env, runtime, templates, testing
from .console import WorkshopError, say


def setup(_options) -> None:
    ready = runtime.prepare()
    for build in (templates.deps, templates.shop):
        build().ensure(ready)
    say(f"Ready: {paths.HOME}")


def run_in(options) -> None:
    ready = runtime.prepare()
    ready.run_in(databases.name(options.database), options.script, *options.arguments)


def create_database(options) -> None:
    ready = runtime.prepare()
    template = templates.TEMPLATES[options.template]()
    say(templates.create(ready, options.purpose, template, with_module=not options.without_module))


def test(options) -> None:
    testing.run_all(options.pattern)


def relock(_options) -> None:
    paths.prepare()
    python_env.relock()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tools.workshop", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")

    def command(name, function, description):
        sub = commands.add_parser(name, help=description)
        sub.set_defaults(function=function)
        return sub

    command("setup", setup, "fetch Odoo, build the environment and the template databases")
    sub = command("test", test, "run the tests")
    sub.add_argument("pattern", nargs="?", help="as for pytest -k")

    command("lock", relock, "compile requirements.in into requirements.lock")

    sub = command("run-in", run_in, "run a script in an Odoo environment")
    sub.add_argument("database")
    sub.add_argument("script", type=Path)
    sub.add_argument("arguments", nargs=argparse.REMAINDER)

    sub = command("create-database", create_database, "create a database from a template")
    sub.add_argument("purpose")
    sub.add_argument("--template", choices=templates.TEMPLATES, default="shop")
    sub.add_argument("--without-module", action="store_true")
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
