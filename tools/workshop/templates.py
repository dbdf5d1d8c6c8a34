"""Template databases: built once, copied in a second.

A template's name ends in a hash of all that goes into it, so a stale one is simply never found
again. It is built under another name and renamed when done, so a killed set-up leaves no half one.
"""

import ast
from dataclasses import dataclass
from pathlib import Path

from . import databases, dist, paths, python_env
from .console import step
from .runtime import Runtime

SCRIPTS = paths.WORKSHOP / "odoo_scripts"


@dataclass(frozen=True)
class Template:
    """``modules`` installed on top of ``base`` (or of nothing), then ``scripts`` run."""

    name: str
    modules: tuple[str, ...]
    scripts: tuple[str, ...] = ()
    base: "Template | None" = None

    def database(self, runtime: Runtime) -> str:
        ingredients = [
            self.base.database(runtime) if self.base else runtime.odoo.identity,
            python_env.key(),
            *self.modules,
            *(script(name).read_text() for name in self.scripts),
        ]
        return f"template_{self.name}_{paths.short_hash(*ingredients)}"

    def ensure(self, runtime: Runtime) -> str:
        """Return the name of the finished template database, building it if need be."""
        database = self.database(runtime)
        if databases.exists(runtime.cluster, database):
            return database
        base = self.base and self.base.ensure(runtime)
        with paths.lock(f"template-{self.name}"):
            if not databases.exists(runtime.cluster, database):
                self._build(runtime, database, base)
        return database

    def _build(self, runtime: Runtime, database: str, base: str | None) -> None:
        building = f"building_{self.name}"
        if base:
            databases.copy(runtime.cluster, base, building)
        else:
            databases.drop(runtime.cluster, building)
        with step(f"Template database '{self.name}': installing {', '.join(self.modules)}"):
            runtime.install(building, list(self.modules))
        for name in self.scripts:
            with step(f"Template database '{self.name}': {name.replace('_', ' ')}"):
                runtime.run_in(building, script(name))
        databases.rename(runtime.cluster, building, database)


def script(name: str) -> Path:
    """One of the workshop's own scripts that run inside Odoo."""
    return SCRIPTS / f"{name}.py"


def declared_dependencies() -> tuple[str, ...]:
    manifest = ast.literal_eval((paths.CHECKOUT / "__manifest__.py").read_text())
    return tuple(manifest["depends"])


def bare() -> Template:
    """Odoo and nothing else: where the packed module is installed."""
    return Template("bare", ("base",))


def deps() -> Template:
    """Exactly what the module declares: whatever it forgets to declare fails here."""
    return Template("deps", declared_dependencies(), ("pregenerate_assets",))


def shop() -> Template:
    """A company that can invoice and be paid: for end-to-end tests, demo, load and bench."""
    return Template("shop", ("payment_demo",), ("open_books", "pregenerate_assets"), deps())


def lint() -> Template:
    """The declared dependencies and Odoo's own linters."""
    return Template("lint", ("test_lint",), base=deps())


TEMPLATES = {"bare": bare, "deps": deps, "shop": shop, "lint": lint}


def create(runtime: Runtime, purpose: str, template: Template, *, with_module=True) -> str:
    """Create this checkout's database for a purpose afresh, and return its name."""
    source = template.ensure(runtime)
    database = databases.name(purpose)
    databases.copy(runtime.cluster, source, database)
    if with_module:
        with step(f"Installing {paths.MODULE} in {database}"):
            runtime.install(database, [paths.MODULE], strict=True)
    return database


def reuse(runtime: Runtime, purpose: str, template: Template) -> str:
    """Return this checkout's database for a purpose, as it was left.

    It is created afresh where it is missing, unfinished, or the module's code has changed since.
    """
    database = databases.name(purpose)
    made_of = paths.short_hash(template.database(runtime), *_code())
    if databases.comment(runtime.cluster, database) != made_of:
        create(runtime, purpose, template)
        databases.set_comment(runtime.cluster, database, made_of)
    return database


def _code():
    """What a database with the module depends on, name and content of each file."""
    for file in dist.module_files():
        if file.parts[0] not in ("tests", "static", "i18n") and file.suffix != ".md":
            yield str(file)
            yield (paths.CHECKOUT / file).read_bytes()
