"""``make clean``: remove what the workshop made, and only that."""

import shutil
from pathlib import Path

from . import databases, paths, postgres
from .console import say

# What the workshop ever puts into HOME. Nothing else there is touched: BILLING_CRM_HOME may name
# a folder that holds other things, too.
CONTENTS = ("apt", "checkouts", "data", "node", "odoo", "odoo.building", "postgres", "venv",
            "wkhtmltopdf", "locks")  # fmt: skip


def everything() -> None:
    for cluster in postgres.CLUSTERS:
        cluster.stop()
    for name in CONTENTS:
        shutil.rmtree(paths.HOME / name, ignore_errors=True)
    if paths.HOME.exists() and not any(paths.HOME.iterdir()):
        paths.HOME.rmdir()
    say(f"Removed everything in {paths.HOME}")


def checkout() -> None:
    """Remove this checkout's databases and files, and those of checkouts that are gone."""
    folders = paths.HOME / "checkouts"
    if not folders.exists():
        return
    for folder in folders.iterdir():
        if folder == paths.OWN or not (folder / "addons" / paths.MODULE).exists():
            _remove(folder)
    shutil.rmtree(paths.CHECKOUT / "dist", ignore_errors=True)


def _remove(folder: Path) -> None:
    for cluster in postgres.CLUSTERS:
        if not (cluster.folder / "data").exists():
            continue
        was_running = cluster.is_running()
        cluster.ensure_running()
        for database in databases.names(cluster):
            if database.endswith(f"_{folder.name}"):
                databases.drop(cluster, database)
        if not was_running:
            cluster.stop()
    shutil.rmtree(folder)
    say(f"Removed {folder} and its databases")
