"""The benchmarks that run inside Odoo, on two databases: Odoo alone, and with the module."""

import sys

from odoo.tools import config

from . import (
    batch,
    customer_form,
    event,
    invoice_list,
    link_page,
    posting,
    recurring,
    reminder_sending,
    sending,
)
from .results import record

BENCHMARKS = (
    posting,
    batch,
    invoice_list,
    customer_form,
    recurring,
    sending,
    reminder_sending,
    event,
    link_page,
)


def main() -> None:
    size, *databases = sys.argv[1:]
    config.parse_config(
        ["--no-http", "--max-cron-threads=0", "--log-level=warn"], setup_logging=True
    )
    rows = []
    for benchmark in BENCHMARKS:
        for comparison in benchmark.run(tuple(databases)):
            alone, ours = comparison.alone, comparison.ours
            rows.append(
                (
                    comparison.title,
                    f"{alone.seconds * 1000:,.0f} ms",
                    f"{ours.seconds * 1000:,.0f} ms",
                    f"{comparison.ratio:.3f}",
                    f"{alone.queries:,}",
                    f"{ours.queries:,}",
                    f"{ours.queries - alone.queries:+,}",
                    str(comparison.rounds),
                )
            )
    for title, seconds, queries in recurring.quoted():
        rows.append((title, "", f"{seconds * 1000:,.0f} ms", "", "", f"{queries:,}", "", ""))
    record(size, rows)


if __name__ == "__main__":
    main()
