"""A running Odoo server, for the demo and for the end-to-end tests."""

import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from .console import WorkshopError
from .runtime import Runtime, tail

# Whoever uses Python's usual HTTP libraries to reach the outside finds a closed door.
NO_WAY_OUT = {
    "http_proxy": "http://127.0.0.1:9",
    "https_proxy": "http://127.0.0.1:9",
    "no_proxy": "127.0.0.1,localhost",
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


@dataclass
class Server:
    """Use as a context manager: it runs, answering requests, inside the block."""

    runtime: Runtime
    database: str
    log: Path
    port: int = field(default_factory=free_port)
    smtp_port: int = 9
    crons: int = 0
    process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *_exception) -> None:
        self.stop()

    def start(self) -> None:
        command = self.runtime.odoo_command(
            f"--database={self.database}", f"--db-filter=^{self.database}$", "--no-database-list",
            "--http-interface=127.0.0.1", f"--http-port={self.port}", "--workers=0",
            f"--max-cron-threads={self.crons}", f"--logfile={self.log}",
            # where mail goes if a database ever has no mail server of its own
            "--smtp=127.0.0.1", f"--smtp-port={self.smtp_port}",
        )  # fmt: skip
        # A session of its own: Ctrl-C reaches the workshop alone, which then stops the server.
        self.process = subprocess.Popen(
            command,
            env={**self.runtime.environment(), **NO_WAY_OUT},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _wait_until_ready(self, seconds: int = 120) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise WorkshopError(f"Odoo stopped at once\n{tail(self.log)}")
            try:
                # the login page, not /web/health: the registry must be loaded, too
                urllib.request.urlopen(f"{self.url}/web/login", timeout=seconds).close()
                return
            except urllib.error.HTTPError as error:
                raise WorkshopError(
                    f"Odoo does not serve pages: {error}\n{tail(self.log)}"
                ) from error
            except OSError:
                time.sleep(0.2)
        raise WorkshopError(f"Odoo did not answer within {seconds} s\n{tail(self.log)}")
