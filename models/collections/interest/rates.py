"""Which rate counts on which day. Plain Python: nothing here knows Odoo."""

from bisect import bisect_right
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .day_count import DAY


class MissingRate(Exception):
    """No rate is known of a series on a day."""

    def __init__(self, series, day):
        super().__init__(series.name, day)
        self.series = series
        self.day = day


class Rate(NamedTuple):
    """A rate in percent a year, from a day to a day (both count), or until the next one."""

    id: int
    date_from: date
    date_to: date | None
    percent: Decimal
    source: str
    is_checked: bool


class Series:
    """The rates of a reference, by day.

    :param rates: a list of `Rate` in the order of their days
    """

    def __init__(self, name, rates):
        self.name = name
        self.rates = rates
        self.days = [rate.date_from for rate in rates]

    def find(self, day):
        """Return the rate in force on a day.

        :raise MissingRate: before the first one, and in a gap
        """
        index = bisect_right(self.days, day) - 1
        if index < 0 or (self.rates[index].date_to or day) < day:
            raise MissingRate(self, day)
        return self.rates[index]


def get_reference_day(day, kind):
    """Return the day whose published rate counts on a day.

    :param kind: ``daily``: the same day; ``half_year``: 1 January or 1 July before it (directive
        2011/7/EU art. 3); ``half_year_before``: 31 December or 30 June before it (SI 2002/1675)
    """
    if kind == "daily":
        return day
    start = date(day.year, 1 if day.month < 7 else 7, 1)
    return start if kind == "half_year" else start - DAY


def get_changes(series, kind, first, last):
    """Return the days after ``first``, up to ``last``, on which another rate may begin to count."""
    if kind == "daily":
        ends = (rate.date_to + DAY for rate in series.rates if rate.date_to)
        return sorted({day for day in (*series.days, *ends) if first < day <= last})
    starts = (date(year, month, 1) for year in range(first.year, last.year + 1) for month in (1, 7))
    return [day for day in starts if first < day <= last]
