"""The analysis bench in this process: ``database``. Prints the rows of the table as JSON."""

import json
import sys
import time
from statistics import median

from odoo.tools import SQL, config

from .measure import throwaway

ROUNDS = 5
PRODUCTS = 500
LEADS = 5000

SALES = "billing.sales.analysis"
PAYMENTS = "billing.payment.analysis"

PLAIN_SALES = """
    SELECT %(group)s, SUM(-line.balance)
      FROM account_move_line line
      JOIN account_move move ON move.id = line.move_id
     WHERE line.display_type = 'product'
       AND line.parent_state = 'posted'
       AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
  GROUP BY 1
"""
PLAIN_PAYMENTS = """
    SELECT %(group)s, SUM(partial.amount)
      FROM account_partial_reconcile partial
      JOIN account_move_line line ON line.id = partial.debit_move_id
      JOIN account_move move ON move.id = line.move_id
     WHERE move.move_type IN ('out_invoice', 'out_receipt')
  GROUP BY 1
"""


def main() -> None:
    config.parse_config(
        ["--no-http", "--max-cron-threads=0", "--log-level=warn"], setup_logging=True
    )
    with throwaway(sys.argv[1]) as env:
        _furnish(env(su=True))
        rows = [
            _compare(
                env,
                "sales by month (graph)",
                SALES,
                SQL("date_trunc('month', move.invoice_date)"),
                lambda model: model.formatted_read_group(
                    [], ["invoice_date:month"], ["revenue:sum"]
                ),
                "revenue:sum",
            ),
            _compare(
                env,
                "products, with margin (list)",
                SALES,
                SQL("line.product_id"),
                lambda model: _list(
                    model,
                    "product_id",
                    ("quantity:sum", "revenue:sum", *_margins()),
                    "revenue desc",
                ),
                "revenue:sum",
            ),
            _compare(
                env,
                "products, with margin (pivot)",
                SALES,
                SQL("line.product_id"),
                lambda model: _pivot(model, ["product_id"], ("revenue:sum", *_margins())),
                "revenue:sum",
            ),
            _compare(
                env,
                "weekday and hour (pivot)",
                SALES,
                SQL("extract(isodow FROM move.invoice_date)"),
                lambda model: _pivot(model, ["weekday", "hour"], ("revenue:sum",)),
                "revenue:sum",
            ),
            _compare(
                env,
                "countries (list)",
                SALES,
                SQL("move.partner_id"),
                lambda model: _list(
                    model, "country_id", ("revenue:sum", *_margins()), "revenue desc"
                ),
                "revenue:sum",
            ),
            _compare(
                env,
                "sales, line by line (list)",
                SALES,
                None,
                lambda model: _rows(model, "revenue desc"),
            ),
            _compare(
                env,
                "who pays how (list)",
                PAYMENTS,
                SQL("line.partner_id"),
                lambda model: _list(
                    model,
                    "partner_id",
                    ("paid:sum", "on_time_rate:avg", *_days()),
                    "days_late desc",
                ),
                "paid:sum",
            ),
            _compare(
                env,
                "slipping (list)",
                PAYMENTS,
                SQL("line.partner_id"),
                lambda model: _list(
                    model, "partner_id", ("paid:sum", *_days()), "days_late_change desc"
                ),
                "paid:sum",
            ),
            _compare(
                env,
                "paid revenue by campaign and source (pivot)",
                PAYMENTS,
                SQL("line.partner_id"),
                lambda model: _pivot(
                    model, ["campaign_id", "source_id"], ("paid_revenue:sum", "paid:sum")
                ),
                "paid:sum",
            ),
            _compare(
                env,
                "payments, one by one (list)",
                PAYMENTS,
                None,
                lambda model: _rows(model, "days_late desc"),
            ),
        ]
    print(json.dumps(rows))


def _margins():
    return "margin:sum", "margin_rate:avg"


def _days():
    return "days_late:avg", "days_late_now:avg", "days_late_before:avg", "days_late_change:avg"


