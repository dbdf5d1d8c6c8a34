"""Working inside Odoo: the one module of the workshop that runs in the virtual environment.

Write a script, use the global ``env``, and run it with

    python3 -m tools.workshop run-in DATABASE path/to/script.py arguments…

``sys.argv`` holds the arguments. The transaction is committed at the end, unless the script
raises. Inside a process that the workshop started already (a bench, say) use the context manager:

    from tools.workshop.in_odoo import odoo_environment
    with odoo_environment("load") as env:
        env["res.partner"].search_count([])
"""

import runpy
import sys
from contextlib import contextmanager


@contextmanager
def odoo_environment(database: str, *, log_level: str = "warn", http: bool = False):
    """Yield a superuser environment on a database; commit at the end, roll back on an error.

    Configuration comes from the variables that ``Runtime.environment`` sets. ``http`` makes
    controllers' routes known, for the few who render links or pages.
    """
    import odoo.api
    from odoo.modules.registry import Registry
    from odoo.tools import config

    options = [f"--database={database}", f"--log-level={log_level}", "--max-cron-threads=0"]
    if not http:
        options.append("--no-http")
    config.parse_config(options, setup_logging=True)
    registry = Registry(database)
    with registry.cursor() as cursor:
        context = {"lang": "en_US", "tz": "UTC"}
        yield odoo.api.Environment(cursor, odoo.api.SUPERUSER_ID, context)
    registry.signal_changes()


def main() -> None:
    database, script, *arguments = sys.argv[1:]
    sys.argv = [script, *arguments]
    with odoo_environment(database) as env:
        runpy.run_path(script, init_globals={"env": env}, run_name="__main__")


if __name__ == "__main__":
    main()
