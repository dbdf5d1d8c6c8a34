"""The virtual environment: Odoo's Python dependencies, the test tools and the linters.

It is keyed by the lock file and the Python version, and built in place under a marker: a virtual
environment knows its own path, so it cannot be built elsewhere and renamed.
"""

import importlib.util
import os
import shutil
import sys
from pathlib import Path

from . import paths, system
from .console import run, step

LOCK = paths.WORKSHOP / "requirements.lock"


def key() -> str:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return f"{version}-{paths.short_hash(LOCK.read_bytes(), sys.base_prefix)}"


def ensure() -> Path:
    """Return the environment's folder, building it if need be."""
    folder = paths.HOME / "venv" / key()
    marker = folder / "complete"
    if marker.exists():
        return folder
    if importlib.util.find_spec("ensurepip") is None:
        system.install(["python3-venv"])
    with paths.lock("venv"):
        if marker.exists():
            return folder
        shutil.rmtree(folder, ignore_errors=True)
        with step("Python environment"):
            run([sys.executable, "-m", "venv", folder])
            pip = [folder / "bin/python", "-m", "pip", "--disable-pip-version-check", "--quiet"]
            run(
                [*pip, "install", "--requirement", LOCK],
                problem="Cannot install the Python packages (no network, or no disk space?)",
            )
            marker.touch()
    return folder


def relock() -> None:
    """Compile requirements.in into requirements.lock, for every Python from 3.10 on.

    The resolver is told neither to record the index it used nor to fit the lock to this
    machine's Python: a lock compiled for 3.11.7 alone did not install on 3.11.2.
    """
    folder = paths.HOME / "venv" / "uv"
    if not (folder / "bin/uv").exists():
        with step("Installing the lock compiler"):
            run([sys.executable, "-m", "venv", folder])
            run([folder / "bin/pip", "--quiet", "install", "uv"])
    with step("Compiling the lock file"):
        run(
            [folder / "bin/uv", "pip", "compile", "--universal", "--python-version", "3.10",
             "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links",
             "--output-file", LOCK, LOCK.with_suffix(".in")],
            env={**os.environ, "UV_NO_PROGRESS": "1"},
        )  # fmt: skip
