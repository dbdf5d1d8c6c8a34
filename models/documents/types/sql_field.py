"""Selections that follow other tables and are not stored: a write there must not write here.

One SQL expression serves the field, its search and its group-by, so they cannot disagree. The
model returns it in its `_field_to_sql`.
"""

from collections import defaultdict

from odoo.fields import Domain
from odoo.tools import SQL


def compute(records, fname, unsaved):
    """Set the field on all records with one query; on those that are not saved, to ``unsaved``."""
    values, saved = {}, records._origin
    if saved:
        query = saved._as_query(ordered=False)
        value = saved._field_to_sql(query.table, fname, query)
        rows = query.select(SQL.identifier(query.table, "id"), value)
        values = dict(records.env.execute_query(rows))
    same = defaultdict(list)
    for record_id in records._ids:  # without records: this runs for every list of invoices
        same[values.get(record_id or record_id.origin, unsaved)].append(record_id)
    for value, ids in same.items():
        records.browse(ids)[fname] = value


def search(fname, operator, values):
    """Return the domain for one of ``values``; the expression is never NULL."""
    if operator != "in":
        return NotImplemented
    wanted = tuple(value for value in values if value)
    if not wanted:
        return Domain.FALSE
    return Domain.custom(
        to_sql=lambda model, alias, query: SQL(
            "%s IN %s", model._field_to_sql(alias, fname, query), wanted
        )
    )
