"""Statements of many customers in this process: ``database``. Prints what each part took."""

import json
import sys
from functools import partial
from statistics import median

from odoo import fields
from odoo.tools import config

from .measure import _measure, throwaway

ROUNDS = 3


def main() -> None:
    [database] = sys.argv[1:]
    config.parse_config(
        ["--no-http", "--max-cron-threads=0", "--log-level=warn"], setup_logging=True
    )
    with throwaway(database) as env:
        customers = _get_debtors(env)
    figures = []
    for count in (1, 100, 1000):
        some = customers[:count]
        figures.append(
            {
                "what": f"{len(some)} open-item statements as HTML",
                "count": len(some),
                **_compare(database, some, {"ours": _render_ours, "theirs": _render_theirs}),
            }
        )
    figures += [
        {
            "what": f"{kind}: figures of {len(some)} customers, {_when(days)}",
            "count": len(some),
            **_compare(database, some, {"ours": _read(kind, days)}),
        }
        for kind in ("open", "activity")
        for some in (customers[:10], customers)
        for days in (0, 365)
    ]
    print(json.dumps(figures))


def _when(days):
    return f"{days} days ago" if days else "today"


def _get_debtors(env):
    groups = env["billing.receivable"]._read_group(
        [("company_id", "=", env.company.id), ("residual", ">", 0)],
        ["partner_id"],
        order="partner_id",
    )
    return [partner.id for (partner,) in groups if partner]


def _compare(database, customers, sides):
    """Measure each of ``sides`` in turns; the first turn fills the caches and does not count."""
    taken = {name: [] for name in sides}
    for _round in range(ROUNDS + 1):
        for name, (prepare, act) in sides.items():
            taken[name].append(_measure(database, partial(prepare, customers=customers), act))
    return {
        name: {
            "seconds": median(figure.seconds for figure in figures[1:]),
            "queries": round(median(figure.queries for figure in figures[1:])),
        }
        for name, figures in taken.items()
    }


def _ask(env, kind, customers, days=0):
    day = fields.Date.subtract(fields.Date.today(), days=days)
    values = {
        "company_id": env.company.id,
        "kind": kind,
        "date_from": fields.Date.subtract(day, months=3),
        "date_to": day,
        "scope": "customer",
    }
    statements = env["billing.statement"]
    return [
        statements.new({**values, "partner_id": partner_id})._to_ask() for partner_id in customers
    ]


def _prepare_ours(env, customers):
    asks = _ask(env, "open", customers)
    return env["billing.statement"].sudo()._make(asks, channel="print", skip_zero=False).ids


def _act_ours(env, ids):
    html, _type = env["ir.actions.report"]._render_qweb_html("billing_crm.report_statement", ids)
    assert html.count(b"statement_block") == len(ids)


def _prepare_theirs(env, customers):
    wizard = env["outstanding.statement.wizard"].with_context(active_ids=list(customers)).create({})
    return customers, wizard._prepare_statement()


def _act_theirs(env, prepared):
    customers, data = prepared
    html, _type = env["ir.actions.report"]._render_qweb_html(
        "partner_statement.outstanding_statement", list(customers), data
    )
    assert html.count(b"article") >= len(customers)


def _read(kind, days):
    return (
        lambda env, customers: _ask(env, kind, customers, days),
        lambda env, asks: env["billing.statement.reader"].sudo()._read(asks),
    )


_render_ours = (_prepare_ours, _act_ours)
_render_theirs = (_prepare_theirs, _act_theirs)


if __name__ == "__main__":
    main()
