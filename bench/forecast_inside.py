"""The forecast bench in this process: ``database``. Prints the rows of the table as JSON."""

import json
import sys
import time
from statistics import median

from odoo import fields
from odoo.tools import SQL, config

from .measure import throwaway

ROUNDS = 3

TABLES = "account_move_line, account_partial_reconcile, account_move"


def main() -> None:
    config.parse_config(
        ["--no-http", "--max-cron-threads=0", "--log-level=warn"], setup_logging=True
    )
    with throwaway(sys.argv[1]) as env:
        env.cr.execute(f"ANALYZE {TABLES}")
        model = env["billing.forecast"]
        company = env.company
        today = fields.Date.today()
        plain = median(
            _clock(lambda: env.execute_query(_plain(env)))[0] for _round in range(ROUNDS)
        )
        predicting = _measure(env, lambda: env["billing.prediction"]._refresh(company), 1)
        first = _measure(env, lambda: model._refresh(company), 1)
        refresh = _measure(env, lambda: model._refresh(company))
        flows = _measure(env, lambda: model._refresh_flows(company, today))
        periods = _measure(env, lambda: env["billing.forecast.period"]._refresh(company, today))
        pivot = _measure(env, lambda: _open_pivot(model))
        count = model.search_count([("company_id", "=", company.id)])
        days = env["billing.forecast.period"].search_count([("company_id", "=", company.id)])
        _check(env, model)
        rows = [
            _row("predictions, for the first time", plain, *predicting, count),
            _row("forecast, with the months before rebuilt", plain, *first, count),
            _row("forecast refreshed", plain, *refresh, count),
            _row("- of it, the amounts to come", plain, *flows, count),
            _row("- of it, days, weeks and months", plain, *periods, days),
            _row("pivot of the amounts by week", plain, *pivot, count),
        ]
    print(json.dumps(rows))


def _measure(env, act, rounds=ROUNDS):
    took = []
    for _round in range(rounds):
        env.flush_all()
        env.invalidate_all()
        before = env.cr.sql_log_count
        took.append(_clock(act)[0])
        queries = env.cr.sql_log_count - before
    return median(took), queries, rounds


def _row(title, plain, seconds, queries, rounds, count):
    return (
        title,
        f"{plain * 1000:,.0f} ms",
        f"{seconds * 1000:,.0f} ms",
        f"{seconds / plain:.1f}",
        str(queries),
        f"{count:,}",
        str(rounds),
    )


def _open_pivot(model):
    """What the pivot of the amounts to come asks for when it opens."""
    return model.formatted_read_group(
        [("company_id", "=", model.env.company.id)],
        ["expected_date:week", "direction"],
        ["amount:sum"],
    )


def _plain(env):
    return SQL(
        """
        SELECT date_trunc('week', line.date_maturity), SUM(line.amount_residual)
          FROM account_move_line line
          JOIN account_account account ON account.id = line.account_id
         WHERE account.account_type = 'asset_receivable'
           AND line.parent_state = 'posted'
           AND line.reconciled IS NOT TRUE
           AND line.company_id = %s
      GROUP BY 1
        """,
        env.company.id,
    )


def _check(env, model):
    """The amounts are the balance of the receivable accounts, to the cent."""
    currency = env.company.currency_id
    expected = sum(amount for _week, amount in env.execute_query(_plain(env)))
    [(found,)] = model._read_group(
        [("company_id", "=", env.company.id), ("direction", "=", "in")], [], ["open:sum"]
    )
    if currency.compare_amounts(found, float(expected)):
        raise AssertionError(f"{found} in the forecast, {expected} in the ledger")


def _clock(act):
    started = time.perf_counter()
    result = act()
    return time.perf_counter() - started, result


if __name__ == "__main__":
    main()
