"""Where things live.

HOME holds everything the workshop makes. It is shared by all checkouts of one user, so that a
second checkout costs nothing; what belongs to one checkout carries KEY, a hash of the checkout's
path, so that two of them can run side by side whatever their folders are called.
"""

import fcntl
import hashlib
import os
from collections.abc import Callable
from contextlib import contextmanager, suppress
from pathlib import Path

from .console import WorkshopError, say

CHECKOUT = Path(__file__).resolve().parents[2]
WORKSHOP = Path(__file__).resolve().parent
MODULE = "billing_crm"


def short_hash(*parts: str | bytes) -> str:
    """Twelve hex digits that change whenever one of the parts does."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode() if isinstance(part, str) else part)
        digest.update(b"\0")
    return digest.hexdigest()[:12]


def _home() -> Path:
    chosen = os.environ.get("BILLING_CRM_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    if os.geteuid() == 0:
        # PostgreSQL runs as another user then, who cannot enter root's own home.
        return Path("/var/cache/billing_crm")
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(cache).expanduser() / "billing_crm"


HOME = _home()
KEY = short_hash(str(CHECKOUT))[:8]
OWN = HOME / "checkouts" / KEY
ADDONS = OWN / "addons"
DATA_DIR = HOME / "data"
LOGS = OWN / "logs"


def prepare() -> None:
    """Make the folders, and the add-ons folder through which Odoo sees this checkout."""
    if HOME == CHECKOUT or CHECKOUT in HOME.parents:
        raise WorkshopError(
            f"BILLING_CRM_HOME must lie outside the checkout ({HOME} does not): the link that "
            "shows the checkout to Odoo would contain itself."
        )
    try:
        for folder in (ADDONS, DATA_DIR, LOGS):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WorkshopError(
            f"Cannot write to {HOME}: {error.strerror}. Set BILLING_CRM_HOME to another folder."
        ) from error
    link = ADDONS / MODULE
    if not link.is_symlink() or link.readlink() != CHECKOUT:
        link.unlink(missing_ok=True)
        link.symlink_to(CHECKOUT)


@contextmanager
def lock(name: str):
    """Only one process at a time, over all checkouts, does the thing called ``name``."""
    folder = HOME / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Waiting for another process that is busy with: {name}")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextmanager
def shared(name: str, when_last: Callable[[], None]):
    """Use the thing called ``name`` together with others; the last to leave calls ``when_last``."""
    folder = HOME / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_SH)
        try:
            yield
        finally:
            with suppress(BlockingIOError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                when_last()
