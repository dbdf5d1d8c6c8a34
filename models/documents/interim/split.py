"""How amounts are split so that nothing is lost: pure arithmetic, in whole smallest units.

Everything is rounded cumulatively: what a bill gets is what has come together up to it, less what
had come together before it. So the parts add up to the whole whatever the split is, and no part is
further from its exact share than the rounding of its two ends.
"""

from odoo.tools import float_round


def to_units(amount, rounding):
    """Return how many smallest units of a currency an amount has."""
    return round(amount / rounding)


def to_amount(units, rounding):
    """Return the amount that a number of smallest units is."""
    return float_round(units * rounding, precision_rounding=rounding)


def _share(units, part, whole):
    """Return ``units * part / whole``, rounded to a whole number, half up."""
    return (2 * units * part + whole) // (2 * whole)


def split(total, weights, rounding):
    """Split an amount in proportion to weights, such that the parts add up to it exactly.

    :param total: the amount, rounded
    :param weights: amounts of the same currency that are not negative, and not all zero
    :param rounding: the smallest unit of the currency
    :return: a list of amounts, one for each weight
    """
    units = to_units(total, rounding)
    weights = [to_units(weight, rounding) for weight in weights]
    whole, reached, before, parts = sum(weights), 0, 0, []
    for weight in weights:
        reached += weight
        cumulated = _share(units, reached, whole)
        parts.append(to_amount(cumulated - before, rounding))
        before = cumulated
    return parts


def split_table(rows, columns, rounding):
    """Fill a table in proportion to the sums of its rows and columns; both are met exactly.

    :param rows: the sums of the rows; their total is that of the columns
    :param columns: the sums of the columns, not negative, and not all zero
    :return: a list of rows, each a list of amounts
    """
    rows = [to_units(row, rounding) for row in rows]
    columns = [to_units(column, rounding) for column in columns]
    whole = sum(columns)
    table, above, height = [], [0] * len(columns), 0
    for row in rows:
        height += row
        width, below = 0, []
        for column in columns:
            width += column
            below.append(_share(height, width, whole))
        grown = [now - before for now, before in zip(below, above, strict=True)]
        cells = [right - left for left, right in zip([0, *grown], grown, strict=False)]
        table.append([to_amount(cell, rounding) for cell in cells])
        above = below
    return table


# -- The amounts of a line: what it costs, and each of its taxes ----------------------------------


def price_of(part):
    """Return the price of a part of a line: with the taxes that are included in it."""
    return part["base"] + sum(tax["tax"] for tax in part["taxes"].values() if tax["included"])


def tax_of(part):
    """Return what the customer pays in taxes on a part of a line."""
    return sum(tax["tax"] for tax in part["taxes"].values() if not tax["reverse"])


def add(one, other, sign=1):
    """Return the sum (or, with ``sign=-1``, the difference) of two parts of one line."""
    return {
        "base": one["base"] + sign * other["base"],
        "taxes": {
            tax_id: {
                **tax,
                "tax": tax["tax"] + sign * other["taxes"][tax_id]["tax"],
                "base": tax["base"] + sign * other["taxes"][tax_id]["base"],
            }
            for tax_id, tax in one["taxes"].items()
        },
    }


def rounded(part, rounding, factor=1.0):
    """Return a part of a line, or ``factor`` of it, with each of its amounts rounded."""

    def unit(amount):
        return float_round(amount * factor, precision_rounding=rounding)

    return {
        "base": unit(part["base"]),
        "taxes": {
            tax_id: {**tax, "tax": unit(tax["tax"]), "base": unit(tax["base"])}
            for tax_id, tax in part["taxes"].items()
        },
    }


def split_lines(lines, weights, rounding):
    """Split the amounts of several lines into parts.

    The price of each part is its weight, and the sum of each amount of a line over all parts is
    that amount.

    :param lines: a list of ``{"base", "taxes"}``; their prices add up to the sum of the weights
    :param weights: the prices of the parts, not negative, and not all zero
    :return: for each line a list of parts
    """
    table = split_table([price_of(line) for line in lines], weights, rounding)
    result = []
    for line, prices in zip(lines, table, strict=True):
        taxes = {
            tax_id: (
                split(tax["tax"], weights, rounding),
                split(tax["base"], weights, rounding),
                to_units(tax["base"] - line["base"], rounding) == 0,
            )
            for tax_id, tax in line["taxes"].items()
        }
        parts = []
        for index, price in enumerate(prices):
            part = {"base": price, "taxes": {}}
            for tax_id, (tax_amounts, base_amounts, _is_on_line) in taxes.items():
                part["taxes"][tax_id] = {
                    **line["taxes"][tax_id],
                    "tax": tax_amounts[index],
                    "base": base_amounts[index],
                }
                if line["taxes"][tax_id]["included"]:
                    part["base"] -= tax_amounts[index]
            for tax_id, (_taxes, _bases, is_on_line) in taxes.items():
                if is_on_line:
                    part["taxes"][tax_id]["base"] = part["base"]
            parts.append(rounded(part, rounding))
        result.append(parts)
    return result


def fix_amounts(part, currency_id, key, shown):
    """Return the value of Odoo's `extra_tax_data` that fixes base and taxes of a line.

    :param part: what the line is to come to
    :param key: what tells this computation from those of other lines
    :param shown: the quantity, price and discount of the line; with others Odoo computes by itself
    :return: False if there are no taxes to fix
    """
    if not part["taxes"]:
        return False
    return {
        "computation_key": key,
        "currency_id": currency_id,
        **shown,
        "manual_total_excluded_currency": part["base"],
        "manual_tax_amounts": {
            tax_id: {"tax_amount_currency": tax["tax"], "base_amount_currency": tax["base"]}
            for tax_id, tax in part["taxes"].items()
        },
    }
