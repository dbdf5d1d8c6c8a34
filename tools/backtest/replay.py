"""Asking the module for the predictions, with a file in place of Odoo's ledger."""

import io
from itertools import count

from odoo.addons.billing_crm.models.insight.backtest import accuracy
from odoo.tools import SQL

from .reader import Invoice

PREDICTIONS = SQL.identifier("backtest_prediction")


def predict(env, invoices: list[Invoice]) -> None:
    """Fill the temporary table of predictions: one for each invoice, its place as ``id``."""
    backtest = env["billing.backtest"]
    history = backtest._begin_history()
    _fill(env, history, invoices)
    with env["billing.receivable"]._joining_large_sets():
        env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE %(predictions)s ON COMMIT DROP AS
                SELECT predicted.id, installment.invoice_date, earlier_count, average_days,
                       late_probability::numeric(7, 6) AS late_probability,
                       late30_probability::numeric(7, 6) AS late30_probability,
                       round(expected_days::numeric, 2) AS expected_days,
                       round(low_days::numeric, 2) AS low_days,
                       round(high_days::numeric, 2) AS high_days,
                       settled_date - date_maturity AS days_late,
                       NULL::integer AS days_so_far,
                       NULL::numeric AS amount
                  FROM (%(predicted)s) predicted
                  JOIN %(history)s installment ON installment.id = predicted.id
                """,
                predictions=PREDICTIONS,
                predicted=backtest._replay(SQL("TRUE")),
                history=history,
            )
        )


def _fill(env, history: SQL, invoices: list[Invoice]) -> None:
    numbers = count(1)
    customers = {"": r"\N"}
    for invoice in invoices:
        if invoice.customer not in customers:
            customers[invoice.customer] = str(next(numbers))
    rows = io.StringIO()
    for place, invoice in enumerate(invoices, start=1):
        settled = invoice.settled_date.isoformat() if invoice.settled_date else r"\N"
        rows.write(
            f"{place}\t{customers[invoice.customer]}\t{invoice.invoice_date.isoformat()}\t"
            f"{invoice.due_date.isoformat()}\t{settled}\tt\n"
        )
    rows.seek(0)
    env.cr.copy_expert(f"COPY {history.code} FROM STDIN", rows)


def fetch(env) -> list[tuple]:
    """Return the predictions in the order of the file, without their places."""
    return env.execute_query(
        SQL(
            """
            SELECT late_probability, late30_probability, expected_days, low_days, high_days
              FROM %s ORDER BY id
            """,
            PREDICTIONS,
        )
    )


def measure(env, *, latest: float = 1, fewer_than: int | None = None) -> dict:
    """Return how right the predictions are whose outcome is in the file.

    :param latest: only this part of them, by invoice date
    :param fewer_than: only of customers with fewer settled invoices before
    """
    chosen = SQL(
        """
        SELECT * FROM (
            SELECT *, row_number() OVER (ORDER BY invoice_date DESC, id DESC) AS place,
                   COUNT(*) OVER () AS total
              FROM %s WHERE days_late IS NOT NULL
        ) known
         WHERE place <= round(total * %s) AND earlier_count < %s
        """,
        PREDICTIONS,
        latest,
        fewer_than or 2**31,
    )
    [figures] = env.execute_query_dict(accuracy.measure(accuracy.judge(chosen)))
    return figures
