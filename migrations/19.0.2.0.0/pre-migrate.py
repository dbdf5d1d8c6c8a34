from odoo.tools import SQL


def migrate(cr, version):
    """Add the column before the ORM does, which would load every move of the ledger to fill it."""
    cr.execute(SQL("ALTER TABLE account_move ADD COLUMN IF NOT EXISTS billing_type_id integer"))
    # "Sent" meant that the mail server took it; reasons were words, and are codes now.
    cr.execute(SQL("UPDATE billing_event SET kind = 'delivered' WHERE kind = 'sent'"))
    cr.execute(
        SQL(
            """
            UPDATE billing_event SET note = COALESCE(note, reason), reason = NULL
             WHERE reason IS NOT NULL
            """
        )
    )
