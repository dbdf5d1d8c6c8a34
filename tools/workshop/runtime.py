"""Everything Odoo needs, brought together once: source, environment, programs, database server.

``prepare()`` is what every command calls first; the second time it takes a blink.
"""

import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from . import odoo_source, paths, postgres, python_env, system, wkhtmltopdf
from .console import WorkshopError, run

# A line of Odoo's log: date, time, process, level, database, logger: message
LOG_LINE = re.compile(r"^\d{4}-\d\d-\d\d \S+ \d+ (?P<level>[A-Z]+) (?P<rest>.*)$")

# Complaints that say nothing about a module, with the reason why they may stand.
HARMLESS = {
    # the workshop's own user may well be root in a container
    "Running as user 'root' is a security risk": "printed for root, whatever is installed",
}


@dataclass(frozen=True)
class Runtime:
    odoo: odoo_source.Odoo
    venv: Path
    tools: Path  # holds wkhtmltopdf
    cluster: postgres.Cluster = field(default=postgres.TEST)

    @property
    def python(self) -> Path:
        return self.venv / "bin/python"

    def environment(self, database: str | None = None) -> dict[str, str]:
        """The variables under which Odoo finds all this, and nothing of the user's own set-up."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if name == "ODOO_PATH"
            or not name.startswith(("ODOO_", "OPENERP_", "PG", "PYTHON", "VIRTUAL_ENV"))
        }
        search = [self.tools, self.venv / "bin", postgres.program("initdb").parent]
        return {
            **kept,
            **self.cluster.environment,
            **({"PGDATABASE": database} if database else {}),
            "PATH": os.pathsep.join([*map(str, search), kept.get("PATH", os.defpath)]),
            "PYTHONPATH": os.pathsep.join([str(self.odoo.path), str(paths.CHECKOUT)]),
            "PYTHONDONTWRITEBYTECODE": "1",
            "ODOO_RC": str(_empty_configuration()),
            "ODOO_ADDONS_PATH": str(paths.ADDONS),
            "ODOO_DATA_DIR": str(paths.DATA_DIR),
            "BILLING_CRM_HOME": str(paths.HOME),
        }

    def odoo_command(self, *arguments: str) -> list[str]:
        return [str(self.python), "-m", "odoo", *arguments]

    def script_command(self, database: str, script: Path, *arguments: str) -> list[str]:
        inside = [str(self.python), "-m", "tools.workshop.in_odoo"]
        return [*inside, database, str(script), *arguments]

    def install(
        self,
        database: str,
        modules: list[str],
        *,
        update: bool = False,
        strict: bool = False,
        addons: Path = paths.ADDONS,
    ) -> None:
        """Install (or update) modules; ``strict`` makes any warning in the log an error."""
        log = paths.LOGS / f"install-{database}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.unlink(missing_ok=True)
        verb = "--update" if update else "--init"
        command = self.odoo_command(
            f"{verb}={','.join(modules)}", f"--database={database}", "--stop-after-init",
            "--no-http", "--max-cron-threads=0", f"--logfile={log}",
        )  # fmt: skip
        what = f"Installing {', '.join(modules)}"
        try:
            output = run(command, env={**self.environment(), "ODOO_ADDONS_PATH": str(addons)})
        except WorkshopError as error:
            raise WorkshopError(f"{what} failed\n{tail(log)}\n{error}") from error
        found = complaints(log.read_text() + output)
        if strict and found:
            raise WorkshopError(f"{what} left warnings in the log:\n" + "\n".join(found))

    def run_in(self, database: str, script: Path, *arguments: str, env=None) -> None:
        """Run a script in an Odoo environment on a database, its output on the terminal.

        The script is executed with ``env`` as a global (see tools/workshop/in_odoo.py); if it
        raises, everything it wrote is rolled back.
        """
        result = subprocess.run(
            self.script_command(database, script, *arguments),
            env={**self.environment(database), **(env or {})},
            check=False,
        )
        if result.returncode:
            raise WorkshopError(f"{Path(script).name} failed on {database}")


def prepare(cluster: postgres.Cluster = postgres.TEST) -> Runtime:
    """Fetch what is missing, start the database server, and say where everything is."""
    paths.prepare()
    system.ensure()
    odoo = odoo_source.ensure()
    venv = python_env.ensure()
    tools = wkhtmltopdf.ensure(venv)
    cluster.ensure_running()
    return Runtime(odoo, venv, tools, cluster)


def complaints(log: str) -> list[str]:
    """The warnings and errors in a log of Odoo's, without the harmless ones."""
    found = []
    for line in log.splitlines():
        match = LOG_LINE.match(line)
        python_warning = "Warning: " in line and not match
        serious = match and match["level"] in ("WARNING", "ERROR", "CRITICAL")
        if (serious or python_warning) and not any(text in line for text in HARMLESS):
            found.append("    " + line)
    return found


def tail(log: Path, lines: int = 25) -> str:
    if not log.exists():
        return ""
    return "\n".join(
        "    " + line for line in log.read_text(errors="replace").splitlines()[-lines:]
    )


def _empty_configuration() -> Path:
    """An empty file in place of the user's own ~/.odoorc."""
    file = paths.OWN / "odoo.conf"
    if not file.exists():
        file.write_text("[options]\n")
    return file
