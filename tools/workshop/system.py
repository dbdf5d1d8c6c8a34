"""System packages: installed if we may, named in one line if we may not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from .console import WorkshopError, run, step

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Package, and the programs (any one of them) that make it unnecessary. A package without
# programs is looked up in dpkg's own records.
PACKAGES = {
    "postgresql": ("initdb",),
    "chromium": BROWSERS,
    "poppler-utils": ("pdftoppm",),
    "fonts-dejavu-core": (),
    "fonts-liberation": (),
    # the libraries that wkhtmltopdf with patched Qt is linked to
    "libfontconfig1": (),
    "libxext6": (),
    "libxrender1": (),
}
NODE = {"nodejs": ("node",), "npm": ("npm",)}


def find_program(name: str) -> Path | None:
    """A program on the path, or in the folders where PostgreSQL's server programs hide."""
    servers = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name), reverse=True
    )
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", *map(str, servers)])
    found = shutil.which(name, path=path)
    return Path(found) if found else None


def find_browser() -> Path:
    return next(filter(None, map(find_program, BROWSERS)))


def missing(packages: dict[str, tuple[str, ...]]) -> list[str]:
    return [
        package
        for package, programs in packages.items()
        if not any(find_program(program) for program in programs)
        and not (not programs and _installed(package))
    ]


def _installed(package: str) -> bool:
    if not find_program("dpkg-query"):
        return True  # not a Debian: fonts and libraries are the reader's own business
    result = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package],
        capture_output=True,
        text=True,
        check=False,
    )
    return result.stdout.startswith("installed")


def ensure(packages: dict[str, tuple[str, ...]] | None = None) -> None:
    """Install what is missing of ``packages`` (by default: what every command needs)."""
    absent = missing(PACKAGES if packages is None else packages)
    if absent:
        install(absent)


def install(packages: list[str]) -> None:
    names = " ".join(packages)
    if not find_program("apt-get"):
        raise WorkshopError(f"This is no Debian; please install the equivalents of: {names}")
    become_root = _become_root()
    if become_root is None:
        raise WorkshopError(
            f"These packages are missing and need an administrator: apt-get install {names}"
        )
    apt = [*become_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet"]
    with step(f"System packages ({names})"):
        run([*apt, "update"], problem="apt-get update failed (no network?)")
        run(
            [*apt, "install", "--yes", "--no-install-recommends", *packages],
            problem=f"Cannot install {names} (no network, or no disk space?)",
        )


def _become_root() -> list[str] | None:
    """The prefix that makes a command run as root, or None if there is no way."""
    if os.geteuid() == 0:
        return []
    sudo = find_program("sudo")
    if not sudo:
        return None
    if subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [str(sudo), "-n"]
    if sys.stdin.isatty() and subprocess.run([sudo, "-v"], check=False).returncode == 0:
        return [str(sudo)]
    return None
