"""Arithmetic on quantities, and on base lines of Odoo's tax engine with rounded details."""

from odoo.tools import float_compare

# Quantities closer to each other than this are the same.
QUANTITY_DIGITS = 5


def same(one, other):
    """Whether two quantities are the same."""
    return float_compare(one, other, precision_digits=QUANTITY_DIGITS) == 0


def base_amount(base_line):
    """Return the amount of a base line without taxes, in its currency."""
    details = base_line["tax_details"]
    return details["total_excluded_currency"] + details["delta_total_excluded_currency"]


def gross(base_line):
    """Return what quantity times price of a base line comes to: with the taxes that are in it."""
    return base_amount(base_line) + sum(
        data["tax_amount_currency"]
        for data in base_line["tax_details"]["taxes_data"]
        if data["price_include"] and not data["is_reverse_charge"]
    )


def sum_taxes(signed_base_lines):
    """Return the sums of base lines by tax, and of their bases, in their currency.

    :param signed_base_lines: pairs of 1 or -1 and a base line
    :return: ``{"base": amount, tax_id: amount}``
    :rtype: dict
    """
    sums = {"base": 0.0}
    for sign, base_line in signed_base_lines:
        sums["base"] += sign * base_amount(base_line)
        for data in base_line["tax_details"]["taxes_data"]:
            if not data["is_reverse_charge"]:
                tax_id = data["tax"].id
                sums[tax_id] = sums.get(tax_id, 0.0) + sign * data["tax_amount_currency"]
    return sums
