"""When a series bills: date arithmetic without a database.

The k-th date is always counted from the first one. Counted from the date before, a series that
starts on the 31st would slip to the 28th in February and stay there.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

UNITS = ("day", "week", "month", "year")


@dataclass(frozen=True, slots=True)
class Schedule:
    """Periods of equal length, numbered from 1, one after the other without a gap.

    :param anchor: the first day of period 1
    :param interval: the length of a period, in units; at least 1
    :param unit: one of `UNITS`
    :param month_end: periods begin on the last day of a month, whatever day ``anchor`` is; for
        months and years
    :param arrears: a period is billed on its last day, instead of its first
    :raise ValueError: for an interval below 1 or a unit that is not one of `UNITS`
    """

    anchor: date
    interval: int
    unit: str
    month_end: bool = False
    arrears: bool = False

    def __post_init__(self):
        if self.interval < 1 or self.unit not in UNITS:
            raise ValueError(f"no schedule of {self.interval} {self.unit}")

    def start(self, number: int) -> date:
        """Return the first day of period ``number``."""
        count = {f"{self.unit}s": (number - 1) * self.interval}
        if self.month_end and self.unit in ("month", "year"):
            count["day"] = 31
        try:
            return self.anchor + relativedelta(**count)
        except (OverflowError, ValueError):  # after the year 9999
            return date.max

    def end(self, number: int) -> date:
        """Return the last day of period ``number``."""
        return self.start(number + 1) - timedelta(days=1)

    def bill_date(self, number: int) -> date:
        """Return the day on which period ``number`` is billed."""
        return self.end(number) if self.arrears else self.start(number)

    def count_billable(self, number: int, until: date, last: int | None = None) -> int:
        """Return how many periods, from ``number`` on, have their bill date on ``until`` or before.

        :param last: the number of the last period there is; None if the series never ends
        """
        high = 1
        while self.bill_date(number + high - 1) <= until:
            high *= 2
        low = high // 2  # the first `low` are due, the first `high` are not
        while high - low > 1:
            middle = (low + high) // 2
            if self.bill_date(number + middle - 1) <= until:
                low = middle
            else:
                high = middle
        if last is not None:
            low = min(low, max(last - number + 1, 0))
        return low

    def last_until(self, until: date) -> int:
        """Return the number of the last period that begins on ``until`` or before; 0 if none."""
        return Schedule(self.anchor, self.interval, self.unit, self.month_end).count_billable(
            1, until
        )
