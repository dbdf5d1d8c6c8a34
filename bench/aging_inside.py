"""The aging bench in this process: ``database``. Prints the rows of the table as JSON."""

import json
import sys
import time
from datetime import timedelta
from statistics import median

from odoo import fields
from odoo.tools import SQL, config

from .measure import throwaway

ROUNDS = 7

# Days past due, from and to; as the default buckets.
BOUNDS = ((-99999, 0), (1, 30), (31, 60), (61, 90), (91, 99999))


def main() -> None:
    config.parse_config(
        ["--no-http", "--max-cron-threads=0", "--log-level=warn"], setup_logging=True
    )
    database = sys.argv[1]
    with throwaway(database) as env:
        env.cr.execute("ANALYZE account_move_line, account_partial_reconcile, account_move")
        today = fields.Date.today()
        rows = [
            _compare(env, "aging by customer, today", today, {}),
            _compare(env, "aging by customer, half a year ago", today - timedelta(days=182)),
            _refresh_key_figures(env),
        ]
    print(json.dumps(rows))


def _compare(env, title, day, context=None):
    context = {"billing_as_of": day} if context is None else context
    model = env["billing.receivable"].with_context(**context)
    plain = _plain(env, day, is_past=bool(context))
    took = {"plain": [], "ours": []}
    for _round in range(ROUNDS + 1):
        took["plain"].append(_clock(lambda: env.execute_query(plain))[0])
        env.invalidate_all()
        before = env.cr.sql_log_count
        seconds, aged = _clock(lambda: _age(model))
        took["ours"].append(seconds)
        queries = env.cr.sql_log_count - before
    _check(env, plain, aged)
    alone, ours = (median(took[side][1:]) for side in ("plain", "ours"))
    items = model.search_count([("company_id", "=", env.company.id)])
    return (
        title,
        f"{alone * 1000:,.0f} ms",
        f"{ours * 1000:,.0f} ms",
        f"{ours / alone:.2f}",
        str(queries),
        f"{items:,}",
        str(ROUNDS),
    )


def _age(model):
    """What the list of aged receivables asks for when it opens."""
    sums = [f"amount_{key}:sum" for key in model._get_aging_buckets()]
    return model._read_group(
        [("company_id", "=", model.env.company.id)], ["partner_id"], ["residual:sum", *sums]
    )


def _plain(env, day, *, is_past):
    owed = (
        SQL("line.balance - COALESCE(done.amount, 0)") if is_past else SQL("line.amount_residual")
    )
    done = SQL(
        """
        LEFT JOIN (
            SELECT line_id, SUM(amount) AS amount
              FROM (SELECT debit_move_id AS line_id, amount
                      FROM account_partial_reconcile WHERE max_date <= %(day)s
                     UNION ALL
                    SELECT credit_move_id, -amount
                      FROM account_partial_reconcile WHERE max_date <= %(day)s) partial
          GROUP BY line_id
        ) done ON done.line_id = line.id
        """,
        day=day,
    )
    return SQL(
        """
        SELECT partner.commercial_partner_id, SUM(%(owed)s), %(buckets)s
          FROM account_move_line line
          JOIN account_account account ON account.id = line.account_id
          JOIN res_partner partner ON partner.id = line.partner_id
               %(joins)s
         WHERE account.account_type = 'asset_receivable'
           AND line.parent_state = 'posted'
           AND line.company_id = %(company)s
           AND %(condition)s
      GROUP BY partner.commercial_partner_id
        """,
        owed=owed,
        buckets=SQL(", ").join(
            SQL(
                "SUM(%s) FILTER (WHERE %s - line.date_maturity BETWEEN %s AND %s)",
                owed,
                day,
                *bounds,
            )
            for bounds in BOUNDS
        ),
        joins=done if is_past else SQL(),
        condition=SQL("line.date <= %s", day) if is_past else SQL("line.reconciled IS NOT TRUE"),
        company=env.company.id,
    )


def _check(env, plain, aged):
    """Both must say the same of every customer, to the cent."""
    currency = env.company.currency_id
    expected = {
        partner: currency.round(float(owed))
        for partner, owed, *_buckets in env.execute_query(plain)
    }
    found = {partner.id: currency.round(owed) for partner, owed, *_buckets in aged}
    differing = {
        partner
        for partner in expected.keys() | found.keys()
        if expected.get(partner, 0) != found.get(partner, 0)
    }
    if differing:
        raise AssertionError(f"{len(differing)} customers owe something else")


def _refresh_key_figures(env):
    model = env["billing.kpi"]
    before = env.cr.sql_log_count
    seconds, _none = _clock(lambda: model._refresh(env.company))
    queries = env.cr.sql_log_count - before
    months = len(model._get_months(env.company))
    title = f"key figures of {months} months, refreshed"
    return (title, "", f"{seconds:,.1f} s", "", str(queries), "", "1")


def _clock(act):
    started = time.perf_counter()
    result = act()
    return time.perf_counter() - started, result


if __name__ == "__main__":
    main()
