"""INSERT … SELECT of a prototype's rows, column by column.

Every column is copied from the prototype but for those that a clone must differ in. The columns
come from the database, so this works whichever modules are installed.
"""

from odoo.tools import SQL


def clone(env, table: str, overrides: dict[str, SQL], source: SQL) -> int:
    """Insert into ``table`` what ``source`` yields, and return the number of rows.

    ``source`` is a FROM clause and what follows it; it calls the prototype's row ``prototype``.
    """
    columns = _columns(env, table)
    absent = overrides.keys() - set(columns)
    if absent:
        raise ValueError(f"{table} has no column {', '.join(sorted(absent))}")
    env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s %s",
            SQL.identifier(table),
            SQL(", ").join(map(SQL.identifier, columns)),
            SQL(", ").join(
                overrides.get(column, SQL.identifier("prototype", column)) for column in columns
            ),
            source,
        )
    )
    return env.cr.rowcount


def scaled(env, model: str, factor: SQL) -> dict[str, SQL]:
    """Overrides that multiply every stored amount of a model, whichever module defines it."""
    decimals = env.company.currency_id.decimal_places
    return {
        name: SQL("ROUND(%s * %s, %s)", SQL.identifier("prototype", name), factor, decimals)
        for name, field in env[model]._fields.items()
        if field.type == "monetary" and field.store and field.column_type
    }


def _columns(env, table: str) -> list[str]:
    rows = env.execute_query(
        SQL(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema AND table_name = %s"
            "   AND is_generated = 'NEVER'"
            " ORDER BY ordinal_position",
            table,
        )
    )
    return [name for (name,) in rows]
