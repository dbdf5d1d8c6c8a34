import random
from datetime import timedelta
from fractions import Fraction
from math import sqrt

from odoo.tests import tagged
from odoo.tools import SQL

from ..models.insight.forecast.arrival import first_date, last_date
from .common_forecast import ForecastCommon


def arrived(item, day, today=0):
    """The probability on paper: days are numbers, item is (amount, earliest, expected, latest)."""
    _amount, earliest, expected, latest = item
    if day < today:
        return Fraction(0)
    if day < expected:
        if earliest == expected:
            return Fraction(0)
        slope = Fraction(2, 5) / (expected - earliest)
        return max(Fraction(1, 2) - slope * (expected - day), Fraction(0))
    if latest == expected:
        return Fraction(1)
    slope = Fraction(2, 5) / (latest - expected)
    return min(Fraction(1, 2) + slope * (day - expected), Fraction(1))


@tagged("post_install", "-at_install")
class TestForecastPeriod(ForecastCommon):
    """What a period brings: the sums and ranges, computed on paper."""

    def expect(self, *items, kind="receivable"):
        """Write amounts into the forecast: (amount, earliest, expected, latest), in days."""
        columns = ("earliest_date", "expected_date", "latest_date")
        for item in items:
            dates = dict(zip(columns, map(self.day, item[1:]), strict=True))
            [(first, last)] = self.env.execute_query(
                SQL(
                    "SELECT %s, %s FROM (VALUES (%s, %s, %s)) item (%s)",
                    first_date(self.today),
                    last_date(),
                    *dates.values(),
                    SQL(", ").join(map(SQL.identifier, columns)),
                )
            )
            self.forecast.sudo().create(
                {
                    "company_id": self.company.id,
                    "company_currency_id": self.company.currency_id.id,
                    "direction": "in",
                    "kind": kind,
                    "amount": item[0],
                    "date_due": self.day(item[2]),
                    "first_date": first,
                    "last_date": last,
                    **dates,
                }
            )
        self.env["billing.forecast.period"].sudo()._refresh(self.company, self.today)

    def test_three_weeks_on_paper(self):
        self.put_in_the_bank(5000.0)
        self.expect((1000.0, 4, 8, 16), (400.0, 8, 8, 8))
        weeks = self.periods("week")[:3]
        self.assertEqual(weeks.mapped("date_end"), [self.day(4), self.day(11), self.day(18)])
        self.assertEqual(weeks.mapped("expected"), [100, 950, 350])
        # 1.2816 × 1000 × √(.1 × .9), and not below nothing
        self.assertEqual((weeks[0].low, weeks[0].high), (0, 484.48))
        # 637.59 around 950; but 400 are certain, and no more than 1400 can come
        self.assertEqual((weeks[1].low, weeks[1].high), (400, 1400))
        self.assertEqual((weeks[2].low, weeks[2].high), (0, 961.28))
        self.assertEqual(weeks.mapped("balance"), [5100, 6050, 6400])
        # by the end of the second week 400 and, with 65 %, 1000 have come: 1050 - 611.28
        self.assertEqual(weeks[1].balance_low, 5438.72)
        self.assertEqual(weeks[2].balance_low, 6400, "all of it has arrived")
        self.assertEqual(weeks.mapped("by_due"), [0, 1400, 0])

    def test_days_weeks_and_months_add_up_to_the_cent(self):
        rng = random.Random(4)
        self.expect(*(self.make_up(rng) for _number in range(40)))
        total = {name: self.periods(name) for name in ("day", "week", "month")}
        for day in total["week"]:
            within = total["day"].filtered(
                lambda one, day=day: day.date_start <= one.date_start <= day.date_end
            )
            self.assertAlmostEqual(sum(within.mapped("expected")), day.expected, 6)
            self.assertAlmostEqual(within[-1].balance, day.balance, 6)
            self.assertAlmostEqual(within[-1].balance_low, day.balance_low, 6)
        self.assertAlmostEqual(
            sum(total["month"].mapped("expected")), sum(self.flows().mapped("amount")), 6
        )

    def make_up(self, rng):
        earliest, first, second = (rng.choice((0, 0, 1, 3, 8, 30)) for _number in range(3))
        return (
            round(rng.uniform(1, 900), 2),
            earliest,
            earliest + first,
            earliest + first + second,
        )

    def test_every_week_is_what_a_slow_count_says(self):
        rng = random.Random(2026)
        items = [self.make_up(rng) for _number in range(30)]
        self.expect(*items)
        for week in self.periods("week")[:12]:
            start, end = ((day - self.today).days for day in (week.date_start, week.date_end))
            shares = [
                (item[0], float(arrived(item, end) - arrived(item, start - 1))) for item in items
            ]
            mean = sum(amount * share for amount, share in shares)
            deviation = 1.2816 * sqrt(sum(a * a * s * (1 - s) for a, s in shares))
            certain = sum(amount for amount, share in shares if share == 1)
            possible = sum(amount for amount, share in shares if share > 0)
            self.assertAlmostEqual(week.expected, mean, delta=0.011)
            self.assertAlmostEqual(week.low, max(mean - deviation, certain), delta=0.011)
            self.assertAlmostEqual(week.high, min(mean + deviation, possible), delta=0.011)

    def test_first_and_last_day_are_those_on_which_something_may_arrive(self):
        rng = random.Random(7)
        items = [self.make_up(rng) for _number in range(30)]
        self.expect(*items)
        for item, flow in zip(items, self.flows().sorted("id"), strict=True):
            likely = [day for day in range(120) if arrived(item, day) - arrived(item, day - 1) > 0]
            self.assertEqual((flow.first_date, flow.last_date),
                             (self.day(likely[0]), self.day(likely[-1])), item)  # fmt: skip

    def test_what_is_late_by_now_arrives_today_or_later(self):
        """The range of an overdue debt begins today: what may have come before comes today."""
        self.expect((100.0, 0, 4, 8))
        self.assertEqual(self.periods("day")[0].expected, 10)

    def test_the_items_of_a_period_add_up_to_what_is_expected(self):
        self.expect((1000.0, 4, 8, 16), (400.0, 8, 8, 8), (50.0, 60, 70, 80))
        week = self.periods("week")[1]
        action = week.action_open()
        rows = self.forecast.with_context(**action["context"]).search(action["domain"])
        self.assertEqual(len(rows), 2)
        self.assertEqual(sum(rows.mapped("period_amount")), week.expected)

    def test_the_curve_says_the_same_as_the_periods(self):
        self.expect((1000.0, 4, 8, 16))
        curve = self.env["billing.forecast.curve"]
        sums = dict(
            curve._read_group(
                [("company_id", "=", self.company.id), ("granularity", "=", "month")],
                ["figure"],
                ["amount:sum"],
            )
        )
        self.assertEqual(sums["expected"], 1000)
        self.assertEqual(sums["by_due"], 1000)

    def test_weeks_begin_on_monday_and_end_at_the_horizon(self):
        self.expect((1.0, 0, 0, 0))
        weeks, months = self.periods("week"), self.periods("month")
        self.assertEqual(weeks[0].date_start, self.today)
        self.assertTrue(all(week.date_start.weekday() == 0 for week in weeks[1:]))
        self.assertEqual(weeks[-1].date_end, months[-1].date_end)
        self.assertEqual(len(months), 7)
        self.assertEqual(
            months[-1].date_end + timedelta(days=1), self.day(0).replace(day=1, month=10)
        )
