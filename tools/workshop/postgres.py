"""Private PostgreSQL clusters, reachable over a unix socket only.

Two of them: ``test`` forgets durability for speed, ``demo`` keeps it, because somebody may have
clicked for an hour. As root they run as the user ``postgres`` (PostgreSQL refuses root), which is
why HOME must lie where that user may go; as an ordinary user they run as oneself.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from . import paths, system
from .console import WorkshopError, run, step

# Odoo refuses to work as the role "postgres", so the clusters have a superuser of this name.
ROLE = "odoo"
PORT = "5432"
LONGEST_SOCKET_PATH = 107

COMMON = {"listen_addresses": "''", "max_connections": "100", "shared_buffers": "256MB"}
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "4GB",
    "autovacuum_naptime": "20s",
}


@dataclass(frozen=True)
class Cluster:
    name: str
    settings: tuple[tuple[str, str], ...] = ()

    @property
    def folder(self) -> Path:
        return paths.HOME / "postgres" / self.name

    @property
    def sockets(self) -> Path:
        """The socket's folder: beside the cluster, unless that makes too long a path."""
        beside = self.folder / "socket"
        if len(f"{beside}/.s.PGSQL.{PORT}") <= LONGEST_SOCKET_PATH:
            return beside
        return Path(tempfile.gettempdir()) / f"billing_crm-{paths.short_hash(str(self.folder))}"

    @property
    def environment(self) -> dict[str, str]:
        """What makes Odoo and PostgreSQL's own programs talk to this cluster."""
        return {"PGHOST": str(self.sockets), "PGPORT": PORT, "PGUSER": ROLE}

    def ensure_running(self) -> None:
        with paths.lock(f"postgres-{self.name}"):
            if self.is_running():
                return
            if not (self.folder / "data/PG_VERSION").exists():
                with step(f"PostgreSQL cluster '{self.name}'"):
                    self._initialise()
            _private_folder(self.sockets)
            self._server(
                "pg_ctl", "start", "--wait", "--silent", "--pgdata", self.folder / "data",
                "--log", self.folder / "log", "--options", self._options(),
            )  # fmt: skip

    def is_running(self) -> bool:
        if not (self.folder / "data/postmaster.pid").exists():
            return False
        status = [*_as_owner(), program("pg_ctl"), "status", "--pgdata", self.folder / "data"]
        return subprocess.run(status, capture_output=True, check=False, cwd="/").returncode == 0

    def stop(self) -> None:
        with paths.lock(f"postgres-{self.name}"):
            if self.is_running():
                self._server(
                    "pg_ctl", "stop", "--wait", "--mode=fast", "--pgdata", self.folder / "data"
                )

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run one statement and return its rows, one a line."""
        psql = [program("psql"), "--no-psqlrc", "--quiet", "--tuples-only", "--no-align"]
        return run(
            [*psql, "--set=ON_ERROR_STOP=1", f"--command={statement}", database],
            env={**os.environ, **self.environment},
        ).strip()

    def _initialise(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        _private_folder(self.folder)
        self._server(
            "initdb", "--pgdata", self.folder / "data", "--username", ROLE, "--auth=trust",
            "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip

    def _options(self) -> str:
        settings = {**COMMON, **dict(self.settings), "port": PORT}
        settings["unix_socket_directories"] = f"'{self.sockets}'"
        return " ".join(f"-c {key}={value}" for key, value in settings.items())

    def _server(self, name: str, *arguments) -> None:
        # From "/", because the user postgres may not enter the current folder.
        run(
            [*_as_owner(), program(name), *arguments],
            cwd="/",
            problem=f"PostgreSQL cluster '{self.name}': {name} failed",
        )


TEST = Cluster("test", tuple(FAST.items()))
DEMO = Cluster("demo")
CLUSTERS = (TEST, DEMO)


def program(name: str) -> Path:
    """One of PostgreSQL's programs, wherever Debian hides it."""
    found = system.find_program(name)
    if not found:
        raise WorkshopError(f"PostgreSQL's program {name} is missing; install the server.")
    return found


def _as_owner() -> list[str]:
    return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


def _private_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if os.geteuid() == 0:
        postgres = pwd.getpwnam("postgres")
        os.chown(folder, postgres.pw_uid, postgres.pw_gid)
        check = subprocess.run([*_as_owner(), "test", "-w", folder], cwd="/", check=False)
        if check.returncode:
            raise WorkshopError(
                f"The user postgres cannot enter {folder}; set BILLING_CRM_HOME to a folder whose "
                "parents everyone may enter."
            )
