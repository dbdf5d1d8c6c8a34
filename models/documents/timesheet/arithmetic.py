"""The arithmetic of hours, without a database."""

import math

from odoo.tools import float_round

# A minute is 0.01666… hours: what a float loses on the way is far below a thousandth of a step.
TOLERANCE = 1e-6


def round_hours(hours, step, upward, digits):
    """Return the hours to bill for one entry.

    :param hours: what was entered
    :param step: minutes that are billed at least and in multiples of; 0 bills what was entered
    :param upward: whether a step that has begun is billed, else the nearest multiple is
    :param digits: decimals that a quantity has on an invoice
    """
    if step:
        steps = hours * 60 / step
        number = math.ceil(steps - TOLERANCE) if upward else math.floor(steps + 0.5 + TOLERANCE)
        hours = number * step / 60
    return float_round(hours, precision_digits=digits)


def spread(total, weights, rounding):
    """Return one amount for each weight, proportional to it, whose sum is exactly ``total``.

    :param rounding: the smallest unit of the currency, of which every amount is a multiple
    """
    amounts, weighed, spent, whole = [], 0.0, 0.0, sum(weights)
    for position, weight in enumerate(weights, start=1):
        weighed += weight
        # the last amount takes what is left, so that no error of a float can survive
        share = total if position == len(weights) else whole and total * weighed / whole
        reached = float_round(share, precision_rounding=rounding)
        amounts.append(float_round(reached - spent, precision_rounding=rounding))
        spent = reached
    return amounts
