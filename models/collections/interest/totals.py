"""Adding up interest exactly, and rounding it once. Plain Python."""

from decimal import Decimal
from fractions import Fraction


def add_up(segments):
    """Return the interest of segments, exactly.

    :rtype: Fraction
    """
    sums = {}
    for segment in segments:
        of_year = segment.base * segment.rate * segment.days
        sums[segment.year] = sums.get(segment.year, Decimal(0)) + of_year
    return sum((Fraction(total) / (100 * year) for year, total in sums.items()), Fraction(0))


def round_half_up(amount, rounding):
    """Return an amount that is not negative, rounded to a multiple of ``rounding``, both exact."""
    units = Fraction(amount) / Fraction(rounding)
    return (2 * units.numerator + units.denominator) // (2 * units.denominator) * rounding
