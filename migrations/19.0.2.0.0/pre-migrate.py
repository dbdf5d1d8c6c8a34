from odoo.tools import SQL


def migrate(cr, version):
    """Add the column before the ORM does, which would load every move of the ledger to fill it."""
    cr.execute(SQL("ALTER TABLE account_move ADD COLUMN IF NOT EXISTS billing_type_id integer"))
