"""``make test``: first the module's own tests inside Odoo, then tests/e2e against a real server.

Two sessions, because Odoo's test classes want Odoo inside the process, while a browser and a mail
server want it outside.
"""

import ast
import subprocess
from pathlib import Path

from . import paths, runtime, templates
from .console import WorkshopError, say

TESTS = paths.CHECKOUT / "tests"
NOTHING_MATCHED = 5  # pytest's exit code


def run_all(pattern: str | None) -> None:
    """Run both sessions, and fail if one fails or if the pattern matches no test at all."""
    _check_imports()
    ready = runtime.prepare()
    failed, ran = [], False
    for title, session in (("tests", _inside_odoo), ("tests/e2e", _end_to_end)):
        say(f"\n== {title}")
        code = session(ready, ["-k", pattern] if pattern else [])
        ran |= code != NOTHING_MATCHED
        if code not in (0, NOTHING_MATCHED):
            failed.append(title)
    if failed:
        raise WorkshopError(f"failing: {', '.join(failed)}")
    if not ran:
        raise WorkshopError(f"no test matches {pattern!r}" if pattern else "there are no tests")


def _inside_odoo(ready: runtime.Runtime, selection: list[str]) -> int:
    database = templates.create(ready, "test", templates.deps())
    # Through the add-ons folder: pytest-odoo takes the module's name from the folder's, and the
    # checkout may be called anything.
    root = paths.ADDONS / paths.MODULE
    return _pytest(
        ready,
        paths.OWN,
        f"--config-file={root / 'tests/pytest.ini'}",
        f"--rootdir={root}",
        f"--odoo-database={database}",
        "--odoo-http",
        f"--odoo-extra=screenshots={paths.LOGS / 'screenshots'}",
        root / "tests",
        *selection,
    )


def _end_to_end(ready: runtime.Runtime, selection: list[str]) -> int:
    folder = TESTS / "e2e"
    return _pytest(
        ready,
        paths.CHECKOUT,
        f"--config-file={folder / 'pytest.ini'}",
        "-p",
        "no:odoo",
        folder,
        *selection,
    )


def _pytest(ready: runtime.Runtime, folder: Path, *arguments) -> int:
    command = [ready.python, "-m", "pytest", "-p", "tools.workshop.pytest_plugins.strict_skips"]
    return subprocess.run(
        [*command, "-p", "no:cacheprovider", *map(str, arguments)],
        env=ready.environment(),
        cwd=folder,
        check=False,
    ).returncode


def _check_imports() -> None:
    """Odoo's own runner silently leaves out a test file that tests/__init__.py does not import."""
    init = TESTS / "__init__.py"
    imported = {
        alias.name
        for node in ast.walk(ast.parse(init.read_text() if init.exists() else ""))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    forgotten = {file.stem for file in TESTS.glob("test_*.py")} - imported
    if forgotten:
        raise WorkshopError(f"tests/__init__.py does not import {', '.join(sorted(forgotten))}")
