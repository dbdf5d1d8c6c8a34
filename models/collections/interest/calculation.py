"""What a debt that is paid late costs, exactly. Plain Python: nothing here knows Odoo.

Amounts are ``Decimal`` in the currency of the debt, rates ``Decimal`` in percent a year, periods
half-open ``(from, to)`` with ``to`` None where they do not end. Nothing is rounded before the end.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from .day_count import DAY, get_days, get_year
from .rates import MissingRate, Rate, Series, get_changes, get_reference_day

ZERO = Decimal(0)


class Terms(NamedTuple):
    """What a policy says about interest, for one customer."""

    charge_interest: bool
    series: Series | None
    margin: Decimal
    rate_mode: str
    reference_days: str
    day_count: str
    start_offset: int
    count_payment_day: bool
    grace_days: int


class Segment(NamedTuple):
    """Days on which the same amount bore the same rate. Both days count."""

    date_from: date
    date_to: date
    days: int
    base: Decimal
    rate: Decimal  # a year, in percent, margin included
    reference_rate: Decimal
    margin: Decimal
    source: str
    is_checked: bool
    year: int  # days of a year

    @property
    def interest(self):
        """The interest of these days, not rounded to the currency."""
        return self.base * self.rate * self.days / (100 * self.year)

    def to_json(self):
        """Return it as values that can be stored and read again in many years."""
        return {
            "date_from": self.date_from.isoformat(),
            "date_to": self.date_to.isoformat(),
            "days": self.days,
            "base": str(self.base),
            "rate": str(self.rate),
            "reference_rate": str(self.reference_rate),
            "margin": str(self.margin),
            "source": self.source,
            "year": self.year,
            "interest": str(round(self.interest, 6)),
        }


@dataclass(slots=True)
class Debt:
    """An installment, and what became of it.

    :param due: the day on which it is due, moved to a working day if the policy says so
    :param payments: (day, amount) of everything that reduced it
    :param excluded: (from, to, amount): parts of it that bore no interest
    """

    amount: Decimal
    due: date
    payments: list = field(default_factory=list)
    excluded: list = field(default_factory=list)


class Result(NamedTuple):
    """What a debt costs up to and with a day.

    :param first: the first day of interest
    :param base: what was overdue when it first was; 0 if it never was
    :param segments: list of `Segment`
    :param missing: the `MissingRate` because of which nothing can be said, or None
    """

    first: date
    base: Decimal
    segments: list
    missing: MissingRate | None


class Part(NamedTuple):
    """Days, until the day before ``end``, on which an amount bears one rate.

    :param portion: which of the payments it was paid with; 0 where that does not matter
    """

    start: date
    end: date
    base: Decimal
    rate: Rate
    portion: int


CONTRACT = Rate(0, date.min, None, ZERO, "", True)


def calculate(debt, terms, until):
    """Return the interest of a debt up to and with a day, as a `Result`."""
    return _Calculation(debt, terms, until).run()


class _Calculation:
    def __init__(self, debt, terms, until):
        self.debt = debt
        self.terms = terms
        self.until = until
        self.first = debt.due + terms.start_offset * DAY
        self.lag = (1 if terms.count_payment_day else 0) * DAY
        # from the day on which it no longer bears interest
        self.payments = sorted(
            (day + self.lag, amount) for day, amount in debt.payments if day <= until
        )

    def run(self):
        late_from = self.first + self.terms.grace_days * DAY
        if self.until < late_from or self._get_open(late_from) <= 0:
            return Result(self.first, ZERO, [], None)
        try:
            parts, base = self._split()
        except MissingRate as missing:
            return Result(self.first, ZERO, [], missing)
        segments = [self._finish(part) for part in self._merge(parts)]
        return Result(self.first, base, segments, None)

    def _get_open(self, day):
        return self.debt.amount - sum(amount for gone_on, amount in self.payments if gone_on <= day)

    def _get_base(self, day):
        """Return what bears interest on a day; negative if more is excluded than is open."""
        return self._get_open(day) - sum(
            amount
            for start, end, amount in self.debt.excluded
            if start <= day and (end is None or day < end)
        )

    def _split(self):
        """Return the `Part` list, and what was overdue when it first was."""
        parts, overdue = [], ZERO
        for start, end in pairwise(self._get_days()):
            base = self._get_base(start)
            if base <= 0:
                continue
            overdue = overdue or base
            if self.terms.charge_interest:
                parts += [Part(start, end, *rest) for rest in self._get_rates(start, base)]
        return parts, overdue

    def _get_days(self):
        """Return the days on which anything changes, from the first to the one after the last."""
        last = self.until + DAY
        days = {self.first, last}
        days.update(day for day, _amount in self.payments)
        days.update(day for period in self.debt.excluded for day in period[:2] if day)
        if self.terms.series and self.terms.rate_mode == "piecewise":
            kind = self.terms.reference_days
            days.update(get_changes(self.terms.series, kind, self.first, self.until))
        if self.terms.day_count == "act_act":
            days.update(
                date(year, 1, 1) for year in range(self.first.year + 1, self.until.year + 1)
            )
        return sorted(day for day in days if self.first <= day <= last)

    def _get_rates(self, day, base):
        """Return the (amount, rate, portion) that a base is made of on a day."""
        if not self.terms.series:
            return [(base, CONTRACT, 0)]
        if self.terms.rate_mode == "at_payment":
            return self._get_rates_of_payments(day, base)
        asked = self.first if self.terms.rate_mode == "fixed_at_start" else day
        return [(base, self._find(asked), 0)]

    def _get_rates_of_payments(self, day, base):
        """Each part of a debt has the rate of the day on which it was paid; what is still open has
        that of the last day. What bears no interest is what is paid last."""
        rates = []
        for portion, (gone_on, amount) in enumerate(self.payments):
            if gone_on > day and base > 0:
                part = min(base, amount)
                rates.append((part, self._find(gone_on - self.lag), portion))
                base -= part
        if base > 0:
            rates.append((base, self._find(self.until), len(self.payments)))
        return rates

    def _find(self, day):
        return self.terms.series.find(get_reference_day(day, self.terms.reference_days))

    def _merge(self, parts):
        """Return as few parts as have one base and one rate each."""
        merged = []
        for part in sorted(parts, key=lambda part: (part.portion, part.start)):
            last = merged[-1] if merged else None
            if (
                last
                and last.end == part.start
                and last[2:] == part[2:]
                and self._get_year(last.start) == self._get_year(part.start)
            ):
                merged[-1] = last._replace(end=part.end)
            else:
                merged.append(part)
        return merged

    def _finish(self, part):
        terms, rate = self.terms, part.rate
        return Segment(
            part.start,
            part.end - DAY,
            get_days(part.start, part.end, terms.day_count),
            part.base,
            # a reference rate may be negative, interest is not
            max(rate.percent + terms.margin, ZERO),
            rate.percent,
            terms.margin,
            rate.source,
            rate.is_checked,
            self._get_year(part.start),
        )

    def _get_year(self, day):
        return get_year(day, self.terms.day_count)
