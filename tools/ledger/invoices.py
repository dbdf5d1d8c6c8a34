"""What a cloned invoice or credit note has of its own: its row and those of its lines."""

from odoo.tools import SQL

from .cloning import clone, scaled
from .prototypes import temporary

# Made in the morning of its day, and last touched when its last payment came.
MADE = {
    "create_date": SQL("staged.invoice_date + interval '9 hours'"),
    "write_date": SQL("GREATEST(staged.invoice_date, staged.settled_on) + interval '9 hours'"),
}
MOVE = {
    **MADE,
    "id": SQL("staged.move_id"),
    "name": SQL("staged.name"),
    "sequence_prefix": SQL("staged.sequence_prefix"),
    "sequence_number": SQL("staged.sequence_number"),
    "ref": SQL("staged.ref"),
    # a credit note has none
    "payment_reference": SQL(
        "CASE WHEN prototype.payment_reference IS NOT NULL THEN staged.name END"
    ),
    "partner_id": SQL("partner.id"),
    "commercial_partner_id": SQL("partner.commercial_partner_id"),
    "partner_shipping_id": SQL("partner.id"),
    "invoice_partner_display_name": SQL("partner.complete_name"),
    "invoice_user_id": SQL("COALESCE(partner.user_id, prototype.invoice_user_id)"),
    "date": SQL("staged.invoice_date"),
    "invoice_date": SQL("staged.invoice_date"),
    "invoice_date_due": SQL("staged.due_date"),
    "amount_residual": SQL("staged.residual"),
    "amount_residual_signed": SQL("SIGN(prototype.amount_total_signed) * staged.residual"),
}
IS_RECEIVABLE = SQL("prototype.display_type = 'payment_term'")
LINE = {
    **MADE,
    "id": SQL(
        "CASE WHEN %s THEN staged.receivable_line_id"
        " ELSE nextval(pg_get_serial_sequence('account_move_line', 'id')) END",
        IS_RECEIVABLE,
    ),
    "move_id": SQL("staged.move_id"),
    "move_name": SQL("staged.name"),
    "ref": SQL("staged.ref"),
    "name": SQL(
        "CASE WHEN NOT %s THEN prototype.name"
        " WHEN prototype.name IS NOT NULL THEN concat_ws(' - ', staged.ref, staged.name) END",
        IS_RECEIVABLE,
    ),
    "partner_id": SQL("partner.commercial_partner_id"),
    "date": SQL("staged.invoice_date"),
    "invoice_date": SQL("staged.invoice_date"),
    "date_maturity": SQL("CASE WHEN %s THEN staged.due_date END", IS_RECEIVABLE),
    "quantity": SQL(
        "prototype.quantity * CASE WHEN staged.by_quantity THEN staged.scale ELSE 1 END"
    ),
    "price_unit": SQL(
        "prototype.price_unit * CASE WHEN staged.by_quantity THEN 1 ELSE staged.scale END"
    ),
    "amount_residual": SQL(
        "CASE WHEN %s THEN SIGN(prototype.balance) * staged.residual ELSE 0 END", IS_RECEIVABLE
    ),
    "amount_residual_currency": SQL(
        "CASE WHEN %s THEN SIGN(prototype.balance) * staged.residual ELSE 0 END", IS_RECEIVABLE
    ),
    "full_reconcile_id": SQL("CASE WHEN %s THEN staged.full_reconcile_id END", IS_RECEIVABLE),
    "matching_number": SQL("CASE WHEN %s THEN staged.matching_number END", IS_RECEIVABLE),
}


def clone_invoices(env, chunk: int) -> int:
    """Clone the documents of a chunk with their lines, and return the number of documents."""
    amounts = SQL("staged.scale")
    clone(
        env,
        "account_full_reconcile",
        {**MADE, "id": SQL("staged.full_reconcile_id")},
        SQL(
            """
            FROM staged_invoice AS staged
            CROSS JOIN (SELECT * FROM %s LIMIT 1) AS prototype
            WHERE staged.full_reconcile_id IS NOT NULL AND staged.chunk = %s
            """,
            temporary("account_full_reconcile"),
            chunk,
        ),
    )
    count = clone(
        env,
        "account_move",
        {**scaled(env, "account.move", amounts), **MOVE},
        _source("account_move", SQL("id"), chunk),
    )
    clone(
        env,
        "account_move_line",
        {**scaled(env, "account.move.line", amounts), **LINE},
        _source("account_move_line", SQL("move_id"), chunk),
    )
    return count


def _source(table: str, prototype_key: SQL, chunk: int) -> SQL:
    return SQL(
        """
        FROM %(prototype)s AS prototype
        JOIN staged_invoice AS staged ON staged.prototype = prototype.%(key)s
        JOIN res_partner AS partner ON partner.id = staged.partner_id
        WHERE staged.chunk = %(chunk)s
        ORDER BY staged.move_id, prototype.id
        """,
        prototype=temporary(table),
        key=prototype_key,
        chunk=chunk,
    )
