"""``make lint``: every linter runs, each prints only what it finds, one finding fails the whole."""

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from . import addresses, dist, node_env, paths, runtime, templates
from .console import WorkshopError, say

PRETTIER_KINDS = (".xml", ".js", ".mjs", ".scss", ".css")
# Files that another program writes, or that are not ours.
NOT_PRETTIFIED = ("static/description/", "static/lib/", "i18n/")


class Linters:
    """One method a linter; each yields commands, which all have to succeed."""

    def __init__(self, ready: runtime.Runtime) -> None:
        self.ready = ready
        self.module = paths.ADDONS / paths.MODULE

    def ruff(self) -> Iterator[list]:
        yield [self._program("ruff"), "check", "--no-cache", "--quiet", "."]
        yield [self._program("ruff"), "format", "--no-cache", "--quiet", "--diff", "."]

    def pylint_odoo(self) -> Iterator[list]:
        files = [self.module / file for file in dist.module_files() if file.suffix == ".py"]
        yield [
            self._program("pylint"), "--load-plugins=pylint_odoo", "--disable=all",
            "--enable=odoolint", "--valid-odoo-versions=19.0", "--score=n", *files,
        ]  # fmt: skip

    def prettier(self) -> Iterator[list]:
        yield [*self._prettier(), "--check", "--log-level=warn", *prettified()]

    def prettier_write(self) -> Iterator[list]:
        yield [*self._prettier(), "--write", "--log-level=warn", *prettified()]

    def eslint(self) -> Iterator[list]:
        scripts = [file for file in prettified() if file.suffix == ".js"]
        config = node_env.FOLDER / "eslint.config.mjs"
        yield [node_env.ensure() / ".bin/eslint", "--no-warn-ignored", "-c", config, *scripts]

    def odoo_test_lint(self) -> Iterator[list]:
        """Odoo's own linters, which know only whole installations, shown our module alone."""
        database = templates.create(self.ready, "lint", templates.lint())
        plugins = "tools.workshop.pytest_plugins"
        yield [
            self.ready.python, "-m", "pytest", "--quiet", "--tb=short", "--no-header",
            "--config-file=/dev/null", "-p", f"{plugins}.our_module_only",
            "-p", "no:cacheprovider", "-p", f"{plugins}.strict_skips",
            f"--odoo-database={database}",
            self.ready.odoo.path / "odoo/addons/test_lint/tests",
        ]  # fmt: skip

    def _prettier(self) -> list:
        modules = node_env.ensure()
        plugin = modules / "@prettier/plugin-xml/src/plugin.js"
        config = node_env.FOLDER / "prettier.json"
        return [modules / ".bin/prettier", f"--config={config}", f"--plugin={plugin}"]

    def _program(self, name: str) -> Path:
        return self.ready.venv / "bin" / name


def prettified() -> list[Path]:
    return [
        file
        for file in dist.module_files()
        if file.suffix in PRETTIER_KINDS and not file.as_posix().startswith(NOT_PRETTIFIED)
    ]


def run_all() -> None:
    linters = Linters(runtime.prepare())
    checks: list[Callable[[], Iterator[list]]] = [
        linters.ruff,
        linters.pylint_odoo,
        linters.prettier,
        linters.eslint,
        linters.odoo_test_lint,
    ]
    failed = [check.__name__ for check in checks if not _passes(linters, check)]
    found = addresses.find()
    if found:
        failed.append("addresses")
        say("addresses: of a registry or of this machine, in\n" + "\n".join(found))
    if failed:
        raise WorkshopError(f"failing: {', '.join(failed)}")


def format_all() -> None:
    linters = Linters(runtime.prepare())
    ruff = linters.ready.venv / "bin/ruff"
    for command in ([ruff, "check", "--fix", "--quiet", "."], [ruff, "format", "--quiet", "."]):
        subprocess.run(command, cwd=paths.CHECKOUT, check=False)
    _passes(linters, linters.prettier_write)


def _passes(linters: Linters, check: Callable[[], Iterator[list]]) -> bool:
    started = time.monotonic()
    try:
        results = [
            subprocess.run(
                list(map(str, command)),
                cwd=paths.CHECKOUT,
                env=linters.ready.environment(),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            for command in check()
        ]
    except WorkshopError as error:
        say(f"{check.__name__}: {error}")
        return False
    passed = not any(result.returncode for result in results)
    verdict = "passed" if passed else "FAILED"
    say(f"{check.__name__}: {verdict} in {time.monotonic() - started:.0f} s")
    if not passed:
        say("".join(result.stdout for result in results if result.returncode))
    return passed
