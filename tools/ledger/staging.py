"""Two temporary tables that say of each clone what makes it differ from its prototype."""

import io
from collections.abc import Iterable
from datetime import date
from itertools import islice

from odoo.tools import SQL

from .numbering import Numbering
from .prototypes import Prototype, sort_of
from .rows import Invoice

INVOICE_COLUMNS = {
    "chunk": "integer",
    "prototype": "integer",
    "move_id": "integer",
    "receivable_line_id": "integer",
    "full_reconcile_id": "integer",
    "matching_number": "varchar",
    "name": "varchar",
    "sequence_prefix": "varchar",
    "sequence_number": "integer",
    "ref": "varchar",
    "partner_id": "integer",
    "invoice_date": "date",
    "due_date": "date",
    "settled_on": "date",
    "scale": "numeric",
    "residual": "numeric",
    "by_quantity": "boolean",
    "is_credit_note": "boolean",
}
PAYMENT_COLUMNS = {
    "chunk": "integer",
    "prototype": "integer",
    "prototype_move": "integer",
    "prototype_partial": "integer",
    "invoice_id": "integer",
    "payment_id": "integer",
    "move_id": "integer",
    "receivable_line_id": "integer",
    "partial_id": "integer",
    "name": "varchar",
    "sequence_prefix": "varchar",
    "sequence_number": "integer",
    "memo": "varchar",
    "date": "date",
    "scale": "numeric",
}
CHUNK = 2500


class Staging:
    """Fills the tables ``staged_invoice`` and ``staged_payment``, ids and numbers included."""

    def __init__(self, env, prototypes: dict[tuple, Prototype], templates, customers):
        self._env = env
        self._prototypes = prototypes
        self._templates = templates
        self._customers = customers
        self._numbering = Numbering(env)

    def fill(self, invoices: list[Invoice]) -> None:
        """Stage the invoices in the order of their dates, and so their payments."""
        invoices = sorted(invoices, key=lambda invoice: invoice.invoice_date)
        invoice_rows = self._invoice_rows(invoices)
        payment_rows = self._payment_rows(invoices, invoice_rows)
        self._copy("staged_invoice", INVOICE_COLUMNS, invoice_rows)
        self._copy("staged_payment", PAYMENT_COLUMNS, payment_rows)

    def _invoice_rows(self, invoices: list[Invoice]) -> list[dict]:
        moves = self._ids("account_move", len(invoices))
        lines = self._ids("account_move_line", len(invoices))
        fulls = iter(self._ids("account_full_reconcile", sum(i.fate == "paid" for i in invoices)))
        rows = []
        for position, invoice in enumerate(invoices):
            prototype = self._prototypes[sort_of(invoice)]
            template = self._templates[invoice.template]
            number = self._numbering.next(
                prototype.journal_id, prototype.name, invoice.invoice_date
            )
            full = next(fulls) if invoice.fate == "paid" else None
            rows.append(
                {
                    "chunk": position // CHUNK,
                    "prototype": prototype.move_id,
                    "move_id": moves[position],
                    "receivable_line_id": lines[position],
                    "full_reconcile_id": full,
                    # that of a partly paid invoice is the id of its first partial
                    "matching_number": full,
                    "name": number.name,
                    "sequence_prefix": number.prefix,
                    "sequence_number": number.number,
                    "ref": invoice.number or None,
                    "partner_id": self._customers[invoice.customer].id,
                    "invoice_date": invoice.invoice_date,
                    "due_date": invoice.due_date,
                    "settled_on": max((p.date for p in invoice.payments), default=None),
                    "scale": abs(invoice.amount) / template.total,
                    "residual": invoice.residual,
                    "by_quantity": template.scaled == "quantity",
                    "is_credit_note": invoice.amount < 0,
                }
            )
        return rows

    def _payment_rows(self, invoices: list[Invoice], invoice_rows: list[dict]) -> list[dict]:
        paid = sorted(
            (
                (payment, invoice, row)
                for invoice, row in zip(invoices, invoice_rows, strict=True)
                for payment in invoice.payments
            ),
            key=lambda item: item[0].date,
        )
        ids = {
            name: self._ids(table, len(paid))
            for name, table in (
                ("payment_id", "account_payment"),
                ("move_id", "account_move"),
                ("receivable_line_id", "account_move_line"),
                ("partial_id", "account_partial_reconcile"),
            )
        }
        rows = []
        for position, (payment, invoice, row) in enumerate(paid):
            prototype = self._prototypes[sort_of(invoice)]
            number = self._numbering.next(
                prototype.payment_journal_id, prototype.payment_name, payment.date
            )
            row["matching_number"] = row["matching_number"] or f"P{ids['partial_id'][position]}"
            rows.append(
                {
                    "chunk": position // CHUNK,
                    "prototype": prototype.payment_id,
                    "prototype_move": prototype.payment_move_id,
                    "prototype_partial": prototype.partial_id,
                    "invoice_id": row["move_id"],
                    **{name: values[position] for name, values in ids.items()},
                    "name": number.name,
                    "sequence_prefix": number.prefix,
                    "sequence_number": number.number,
                    "memo": (invoice.amount < 0 and invoice.number) or row["name"],
                    "date": payment.date,
                    "scale": payment.amount / prototype.payment_amount,
                }
            )
        return rows

    def _ids(self, table: str, count: int) -> list[int]:
        rows = self._env.execute_query(
            SQL(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                table,
                count,
            )
        )
        return [id_ for (id_,) in rows]

    def _copy(self, table: str, columns: dict[str, str], rows: Iterable[dict]) -> None:
        definition = SQL(", ").join(
            SQL("%s %s", SQL.identifier(name), SQL(kind)) for name, kind in columns.items()
        )
        cr = self._env.cr
        cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(table)))
        cr.execute(
            SQL("CREATE TEMPORARY TABLE %s (%s) ON COMMIT DROP", SQL.identifier(table), definition)
        )
        lines = ("\t".join(_field(row[name]) for name in columns) + "\n" for row in rows)
        while batch := "".join(islice(lines, 10_000)):
            cr.copy_from(io.StringIO(batch), table, columns=tuple(columns))
        cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))


def _field(value: object) -> str:
    """A value in COPY's text format."""
    if value is None:
        return r"\N"
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
