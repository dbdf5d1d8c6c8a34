"""Opening a customer with a long history."""

from .measure import compare
from .view_spec import specification


def run(databases):
    return [compare("customer form", databases, _busiest_customer, _read, rounds=25)]


def _busiest_customer(env):
    [(customer, _count)] = env["account.move"]._read_group(
        [("move_type", "=", "out_invoice")],
        ["partner_id"],
        ["__count"],
        order="__count DESC, partner_id",
        limit=1,
    )
    return customer.id, specification(env, "res.partner", "form")


def _read(env, prepared):
    customer_id, fields = prepared
    env["res.partner"].browse(customer_id).web_read(fields)
