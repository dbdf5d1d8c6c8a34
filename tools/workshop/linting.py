"""``make lint``: every linter runs, each prints only what it finds, one finding fails the whole."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from . import addresses, dist, node_env, paths, runtime, templates
from .console import WorkshopError, run, say

PRETTIER_KINDS = (".xml", ".js", ".mjs", ".scss", ".css")
# Files that another program writes, or that are not ours.
NOT_PRETTIFIED = ("static/description/", "static/lib/", "i18n/")


class Linters:
    """One method a linter; each yields commands, which all have to succeed.

    Those of Odoo's world look at a copy of what ``make dist`` packs, in a folder of the right
    name: they would take tools, benches and end-to-end tests for parts of the module.
    """

    def __init__(self, ready: runtime.Runtime) -> None:
        self.ready = ready
        self.packed = paths.OWN / "lint" / paths.MODULE
        shutil.rmtree(self.packed, ignore_errors=True)
        for file in dist.module_files():
            (self.packed / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(paths.CHECKOUT / file, self.packed / file)

    @property
    def environment(self) -> dict[str, str]:
        environment = self.ready.environment()
        programs = [str(node_env.ensure() / ".bin"), environment["PATH"]]
        return {
            **environment,
            "PATH": os.pathsep.join(programs),
            "ODOO_ADDONS_PATH": str(self.packed.parent),
        }

    def ruff(self) -> Iterator[list]:
        yield ["ruff", "check", "--no-cache", "--quiet", "--output-format=concise", "."]
        yield ["ruff", "format", "--no-cache", "--quiet", "--check", "--output-format=concise", "."]

    def pylint_odoo(self) -> Iterator[list]:
        yield [
            "pylint", "--load-plugins=pylint_odoo", "--disable=all", "--enable=odoolint",
            # not an OCA module; the read-me is in Markdown; and each feature extends a core model
            # in a file of its own. Odoo's mail queue commits after each mail, and what must be
            # committed with it does too; its own pylint knows no rule of this name to switch off
            "--disable=manifest-required-author,missing-readme,consider-merging-classes-inherited",
            "--disable=invalid-commit",
            "--valid-odoo-versions=19.0", "--score=n", self.packed,
        ]  # fmt: skip

    def prettier(self) -> Iterator[list]:
        yield [*_prettier(), "--check", "--log-level=warn", *prettified()]

    def eslint(self) -> Iterator[list]:
        scripts = [file for file in prettified() if file.suffix == ".js"]
        config = node_env.FOLDER / "eslint.config.mjs"
        if scripts:
            yield ["eslint", "-c", config, *scripts]

    def odoo_test_lint(self) -> Iterator[list]:
        """Odoo's own linters, which know only whole installations, shown our module alone."""
        database = templates.create(self.ready, "lint", templates.lint())
        plugins = "tools.workshop.pytest_plugins"
        yield [
            "python", "-m", "pytest", "--quiet", "--tb=short", "--no-header",
            "--config-file=/dev/null", "--disable-warnings", "-p", "no:cacheprovider",
            "-p", f"{plugins}.our_module_only", "-p", f"{plugins}.strict_skips",
            f"--odoo-database={database}", self.ready.odoo.path / "odoo/addons/test_lint/tests",
        ]  # fmt: skip


def _prettier() -> list:
    plugin = node_env.ensure() / "@prettier/plugin-xml/src/plugin.js"
    return ["prettier", f"--config={node_env.FOLDER / 'prettier.json'}", f"--plugin={plugin}"]


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
    """Let the formatters rewrite what they can; ``make lint`` tells what is left."""
    linters = Linters(runtime.prepare())
    for command in (
        ["ruff", "check", "--fix", "--quiet", "--exit-zero", "."],
        ["ruff", "format", "--quiet", "."],
        [*_prettier(), "--write", "--log-level=warn", *prettified()],
    ):
        run(command, cwd=paths.CHECKOUT, env=linters.environment)


def _passes(linters: Linters, check: Callable[[], Iterator[list]]) -> bool:
    """Run a linter's commands and show what the failing ones say."""
    started = time.monotonic()
    results = [
        subprocess.run(
            [str(part) for part in command],
            cwd=paths.CHECKOUT,
            env=linters.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        for command in check()
    ]
    findings = [result.stdout for result in results if result.returncode]
    verdict = "FAILED" if findings else "passed"
    say(f"{check.__name__}: {verdict} in {time.monotonic() - started:.0f} s")
    for text in findings:
        say(text.replace(f"{linters.packed}/", ""))
    return not findings
