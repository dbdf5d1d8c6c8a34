"""Interest for late payment, slow and obvious: every day is looked at for itself.

Written from the law, not from the module, which it shares no code with. Amounts and rates are
`Decimal`; payments are (day, amount), disputes (from, to or None, amount), rates (from, percent).
"""

from calendar import isleap
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext

CENT = Decimal("0.01")


def half_year(day):
    return date(day.year, 1, 1) if day.month <= 6 else date(day.year, 7, 1)


def rate_of_day(rates, day, reference_days):
    """What was published last, on the day that counts."""
    asked = {
        "daily": day,
        "half_year": half_year(day),
        "half_year_before": half_year(day) - timedelta(days=1),
    }[reference_days]
    known = None
    for since, percent in sorted(rates):
        if since <= asked:
            known = percent
    if known is None:
        raise LookupError(f"no rate on {asked}")
    return known


def share_of_year(day, day_count):
    """(days of interest, days of the year) that one day is."""
    if day_count == "act_365":
        return 1, 365
    if day_count == "act_act":
        return 1, 366 if isleap(day.year) else 365
    if day.day == 31:
        return 0, 360
    # February lends the days it lacks to the first of March
    if (day.month, day.day) == (3, 1):
        return 1 + 30 - (day - timedelta(days=1)).day, 360
    return 1, 360


def interest_of(installments, until, terms, rates=(), disputes=()):
    """Return the interest of each installment of an invoice, rounded once.

    :param installments: list of (due, amount, payments)
    :param terms: values of a policy
    """
    sums = [Decimal(0) for _installment in installments]
    firsts = [
        due + timedelta(days=terms["start_offset"]) for due, _amount, _payments in installments
    ]
    with localcontext() as context:
        context.prec = 80
        day = min(firsts)
        while day <= until:
            disputed = sum(
                (
                    amount
                    for start, end, amount in disputes
                    if start <= day and not (end and end <= day)
                ),
                Decimal(0),
            )
            for number in sorted(range(len(installments)), key=lambda number: firsts[number]):
                _due, amount, payments = installments[number]
                parts = parts_open(amount, payments, day, until, terms["count_payment_day"])
                whole = sum(part for _paid_on, part in parts)
                contested = min(disputed, whole)
                disputed -= contested
                if day >= firsts[number] and within_grace(
                    installments[number], firsts[number], until, terms
                ):
                    sums[number] += interest_of_day(
                        day, parts, whole - contested, firsts[number], terms, rates
                    )
            day += timedelta(days=1)
        return [amount.quantize(CENT, ROUND_HALF_UP) for amount in sums]


def within_grace(installment, first, until, terms):
    """Whether it was still open when the days of grace were over."""
    late = first + timedelta(days=terms["grace_days"])
    _due, amount, payments = installment
    return late <= until and bool(
        parts_open(amount, payments, late, until, terms["count_payment_day"])
    )


def parts_open(amount, payments, day, until, count_payment_day):
    """(day of payment or None, amount) of what is open on a day, in the order of payment."""
    parts, left = [], amount
    for paid_on, paid in sorted(payments):
        if paid_on > until:
            continue
        left -= paid
        if paid_on > day or (count_payment_day and paid_on == day):
            parts.append((paid_on, paid))
    if left > 0:
        parts.append((None, left))
    return parts


def interest_of_day(day, parts, base, first, terms, rates):
    days, year = share_of_year(day, terms["day_count"])
    total = Decimal(0)
    for paid_on, part in parts:
        part = min(part, base)
        base -= part
        asked = {
            "piecewise": day,
            "fixed_at_start": first,
            "at_payment": paid_on or terms["until"],
        }[terms["rate_mode"]]
        percent = terms["margin"]
        if rates:
            percent += rate_of_day(rates, asked, terms["reference_days"])
        total += part * max(percent, Decimal(0)) / 100 * days / year
    return total
