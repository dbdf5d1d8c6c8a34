"""The first page of the customer invoices, with the columns that the user's view has."""

from .measure import compare
from .view_spec import specification

ROWS = 80
DOMAIN = [("move_type", "=", "out_invoice")]


OURS = ("billing_type", "billing_type_id", "billing_properties")


def run(databases):
    return [
        compare(f"list of {ROWS} invoices", databases, _specification, _read, rounds=25),
        compare(f"list of {ROWS}, status only", databases, _status_only, _read, rounds=25),
    ]


def _specification(env):
    view = env.ref("account.view_out_invoice_tree")
    return specification(env, "account.move", "list", view.id)


def _status_only(env):
    """Odoo's columns and the status, without those of the type and its custom fields."""
    return {name: spec for name, spec in _specification(env).items() if name not in OURS}


def _read(env, fields):
    env["account.move"].web_search_read(DOMAIN, fields, limit=ROWS, count_limit=10_001)
