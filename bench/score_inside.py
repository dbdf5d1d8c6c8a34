"""The score bench in this process: ``database``. Prints the rows of the table as JSON."""

import json
import sys
import time
from statistics import median

from odoo.tools import SQL, config

from .measure import throwaway

ROUNDS = 5
MODELS = (("scores", "billing.score"), ("predictions", "billing.prediction"))


def main() -> None:
    config.parse_config(
        ["--no-http", "--max-cron-threads=0", "--log-level=warn"], setup_logging=True
    )
    with throwaway(sys.argv[1]) as env:
        env.cr.execute("ANALYZE")
        plain = _plain(env)
        alone = median(
            [_clock(lambda: env.execute_query(plain)) for _round in range(ROUNDS + 1)][1:]
        )
        rows = []
        for title, name in MODELS:
            rows += _measure(env[name], title, alone)
    print(json.dumps(rows))


def _measure(model, title, alone):
    """The first time everything is written, later only what differs: nothing, here."""
    figures = [_refresh(model) for _round in range(ROUNDS + 1)]
    count = model.search_count([("company_id", "=", model.env.company.id)])
    return [
        _row(f"{title}, the first time", alone, *figures[0], count, 1),
        _row(f"{title}, every night", alone, median(seconds for seconds, _queries in figures[1:]),
             figures[1][1], count, ROUNDS),
    ]  # fmt: skip


def _refresh(model):
    before = model.env.cr.sql_log_count
    seconds = _clock(lambda: model._refresh(model.env.company))
    return seconds, model.env.cr.sql_log_count - before


def _row(title, alone, seconds, queries, count, rounds):
    return (
        title,
        f"{alone * 1000:,.0f} ms",
        f"{seconds * 1000:,.0f} ms",
        f"{seconds / alone:.2f}",
        str(queries),
        f"{count:,}",
        str(rounds),
    )


def _plain(env):
    return SQL(
        """
        SELECT partner.commercial_partner_id,
               COUNT(done.on_date) AS settled,
               AVG(done.on_date - line.date_maturity) AS days_late,
               COUNT(*) FILTER (WHERE NOT line.reconciled) AS open,
               SUM(line.amount_residual) AS residual,
               MAX(CURRENT_DATE - line.date_maturity) FILTER (WHERE NOT line.reconciled) AS oldest
          FROM account_move_line line
          JOIN account_account account ON account.id = line.account_id
          JOIN account_move move ON move.id = line.move_id
          JOIN res_partner partner ON partner.id = line.partner_id
     LEFT JOIN (
            SELECT debit_move_id, MAX(max_date) AS on_date
              FROM account_partial_reconcile GROUP BY debit_move_id
               ) done ON done.debit_move_id = line.id AND line.reconciled
         WHERE account.account_type = 'asset_receivable'
           AND line.parent_state = 'posted'
           AND line.company_id = %s
           AND move.move_type IN ('out_invoice', 'out_receipt')
      GROUP BY partner.commercial_partner_id
        """,
        env.company.id,
    )


def _clock(act):
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
