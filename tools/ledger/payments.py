"""What a cloned payment has of its own: its row, its entry's, its lines' and its matching."""

from odoo.tools import SQL

from .cloning import clone, scaled
from .prototypes import temporary

MADE = {
    "create_date": SQL("staged.date + interval '9 hours'"),
    "write_date": SQL("staged.date + interval '9 hours'"),
}
PAYMENT = {
    **MADE,
    "id": SQL("staged.payment_id"),
    "move_id": SQL("staged.move_id"),
    "name": SQL("staged.name"),
    "partner_id": SQL("partner.commercial_partner_id"),
    "date": SQL("staged.date"),
    "memo": SQL("staged.memo"),
}
MOVE = {
    **MADE,
    "id": SQL("staged.move_id"),
    "origin_payment_id": SQL("staged.payment_id"),
    "name": SQL("staged.name"),
    "sequence_prefix": SQL("staged.sequence_prefix"),
    "sequence_number": SQL("staged.sequence_number"),
    "ref": SQL("staged.memo"),
    "partner_id": SQL("partner.commercial_partner_id"),
    "commercial_partner_id": SQL("partner.commercial_partner_id"),
    "invoice_partner_display_name": SQL("commercial.complete_name"),
    "date": SQL("staged.date"),
    "invoice_date_due": SQL("staged.date"),
}
IS_RECEIVABLE = SQL("prototype.reconciled")
LINE = {
    **MADE,
    "id": SQL(
        "CASE WHEN %s THEN staged.receivable_line_id"
        " ELSE nextval(pg_get_serial_sequence('account_move_line', 'id')) END",
        IS_RECEIVABLE,
    ),
    "move_id": SQL("staged.move_id"),
    "payment_id": SQL("staged.payment_id"),
    "move_name": SQL("staged.name"),
    "ref": SQL("staged.memo"),
    # "Manual Payment: " and the memo
    "name": SQL(
        "LEFT(prototype.name, LENGTH(prototype.name) - LENGTH(prototype.ref)) || staged.memo"
    ),
    "partner_id": SQL("partner.commercial_partner_id"),
    "date": SQL("staged.date"),
    "date_maturity": SQL("staged.date"),
    "full_reconcile_id": SQL("CASE WHEN %s THEN invoice.full_reconcile_id END", IS_RECEIVABLE),
    "matching_number": SQL("CASE WHEN %s THEN invoice.matching_number END", IS_RECEIVABLE),
}
MATCHING = {
    "create_date": SQL("GREATEST(staged.date, invoice.invoice_date) + interval '9 hours'"),
    "write_date": SQL("GREATEST(staged.date, invoice.invoice_date) + interval '9 hours'"),
    "id": SQL("staged.partial_id"),
    "debit_move_id": SQL(
        "CASE WHEN invoice.is_credit_note THEN staged.receivable_line_id"
        " ELSE invoice.receivable_line_id END"
    ),
    "credit_move_id": SQL(
        "CASE WHEN invoice.is_credit_note THEN invoice.receivable_line_id"
        " ELSE staged.receivable_line_id END"
    ),
    "full_reconcile_id": SQL("invoice.full_reconcile_id"),
    "max_date": SQL("GREATEST(staged.date, invoice.invoice_date)"),
}


def clone_payments(env, chunk: int) -> int:
    """Clone the payments of a chunk, matched with their invoices, and return their number."""
    # A payment and its entry refer to each other: the first must do without for a moment.
    alone = {**PAYMENT, "move_id": SQL("NULL")}
    count = _clone(env, "account.payment", alone, SQL("staged.prototype = prototype.id"), chunk)
    _clone(env, "account.move", MOVE, SQL("staged.prototype_move = prototype.id"), chunk)
    env.cr.execute(
        SQL(
            "UPDATE account_payment SET move_id = staged.move_id FROM staged_payment AS staged"
            " WHERE account_payment.id = staged.payment_id AND staged.chunk = %s",
            chunk,
        )
    )
    _clone(env, "account.move.line", LINE, SQL("staged.prototype_move = prototype.move_id"), chunk)
    _clone(
        env,
        "account.partial.reconcile",
        MATCHING,
        SQL("staged.prototype_partial = prototype.id"),
        chunk,
    )
    _link_to_invoices(env, chunk)
    return count


def _clone(env, model: str, overrides: dict[str, SQL], on_prototype: SQL, chunk: int) -> int:
    table = env[model]._table
    source = SQL(
        """
        FROM %(prototype)s AS prototype
        JOIN staged_payment AS staged ON %(on_prototype)s
        JOIN staged_invoice AS invoice ON invoice.move_id = staged.invoice_id
        JOIN res_partner AS partner ON partner.id = invoice.partner_id
        JOIN res_partner AS commercial ON commercial.id = partner.commercial_partner_id
        WHERE staged.chunk = %(chunk)s
        ORDER BY staged.move_id, prototype.id
        """,
        prototype=temporary(table),
        on_prototype=on_prototype,
        chunk=chunk,
    )
    return clone(env, table, {**scaled(env, model, SQL("staged.scale")), **overrides}, source)


def _link_to_invoices(env, chunk: int) -> None:
    field = env["account.payment"]._fields["invoice_ids"]
    env.cr.execute(
        SQL(
            "INSERT INTO %s (%s, %s) SELECT payment_id, invoice_id FROM staged_payment"
            " WHERE chunk = %s",
            SQL.identifier(field.relation),
            SQL.identifier(field.column1),
            SQL.identifier(field.column2),
            chunk,
        )
    )
