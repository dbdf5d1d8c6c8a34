"""``make dist``: the module alone, as a zip that anyone can unpack into an add-ons folder."""

import ast
import os
import zipfile
from pathlib import Path

from . import paths
from .console import say

# What only a developer needs. Everything else in the checkout is the module.
LEFT_OUT = {
    "CONTRIBUTING.md",
    "Makefile",
    "bench",
    "dist",
    "pyproject.toml",
    "tests/e2e",
    "tests/pytest.ini",
    "tools",
}


def module_files() -> list[Path]:
    """The module's files, relative to the checkout, in a stable order."""
    found = []
    for folder, subfolders, files in os.walk(paths.CHECKOUT):
        inside = Path(folder).relative_to(paths.CHECKOUT)
        subfolders[:] = [name for name in subfolders if _belongs(inside / name)]
        found += [inside / name for name in files if _belongs(inside / name)]
    return sorted(found)


def _belongs(path: Path) -> bool:
    hidden = path.name.startswith(".") or path.name == "__pycache__"
    return not hidden and path.as_posix() not in LEFT_OUT


def build(target: Path | None = None) -> Path:
    """Write the zip and return its path; the same files always make the same zip."""
    manifest = ast.literal_eval((paths.CHECKOUT / "__manifest__.py").read_text())
    folder = target or paths.CHECKOUT / "dist"
    folder.mkdir(exist_ok=True)
    archive = folder / f"{paths.MODULE}-{manifest['version']}.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in module_files():
            entry = zipfile.ZipInfo(f"{paths.MODULE}/{file.as_posix()}")
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, (paths.CHECKOUT / file).read_bytes())
    say(f"{archive} ({archive.stat().st_size / 1024:.0f} kB)")
    return archive
