"""Node modules for prettier and eslint, outside the checkout, keyed by their lock file."""

import shutil
from pathlib import Path

from . import paths, system
from .console import run, step

FOLDER = paths.WORKSHOP / "node"
FILES = ("package.json", "package-lock.json", ".npmrc")


def ensure() -> Path:
    """Return the node_modules folder, installing it if need be."""
    system.ensure(system.NODE)
    target = paths.HOME / "node" / paths.short_hash((FOLDER / "package-lock.json").read_bytes())
    with paths.lock("node"):
        if not target.exists():
            with step("Node modules"):
                _install(target)
    return target / "node_modules"


def _install(target: Path) -> None:
    building = target.with_name("building")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    for name in FILES:
        shutil.copy(FOLDER / name, building)
    run(
        ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=building,
        problem="Cannot install the Node modules (no network, or no disk space?)",
    )
    building.rename(target)
