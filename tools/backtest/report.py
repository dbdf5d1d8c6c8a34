"""Writing the predictions down, and showing how right they are."""

import csv
import os
from pathlib import Path

from odoo.addons.billing_crm.models.insight.backtest.billing_backtest_run import FEW_PAYMENTS

from tools.ledger.rows import LedgerError

from . import replay
from .reader import Invoice

HEADER = ("invoice", "p_late", "p_late30", "pred_days_late", "lo80", "hi80")
# An honest test is of the latest invoices: constants are chosen on the earlier ones.
LATEST = 0.3
TABLE = (
    ("invoices", "judged_count", "{:,}"),
    ("late", "late_count", "{:,}"),
    ("AUC", "auc", "{:.3f}"),
    ("AUC 30", "auc30", "{:.3f}"),
    ("ECE", "calibration_error", "{:.3f}"),
    ("MAE", "error_days", "{:.2f}"),
    ("MAE due", "due_date_error", "{:.2f}"),
    ("MAE avg", "average_error", "{:.2f}"),
    ("in range", "within_share", "{:.1%}"),
)


def write(env, invoices: list[Invoice], target: Path) -> None:
    """Write one line for each invoice, in the file's order; nothing if that does not succeed."""
    predictions = replay.fetch(env)
    if len(predictions) != len(invoices) or any(None in row for row in predictions):
        raise AssertionError("there is not one whole prediction for each invoice")
    target = target.resolve()  # what a link points to is written, not the link
    part = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(HEADER)
            for invoice, prediction in zip(invoices, predictions, strict=True):
                writer.writerow((invoice.number, *prediction))
        part.replace(target)
    except OSError as error:
        raise LedgerError(f"{target} cannot be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)
    print(f"{len(invoices):,} predictions in {target}")


def show_accuracy(env) -> None:
    """Print how right the predictions are, beside the due date and the customer's average."""
    rows = [("", *(title for title, _name, _form in TABLE))]
    for title, options in (
        ("all", {}),
        (f"customers with fewer than {FEW_PAYMENTS}", {"fewer_than": FEW_PAYMENTS}),
        (f"latest {LATEST:.0%}", {"latest": LATEST}),
        (f"of these, fewer than {FEW_PAYMENTS}", {"latest": LATEST, "fewer_than": FEW_PAYMENTS}),
    ):
        figures = replay.measure(env, **options)
        rows.append((title, *(_tell(figures[name], form) for _title, name, form in TABLE)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for title, *cells in rows:
        numbers = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
        print("  ".join((title.ljust(widths[0]), *numbers)))
    print(
        "Of invoices with an outcome. AUC: late ones told from others, 0.5 is a coin. ECE: chance "
        "of late, off by. MAE: days missed by; of the due date; of the customer's average so far."
    )


def _tell(value, form: str) -> str:
    return "-" if value is None else form.format(value)