def _list(model, groupby, aggregates, order):
    """What a list asks for that is grouped: the first page of its groups."""
    return model.web_read_group([], [groupby], aggregates, limit=80, order=order)


def _pivot(model, groupby, aggregates):
    """What a pivot asks for when it opens: its total and each level of its rows."""
    levels = [groupby[:depth] for depth in range(len(groupby) + 1)]
    return model.formatted_read_grouping_sets([], levels, [*aggregates, "__count"])


def _rows(model, order):
    """What a list asks for that is not grouped: its first page, with all its columns."""
    shown = model.get_view(view_type="list")["arch"]
    names = [name for name in model._fields if f'name="{name}"' in shown]
    return model.web_search_read([], {name: {} for name in names}, limit=80, order=order)


def _compare(env, title, name, group, act, measure=None):
    model = env[name]
    took = {"plain": [], "ours": []}
    for _round in range(ROUNDS + 1):
        if group is not None:
            template = PLAIN_SALES if name == SALES else PLAIN_PAYMENTS
            plain = SQL(template, group=group)
            seconds, plain_rows = _clock(lambda: env.execute_query(plain))  # noqa: B023
            took["plain"].append(seconds)
        env.invalidate_all()
        before = env.cr.sql_log_count
        seconds, _answer = _clock(lambda: act(model))
        took["ours"].append(seconds)
        queries = env.cr.sql_log_count - before
    if measure:
        [(ours,)] = model._read_group([], [], [measure])
        theirs = sum(amount for _group, amount in plain_rows)
        if env.company.currency_id.compare_amounts(ours, float(theirs)):
            raise AssertionError(f"{title}: {ours} is not {theirs}")
    ours = median(took["ours"][1:])
    alone = median(took["plain"][1:]) if group is not None else None
    return (
        title,
        f"{alone * 1000:,.0f} ms" if alone else "",
        f"{ours * 1000:,.0f} ms",
        f"{ours / alone:.2f}" if alone else "",
        str(queries),
        f"{model.search_count([]):,}",
        str(ROUNDS),
    )


def _furnish(env):
    """Give the ledger what a real one has: products with costs, won opportunities, places."""
    products = env["product.product"].create(
        [
            {"name": f"Product {number}", "standard_price": number % 5 * 10.0}
            for number in range(PRODUCTS)
        ]
    )
    campaigns = env["utm.campaign"].create([{"name": f"Campaign {n}"} for n in range(12)])
    sources = env["utm.source"].create([{"name": f"Source {n}"} for n in range(8)])
    stage = env["crm.stage"].search([("is_won", "=", True)], limit=1)
    env.flush_all()
    env.cr.execute(
        """
        UPDATE account_move_line SET product_id = %(first)s + id %% %(count)s
         WHERE display_type = 'product' AND journal_id IN
               (SELECT id FROM account_journal WHERE type = 'sale')
        """,
        {"first": min(products.ids), "count": PRODUCTS},
    )
    env.cr.execute(
        """
        INSERT INTO crm_lead (name, type, active, partner_id, stage_id, probability, won_status,
                              campaign_id, source_id, create_date, date_closed)
        SELECT 'Won', 'opportunity', TRUE, partner.id, %s, 100, 'won',
               %s + partner.id %% 12, %s + partner.id %% 8, now(),
               now() - interval '1 day' * (partner.id %% 300)
          FROM res_partner partner
         WHERE partner.customer_rank > 0
         LIMIT %s
        """,
        [stage.id, min(campaigns.ids), min(sources.ids), LEADS],
    )
    env.cr.execute(
        """
        UPDATE res_partner
           SET city = 'City ' || (id % 300), country_id = 1 + id % 40 WHERE customer_rank > 0
        """
    )
    env.cr.execute("ANALYZE account_move_line, account_move, account_partial_reconcile")
    env.cr.execute("ANALYZE crm_lead, res_partner, product_product")
    env.invalidate_all()


def _clock(act):
    started = time.perf_counter()
    result = act()
    return time.perf_counter() - started, result


if __name__ == "__main__":
    main()
