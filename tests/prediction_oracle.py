"""What a prediction must be, worked out payment by payment in plain Python.

It shares the constants with the module, and no code: no SQL, no arrays, no calendar arithmetic. It
looks at each day of a calendar and at each payment.
"""

from collections import Counter, defaultdict
from datetime import timedelta

from odoo.addons.billing_crm.models.insight.prediction import constants as c

DAY = timedelta(days=1)


class Oracle:
    """
    :param settled: (partner, due, paid on)
    :param items: (partner, invoiced on, due, paid on or None)
    """

    def __init__(self, settled, items):
        self.settled = settled
        self.items = items

    def ask(self, partner, due, as_of):
        """Return the same figures as the engine: probabilities, and days as integers."""
        self.as_of = as_of
        self.weekdays = self._find_weekdays()
        weights = self._get_weights(partner)
        earliest = self._count(due, self._next(as_of))
        possible = {delay: w for delay, w in weights.items() if delay >= earliest}
        total = sum(possible.values())
        if not total:
            later = self._day_after(due, 2 * earliest)
            return 1.0, 1.0, later, self._day_after(due, earliest), later
        limit = due + timedelta(days=c.VERY_LATE_DAYS)
        late = sum(w for d, w in possible.items() if self._date(due, d) > due)
        very = sum(w for d, w in possible.items() if self._date(due, d) > limit)
        low, middle, high = self._quantiles(possible, total)
        return (
            late / total,
            very / total,
            self._day_after(due, middle),
            self._day_after(due, min(low, middle)),
            self._day_after(due, max(high, middle)),
        )

    def _known(self):
        return [row for row in self.settled if row[2] < self.as_of]

    def _find_weekdays(self):
        recent = [
            day
            for _partner, _due, day in self._known()
            if day >= self.as_of - timedelta(days=c.HISTORY_DAYS)
        ]
        counts = Counter(day.weekday() for day in recent)
        if len(set(recent)) < c.PAYMENT_DAYS_KNOWN:
            return set(range(7))
        return {day for day in range(7) if counts[day] >= c.QUIET_WEEKDAY_SHARE * len(recent)}

    def _next(self, day):
        """The first banking day from a day on."""
        while day.weekday() not in self.weekdays:
            day += DAY
        return day

    def _count(self, due, paid):
        """Banking days from the due date (or the first one after it) to a day, maybe negative.

        A payment on a day without banks counts as one on the day before.
        """
        while paid.weekday() not in self.weekdays:
            paid -= DAY
        start, count = self._next(due), 0
        step = DAY if paid >= start else -DAY
        day = start
        while day != paid:
            day += step
            if day.weekday() in self.weekdays:
                count += 1
        return count if step == DAY else -count

    def _date(self, due, delay):
        """The day so many banking days after the due date."""
        day, step = self._next(due), DAY if delay >= 0 else -DAY
        for _i in range(abs(delay)):
            day += step
            while day.weekday() not in self.weekdays:
                day += step
        return day

    def _day_after(self, due, delay):
        return (self._date(due, delay) - due).days

    def _get_weights(self, partner):
        weights = defaultdict(float)
        oldest = self.as_of - timedelta(days=c.HISTORY_DAYS)
        for who, due, paid in self._known():
            if who == partner is not None and paid >= oldest:
                age = (self.as_of - paid).days
                weights[self._count(due, paid)] += 0.5 ** (age / c.HALF_LIFE_DAYS)
        for who, invoiced, due, paid in self.items:
            still_open = invoiced < self.as_of and (paid is None or paid >= self.as_of)
            if who == partner is not None and still_open and oldest <= due < self.as_of:
                so_far = self._count(due, self._next(self.as_of))
                age = (self.as_of - due).days
                weights[c.STILL_OPEN_FACTOR * so_far + 1] += 0.5 ** (age / c.HALF_LIFE_DAYS)
        for delay, share in self._get_house().items():
            weights[delay] += c.PRIOR_PAYMENTS * share
        for delay, weight in c.TAIL_DELAYS:
            weights[delay] += weight
        return weights

    def _get_house(self):
        known = sorted(self._known(), key=lambda row: row[2], reverse=True)
        since = self.as_of - timedelta(days=c.HOUSE_DAYS)
        if len(known) >= c.HOUSE_PAYMENTS:
            since = min(since, known[c.HOUSE_PAYMENTS - 1][2])
        elif known:
            since = min(since, known[-1][2])
        counts = Counter(
            self._roughly(self._count(due, paid)) for _who, due, paid in known if paid >= since
        )
        for delay, weight in c.UNKNOWN_DELAYS:
            counts[delay] += weight
        return {delay: count / sum(counts.values()) for delay, count in counts.items()}

    def _roughly(self, delay):
        """Far from the due date, delays of the company's average are told apart by weeks."""
        first, last = c.EXACT_DELAYS
        step = c.ROUGH_STEP
        return delay if first <= delay <= last else step * round(delay / step)

    def _quantiles(self, possible, total):
        """The low end, the middle and the high end; a tie at an end counts as passed."""
        edge = (1 - c.RANGE) / 2
        before, low, middle, high = 0.0, None, None, min(possible)
        for delay in sorted(possible):
            weight = possible[delay]
            if low is None and before + c.STEP_INSIDE * weight > edge * total + 1e-9:
                low = delay
            if middle is None and before + weight > total / 2 + 1e-9:
                middle = delay
            if before + (1 - c.STEP_INSIDE) * weight <= (1 - edge) * total + 1e-9:
                high = delay
            before += weight
        last = max(possible)
        return (low if low is not None else last), (middle if middle is not None else last), high
