"""The day on which a debt is due where that would be a weekend or a holiday."""

from datetime import timedelta
from functools import lru_cache

from ..reminders.working_hours import find_days_off


@lru_cache(maxsize=8192)
def shift(due, country, *, weekend, holiday):
    """Return the first working day from ``due`` on.

    :param country: (country code, state code) of the place of payment; either may be None
    :param weekend: whether the days of the weekend there are no working days
    :param holiday: whether public holidays there are no working days
    """
    while weekend or holiday:
        days_off, weekdays_off = find_days_off(*country, due.year)
        if not ((weekend and due.weekday() in weekdays_off) or (holiday and due in days_off)):
            break
        due += timedelta(days=1)
    return due
