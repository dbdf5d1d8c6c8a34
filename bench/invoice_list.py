"""The first page of the customer invoices, with the columns that the user's view has."""

from .measure import compare
from .view_spec import specification

ROWS = 80
DOMAIN = [("move_type", "=", "out_invoice")]


def run(databases):
    return [compare(f"list of {ROWS} invoices", databases, _specification, _read, rounds=25)]


def _specification(env):
    view = env.ref("account.view_out_invoice_tree")
    return specification(env, "account.move", "list", view.id)


def _read(env, fields):
    env["account.move"].web_search_read(DOMAIN, fields, limit=ROWS, count_limit=10_001)
