"""What a part of an invoice consists of, line by line and tax by tax, to the cent: pure arithmetic.

A line is ``{"base": amount, "taxes": {tax_id: …}}`` as in `split`.
"""

from ...documents.interim import split


def total_of(line):
    """Return what the customer pays for a line, taxes included."""
    return line["base"] + split.tax_of(line)


def take(lines, amount, rounding):
    """Return a part of each line, such that they add up to ``amount``, taxes included.

    The sum of the bases and the sum of each tax are in proportion, to the cent; each line is, to a
    cent or two.

    :param amount: not negative, and no more than the total of the lines, which is not zero
    :param rounding: the smallest unit of the currency
    """
    weights = [amount, sum(map(total_of, lines)) - amount]
    paid = sorted(
        {key for line in lines for key, tax in line["taxes"].items() if not tax["reverse"]}
    )
    columns = [[line["base"] for line in lines]]
    columns += [[_tax(line, key, "tax") for line in lines] for key in paid]
    shares = split.split_table([sum(column) for column in columns], weights, rounding)
    base, *taxes = (
        _take_column(column, weights, share, rounding)
        for column, (share, _rest) in zip(columns, shares, strict=True)
    )
    taken = dict(zip(paid, taxes, strict=True))
    for key in {key for line in lines for key in line["taxes"]} - set(paid):
        taken[key] = _take_column(
            [_tax(line, key, "tax") for line in lines], weights, None, rounding
        )
    return [
        {
            "base": base[index],
            "taxes": {
                key: {
                    **tax,
                    "tax": taken[key][index],
                    "base": (
                        base[index]
                        if split.to_units(tax["base"] - line["base"], rounding) == 0
                        else split.split_table([tax["base"]], weights, rounding)[0][0]
                    ),
                }
                for key, tax in line["taxes"].items()
            },
        }
        for index, line in enumerate(lines)
    ]


def is_empty(line, rounding):
    """Whether nothing is left of a line, neither a base nor a tax."""
    amounts = [line["base"], *(tax["tax"] for tax in line["taxes"].values())]
    return not any(split.to_units(amount, rounding) for amount in amounts)


def _tax(line, key, name):
    return line["taxes"][key][name] if key in line["taxes"] else 0.0


def _take_column(amounts, weights, share, rounding):
    """Return a part of each amount, in proportion; the largest takes what is missing to ``share``.

    :param share: what the parts are to add up to; None for whatever they do
    """
    parts = [row[0] for row in split.split_table(amounts, weights, rounding)]
    missing = 0 if share is None else split.to_units(share - sum(parts), rounding)
    if missing:
        largest = max(range(len(amounts)), key=lambda index: abs(amounts[index]))
        parts[largest] = split.to_amount(
            split.to_units(parts[largest], rounding) + missing, rounding
        )
    return parts
