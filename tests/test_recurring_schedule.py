"""The dates, prices and texts of series: no database."""

from datetime import date, timedelta
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.addons.billing_crm.models.documents.recurring.placeholders import (
    NAMES,
    UnknownPlaceholder,
    escape,
    fill,
    parse,
)
from odoo.addons.billing_crm.models.documents.recurring.pricing import compound
from odoo.addons.billing_crm.models.documents.recurring.schedule import UNITS, Schedule

quick = settings(max_examples=60, deadline=None)
days = st.dates(date(2000, 1, 1), date(2060, 12, 31))
schedules = st.builds(
    Schedule,
    anchor=days,
    interval=st.integers(1, 25),
    unit=st.sampled_from(UNITS),
    month_end=st.booleans(),
    arrears=st.booleans(),
)


def starts(anchor, interval, unit, count, **options):
    schedule = Schedule(date.fromisoformat(anchor), interval, unit, **options)
    return [schedule.start(number).isoformat() for number in range(1, count + 1)]


class TestRecurringSchedule(TestCase):
    def test_the_31st_is_the_last_day_of_short_months_and_the_31st_again_after(self):
        self.assertEqual(
            starts("2027-01-31", 1, "month", 5),
            ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"],
        )

    def test_a_leap_day_comes_back_every_four_years(self):
        self.assertEqual(
            starts("2028-02-29", 1, "year", 5),
            ["2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"],
        )

    def test_month_end_from_a_short_month(self):
        self.assertEqual(
            starts("2027-02-28", 1, "month", 3, month_end=True),
            ["2027-02-28", "2027-03-31", "2027-04-30"],
        )
        self.assertEqual(
            starts("2027-02-28", 1, "year", 2, month_end=True), ["2027-02-28", "2028-02-29"]
        )

    def test_weeks_and_days(self):
        self.assertEqual(
            starts("2026-12-21", 2, "week", 3), ["2026-12-21", "2027-01-04", "2027-01-18"]
        )
        self.assertEqual(starts("2028-02-28", 1, "day", 3)[1:], ["2028-02-29", "2028-03-01"])

    def test_arrears_bill_on_the_last_day(self):
        schedule = Schedule(date(2028, 1, 1), 1, "month", arrears=True)
        self.assertEqual(
            [schedule.bill_date(number).isoformat() for number in (1, 2, 3)],
            ["2028-01-31", "2028-02-29", "2028-03-31"],
        )

    def test_no_interval_of_zero(self):
        with self.assertRaises(ValueError):
            Schedule(date(2027, 1, 1), 0, "month")

    def test_what_never_comes(self):
        schedule = Schedule(date(2027, 1, 1), 900, "year")
        self.assertEqual(schedule.start(20), date.max)
        self.assertEqual(schedule.count_billable(1, date(2030, 1, 1)), 1)

    @given(schedules, st.integers(1, 300))
    @quick
    def test_periods_follow_each_other_without_gap_or_overlap(self, schedule, number):
        self.assertEqual(schedule.end(number) + timedelta(days=1), schedule.start(number + 1))
        self.assertLessEqual(schedule.start(number), schedule.end(number))
        self.assertLess(schedule.bill_date(number), schedule.bill_date(number + 1))

    @given(schedules, st.integers(1, 60), st.integers(0, 2000), st.none() | st.integers(1, 80))
    @quick
    def test_counting_what_is_due_is_counting_one_by_one(self, schedule, first, ahead, last):
        until = schedule.anchor + timedelta(days=ahead)
        number = first
        while schedule.bill_date(number) <= until and (last is None or number <= last):
            number += 1
        self.assertEqual(schedule.count_billable(first, until, last), number - first)

    @given(schedules, st.integers(0, 3000))
    @quick
    def test_the_last_period_begins_on_the_end_date_or_before(self, schedule, ahead):
        until = schedule.anchor + timedelta(days=ahead)
        last = schedule.last_until(until)
        self.assertGreater(schedule.start(last + 1), until)
        if last:
            self.assertLessEqual(schedule.start(last), until)


class TestRecurringPricing(TestCase):
    def test_raises_compound_and_are_rounded_each(self):
        self.assertEqual(compound(100.0, [5, 5], lambda x: round(x, 2)), 110.25)
        self.assertEqual(compound(9.99, [3, 3, -1], lambda x: round(x, 2)), 10.49)
        self.assertEqual(compound(1000.0, [2.5], round), 1025)

    def test_no_raise_leaves_the_price_alone(self):
        self.assertEqual(compound(0.12345, [], round), 0.12345)

    @given(
        st.decimals(0, 100000, places=3),
        st.lists(st.floats(-99, 200, allow_nan=False), max_size=6),
        st.sampled_from([0, 2, 3]),
    )
    @quick
    def test_a_raised_price_is_on_the_currencys_grid(self, price, percents, places):
        price = round(float(price), places)
        result = compound(price, percents, lambda x: round(x, places))
        self.assertEqual(result, round(result, places))
        self.assertGreaterEqual(result, 0)


class TestRecurringPlaceholders(TestCase):
    VALUES = {name: lambda shift, name=name: f"<{name}{shift:+d}>" for name in NAMES}

    def fill(self, text):
        return fill(text, self.VALUES)

    def test_names_and_shifts(self):
        self.assertEqual(self.fill("Rent {month} {year}"), "Rent <month+0> <year+0>")
        self.assertEqual(self.fill("{month+1}/{quarter-2}"), "<month+1>/<quarter-2>")

    def test_doubled_braces_are_braces(self):
        self.assertEqual(self.fill("{{month}} {month}"), "{month} <month+0>")

    def test_what_means_nothing_is_refused(self):
        for text in ("{foo}", "{}", "{month", "month}", "{number+1}", "{period_start-1}"):
            with self.assertRaises(UnknownPlaceholder, msg=text):
                parse(text)

    @given(st.text(alphabet="ab{}+1 \n", max_size=30))
    @quick
    def test_an_escaped_text_comes_back_as_it_was(self, text):
        self.assertEqual(self.fill(escape(text)), text)
