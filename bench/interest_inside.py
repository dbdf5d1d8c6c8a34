"""Interest of a whole ledger in this process: ``database``. Prints what it took."""

import json
import resource
import sys
import time
from datetime import date

from odoo.api import Environment
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tools import config


def main() -> None:
    (database,) = sys.argv[1:]
    config.parse_config(
        ["--no-http", "--max-cron-threads=0", "--log-level=warn"], setup_logging=True
    )
    with Registry(database).cursor() as cursor:
        env = Environment(cursor, 2, {"lang": "en_US", "tz": "UTC"})
        _prepare(env)
        overdue = env["account.move.line"].search(
            [
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("move_id.move_type", "=", "out_invoice"),
                ("reconciled", "=", False),
                ("date_maturity", "<", date.today()),
                ("company_id", "=", env.company.id),
            ]
        )
        figures = [
            _measure(env, "what is overdue now", lines=overdue),
            _measure(env, "what is or ever was paid late", companies=env.company),
            _measure(env, "one installment", lines=overdue[:1]),
        ]
        cursor.rollback()
    print(json.dumps(figures))


def _prepare(env):
    """One policy for everybody, with a rate that changes each half-year."""
    env["billing.late.fee.policy"].search([]).active = False
    reference = env["billing.interest.reference"].create(
        {
            "name": "Reference",
            "rate_ids": [
                Command.create(
                    {"date_from": date(year, month, 1), "rate": 1 + year % 5 + month / 8}
                )
                for year in range(2010, date.today().year + 1)
                for month in (1, 7)
            ],
        }
    )
    env["billing.late.fee.policy"].create(
        {
            "name": "Statutory",
            "applies": "default",
            "reference_id": reference.id,
            "margin": 8.0,
            "tier_ids": [Command.create({"amount_from": 0, "fee": 40})],
        }
    )
    env.flush_all()
    env.cr.execute("ANALYZE")


def _measure(env, what, **asked):
    env["billing.accrual"]._accrue(lines=env["account.move.line"])  # what Odoo looks up once
    env.invalidate_all()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    queries, started = env.cr.sql_log_count, time.perf_counter()
    accruals = env["billing.accrual"]._accrue(**asked)
    seconds = time.perf_counter() - started
    return {
        "what": what,
        "installments": len(accruals),
        "segments": sum(len(accrual.segments) for accrual in accruals.values()),
        "seconds": seconds,
        "queries": env.cr.sql_log_count - queries,
        "megabytes": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024,
    }


if __name__ == "__main__":
    main()
