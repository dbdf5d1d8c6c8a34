"""Odoo 19: from ODOO_PATH, else Debian's package unpacked privately, else a shallow clone.

The package is unpacked, never installed: it would pull in a server of its own. It comes from
Debian unstable through a private apt state, so that the system's apt does not learn of unstable.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import paths
from .console import WorkshopError, run, say, step

VERSION = "19.0"
REPOSITORY = "https://github.com/odoo/odoo.git"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
# The package's links lead into these; from Debian 12 the last one, because Odoo wants
# Font Awesome 4 and unstable has 7.
PACKAGES = [
    "odoo-19/sid",
    "libjs-jquery/sid",
    "libjs-jquery-form/sid",
    "libjs-underscore/sid",
    "fonts-roboto-unhinted/sid",
    "fonts-montserrat/sid",
    "fonts-inconsolata/sid",
    "fonts-ocr-b/sid",
    "fonts-font-awesome/bookworm",
]
SPACE_NEEDED = 5  # GB, for Odoo, its environment, and the databases
# Stripped from the package, yet listed in web.assets_backend: without it every tour fails.
STUB = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"


@dataclass(frozen=True)
class Odoo:
    """A source tree: ``path`` goes on PYTHONPATH, ``identity`` tells versions apart."""

    path: Path
    identity: str


def ensure() -> Odoo:
    """Return an Odoo 19, fetching it first if need be."""
    given = os.environ.get("ODOO_PATH")
    if given:
        return _inspect(Path(given).expanduser().absolute())
    target = paths.HOME / "odoo"
    with paths.lock("odoo"):
        if not target.exists():
            _check_space()
            building = paths.HOME / "odoo.building"
            shutil.rmtree(building, ignore_errors=True)
            if not _unpack_package(building):
                _clone(building)
            building.rename(target)
    return _inspect(target)


def _check_space() -> None:
    free = shutil.disk_usage(paths.HOME).free // 1024**3
    if free < SPACE_NEEDED:
        raise WorkshopError(
            f"Only {free} GB free in {paths.HOME}, and {SPACE_NEEDED} are needed; make room, or "
            "set BILLING_CRM_HOME to a folder on another disk."
        )


def _inspect(folder: Path) -> Odoo:
    for root in (folder, folder / "usr/lib/python3/dist-packages", folder.parent):
        release = root / "odoo/release.py"
        if release.is_file():
            break
    else:
        raise WorkshopError(f"No Odoo found in {folder}; ODOO_PATH must be a source checkout.")
    text = release.read_text()
    if "version_info = (19, 0," not in text:
        raise WorkshopError(f"The Odoo in {folder} is not version {VERSION}.")
    identity = _commit(root) or paths.short_hash(text, str(release.stat().st_mtime_ns))
    return Odoo(root, identity)


def _commit(root: Path) -> str | None:
    if not (root / ".git").exists():
        return None
    result = subprocess.run(
        ["git", "-C", root, "rev-parse", "HEAD"], capture_output=True, text=True, check=False
    )
    return result.stdout.strip() or None


def _unpack_package(target: Path) -> bool:
    """Unpack Debian's package; False where this machine cannot get it."""
    mirror = _debian_mirror()
    if not mirror:
        return False
    state = paths.HOME / "apt"
    for folder in ("lists/partial", "cache/archives/partial", "debs"):
        (state / folder).mkdir(parents=True, exist_ok=True)
    sources = state / "sources.list"
    sources.write_text(
        "".join(
            f"deb [signed-by={KEYRING}] {mirror} {suite} main\n" for suite in ("sid", "bookworm")
        )
    )
    options = {
        "Dir::Etc::sourcelist": sources,
        "Dir::Etc::sourceparts": "-",
        "Dir::State::lists": state / "lists",
        "Dir::Cache": state / "cache",
        "APT::Sandbox::User": "root",
    }
    apt = ["apt-get", "--quiet", *(f"-o{key}={value}" for key, value in options.items())]
    try:
        with step("Downloading Odoo 19 (Debian package, 125 MB)"):
            run([*apt, "update"])
            run([*apt, "download", *PACKAGES], cwd=state / "debs")
        with step("Unpacking Odoo 19 (1.3 GB)"):
            target.mkdir(parents=True)
            for package in sorted((state / "debs").glob("*.deb")):
                run(["dpkg", "-x", package, target])
    except WorkshopError as error:
        say(f"Debian's package cannot be had, trying Odoo's repository instead.\n{error}")
        shutil.rmtree(target, ignore_errors=True)
        return False
    finally:
        shutil.rmtree(state, ignore_errors=True)
    stub = target / "usr/lib/python3/dist-packages" / STUB
    stub.parent.mkdir(parents=True, exist_ok=True)
    stub.touch()
    return True


def _debian_mirror() -> str | None:
    """The address this machine fetches Debian from; the project itself names none."""
    if not (KEYRING.exists() and shutil.which("apt-get")):
        return None
    targets = run(["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"])
    return next((uri for uri in targets.split() if "security" not in uri), None)


def _clone(target: Path) -> None:
    with step(f"Cloning Odoo {VERSION} (shallow, about 1 GB)"):
        run(
            ["git", "clone", "--quiet", "--depth=1", f"--branch={VERSION}", REPOSITORY, target],
            problem="Odoo 19 cannot be fetched (no network, or no disk space?). "
            "Set ODOO_PATH to a copy of it",
        )
