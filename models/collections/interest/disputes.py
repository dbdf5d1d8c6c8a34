"""Which installments a dispute falls on. Plain Python: nothing here knows Odoo."""

from datetime import date
from itertools import pairwise


def exclude_disputed(debts, periods, lag):
    """Write into the installments of a document which part of each was disputed, and when.

    What is disputed of a document is disputed of the installments that are due first, and never
    more of one than was open; as in `billing.receivable`.

    :param debts: list of `calculation.Debt`
    :param periods: list of (from, to, amount), see `calculation`
    :param lag: how long a payment is still open
    """
    debts = sorted(debts, key=lambda debt: debt.due)
    days = {day for period in periods for day in period[:2] if day}
    days.update(day + lag for debt in debts for day, _amount in debt.payments if day > date.min)
    ends = any(period[1] is None for period in periods)
    for start, end in pairwise([*sorted(days), *([None] if ends else [])]):
        disputed = sum(
            amount
            for since, until, amount in periods
            if since <= start and (until is None or start < until)
        )
        for debt in debts:
            if disputed <= 0:
                break
            gone = sum(
                amount for day, amount in debt.payments if day == date.min or day + lag <= start
            )
            part = min(disputed, debt.amount - gone)
            if part > 0:
                debt.excluded.append((start, end, part))
                disputed -= part
