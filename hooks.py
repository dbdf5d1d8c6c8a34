"""What happens once, when the module arrives in a database and when it leaves it."""

from odoo.tools import SQL
from odoo.tools.sql import column_exists


def pre_init_hook(env):
    """Give every existing invoice its type before the ORM sees the new column.

    Left to the ORM, the stored compute would load every move of the ledger. The column arrives
    with a default, which PostgreSQL records without rewriting the table; only the rows that are
    something else are updated.
    """
    if column_exists(env.cr, "account_move", "billing_type"):
        return
    env.cr.execute(
        SQL("ALTER TABLE account_move ADD COLUMN billing_type varchar DEFAULT 'standard'")
    )
    env.cr.execute(SQL("ALTER TABLE account_move ALTER COLUMN billing_type DROP DEFAULT"))
    env.cr.execute(
        SQL(
            """
            UPDATE account_move
               SET billing_type = CASE
                   WHEN move_type = 'out_refund' THEN 'credit'
                   WHEN move_type IN ('out_invoice', 'out_receipt') THEN 'debit'
               END
             WHERE move_type NOT IN ('out_invoice', 'out_receipt')
                OR debit_origin_id IS NOT NULL
            """
        )
    )


def post_init_hook(env):
    """Form a first opinion of every customer, so that the screens are not empty on day one."""
    env["billing.score"]._refresh(env["res.company"].search([]))


def uninstall_hook(env):
    """Remove what Odoo leaves behind when a model ceases to exist.

    Its messages, and the names under which other modules have noted that it inherits theirs.
    """
    env["mail.message"].search([("model", "=", "billing.reminder")]).unlink()
    env["ir.model.data"].search(
        [
            ("model", "=", "ir.model.inherit"),
            ("module", "!=", "billing_crm"),
            ("name", "=like", "model_inherit__billing_%"),
        ]
    ).unlink()
