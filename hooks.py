"""What happens once, when the module arrives in a database and when it leaves it."""

from odoo.tools import SQL
from odoo.tools.sql import column_exists

from .models.documents.types.billing_invoice_type import BEHAVIORS


def pre_init_hook(env):
    """Give every existing invoice its type before the ORM sees the new column.

    Left to the ORM, the stored compute would load every move of the ledger. The column arrives
    with a default, which PostgreSQL records without rewriting the table; only the rows that are
    something else are updated.
    """
    if column_exists(env.cr, "account_move", "billing_type"):
        return
    # the types do not exist yet: post_init_hook fills this one
    env.cr.execute(SQL("ALTER TABLE account_move ADD COLUMN billing_type_id integer"))
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
    """Give existing invoices their types, and form a first opinion of every customer."""
    set_invoice_types(env)
    companies = env["res.company"].search([])
    env["billing.score"]._refresh(companies)
    env["billing.prediction"]._refresh(companies)
    env["billing.collection"]._refresh(companies)
    env["billing.forecast"]._refresh(companies)


def set_invoice_types(env):
    """Give every invoice without one the usual type of its behavior, in one statement."""
    types = env["billing.invoice.type"]
    types._create_missing()
    defaults = [
        (company.id, behavior, types._get_default(company, behavior).id)
        for company in env["res.company"].search([])
        for behavior, _label in BEHAVIORS
    ]
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            UPDATE account_move move
               SET billing_type_id = usual.type_id
              FROM (VALUES %s) AS usual (company_id, behavior, type_id)
             WHERE move.company_id = usual.company_id
               AND move.billing_type = usual.behavior
               AND move.billing_type_id IS NULL
            """,
            SQL(", ").join(SQL("(%s, %s, %s)", *row) for row in defaults if row[2]),
        )
    )
    env["account.move"].invalidate_model(["billing_type_id"])


def uninstall_hook(env):
    """Remove what Odoo leaves behind when a model ceases to exist.

    Its messages, the names under which other modules have noted that it inherits theirs, and what
    was made by code rather than by a data file: the number series.
    """
    env["mail.message"].search([("model", "=like", "billing.%")]).unlink()
    env["ir.model.data"].search(
        [
            ("model", "=", "ir.model.inherit"),
            ("module", "!=", "billing_crm"),
            ("name", "=like", "model_inherit__billing_%"),
        ]
    ).unlink()
    env["ir.model.data"].search(
        [
            ("model", "=", "ir.model.fields.selection"),
            ("module", "!=", "billing_crm"),
            ("name", "=like", "selection__billing_%"),
        ]
    ).unlink()
    env["ir.sequence"].search([("code", "=like", "billing.%")]).unlink()
