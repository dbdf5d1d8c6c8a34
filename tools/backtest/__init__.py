"""Replays a ledger from a file: what would have been predicted for each invoice on its own day?

`reader` reads the file and refuses what it does not understand, `replay` asks the module in an
Odoo database, and `report` writes the answers and says how right they are. The predictions, and
the figures of how right they are, come from the SQL that the module runs in Odoo; the file only
takes the place of its ledger.
"""

from pathlib import Path

from .reader import read


def main(env, ledger: str, target: str) -> None:
    """Write the predictions for the invoices in the file ``ledger`` to the file ``target``."""
    from . import replay, report  # they need Odoo, and the reader does not

    invoices = read(Path(ledger))
    replay.predict(env, invoices)
    report.write(env, invoices, Path(target))
    report.show_accuracy(env)
