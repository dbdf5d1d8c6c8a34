from datetime import datetime

from odoo import fields
from odoo.addons.billing_crm.models.collections.reminders.working_hours import (
    WorkingHours,
    find_zone,
)
from odoo.tests import BaseCase, freeze_time, tagged

from .common import ReminderCommon

OFFICE = (9.0, 17.0)
ANY_DAY = {"working_days_only": False, "observe_holidays": False}
WORKING = {"working_days_only": True, "observe_holidays": True}


@tagged("post_install", "-at_install")
class TestWorkingHours(BaseCase):
    """When a message may reach somebody."""

    def check(self, now, expected, zone="Europe/Berlin", place=("DE", None), **options):
        hours = WorkingHours(zone, OFFICE, place, **options)
        moment = hours.find_next(datetime.fromisoformat(now))
        self.assertEqual(moment.isoformat(timespec="minutes"), expected)

    def test_within_hours_is_now(self):
        self.check("2026-11-25T10:20", "2026-11-25T10:20")

    def test_before_and_after(self):
        self.check("2026-11-25T03:00", "2026-11-25T08:00")
        self.check("2026-11-25T16:00", "2026-11-26T08:00")

    def test_hours_are_the_customers(self):
        self.check("2026-11-25T22:30", "2026-11-25T22:30", "Australia/Sydney", ("AU", None))
        self.check("2026-11-25T10:00", "2026-11-25T14:00", "America/New_York", ("US", None))

    def test_clocks_that_go_forward(self):
        """29 March 2026: Berlin leaves out two to three o'clock."""
        self.check("2026-03-28T20:00", "2026-03-29T07:00")
        self.check("2026-03-27T20:00", "2026-03-28T08:00")

    def test_clocks_that_go_back(self):
        """25 October 2026: Berlin has two to three o'clock twice."""
        self.check("2026-10-24T20:00", "2026-10-25T08:00")
        self.check("2026-10-23T20:00", "2026-10-24T07:00")

    def test_an_hour_that_does_not_exist_is_still_a_moment(self):
        hours = WorkingHours("Europe/Berlin", (2.5, 4.0), ("DE", None))
        moment = hours.find_next(datetime(2026, 3, 29, 0, 0))
        self.assertEqual(moment, datetime(2026, 3, 29, 1, 30))

    def test_the_weekend_of_the_country(self):
        self.check("2026-11-27T18:00", "2026-11-30T08:00", working_days_only=True)
        # Friday and Saturday in Riyadh
        self.check(
            "2026-11-26T20:00",
            "2026-11-29T06:00",
            "Asia/Riyadh",
            ("SA", None),
            working_days_only=True,
        )

    def test_public_holidays_of_the_country(self):
        self.check("2026-12-24T20:00", "2026-12-28T08:00", **WORKING)
        self.check("2026-12-24T20:00", "2026-12-25T08:00", **ANY_DAY)

    def test_public_holidays_of_the_state(self):
        """Corpus Christi, 4 June 2026, is one in Bavaria and none in Berlin."""
        self.check("2026-06-04T07:30", "2026-06-05T07:00", place=("DE", "BY"), **WORKING)
        self.check("2026-06-04T07:30", "2026-06-04T07:30", place=("DE", "BE"), **WORKING)

    def test_a_place_nothing_is_known_of(self):
        self.check("2026-11-25T10:20", "2026-11-25T10:20", place=("XX", "YY"), **WORKING)
        self.check("2026-11-28T10:20", "2026-11-30T08:00", place=(None, None), **WORKING)
        self.check("2026-12-25T10:20", "2026-12-28T08:00", place=("DE", "??"), **WORKING)

    def test_when_the_company_is_closed(self):
        closed = [(datetime(2026, 11, 25, 0, 0), datetime(2026, 11, 26, 22, 0))]
        self.check("2026-11-25T10:20", "2026-11-27T08:00", closed=closed, **WORKING)

    def test_closed_for_ever_waits_for_nothing(self):
        closed = [(datetime(2026, 1, 1), datetime(2036, 1, 1))]
        self.check("2026-11-25T10:20", "2026-11-25T10:20", closed=closed, **WORKING)

    def test_the_zone_of_a_contact(self):
        self.assertEqual(find_zone("DE", "Europe/Berlin", "UTC"), "Europe/Berlin")
        self.assertEqual(
            find_zone("AU", "Europe/Berlin", "UTC"),
            "Australia/Sydney",
            "the zone is that of the user who made the contact",
        )
        self.assertEqual(find_zone("US", "America/Denver", "UTC"), "America/Denver")
        self.assertEqual(find_zone(None, "Asia/Tokyo", "UTC"), "Asia/Tokyo")
        self.assertEqual(find_zone("XX", False, "Asia/Tokyo"), "Asia/Tokyo")
        self.assertEqual(find_zone(None, None, False), "UTC")


@tagged("post_install", "-at_install")
class TestReminderHours(ReminderCommon):
    """Reminders wait for the working hours of their customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.company._get_billing_reminder_policy()
        cls.policy.write({"hour_from": 9.0, "hour_to": 17.0, "working_days_only": True})
        cls.partner_a.write({"country_id": cls.env.ref("base.de").id, "tz": "Europe/Berlin"})
        cls.partner_b.write({"country_id": cls.env.ref("base.au").id, "tz": "Australia/Sydney"})

    def run_at(self, moment):
        with freeze_time(moment):
            reminders = self.env["billing.reminder"].sudo()
            reminders._wait_for_hours(reminders._get_sendable_domain())
            return reminders.search(reminders._get_sendable_domain())

    def test_each_customer_in_their_own_morning(self):
        self.bill(due=-10)
        self.bill(due=-10, partner=self.partner_b)
        reminders = self.plan()
        self.assertFalse(self.run_at("2026-11-25 20:00:00"))
        self.assertEqual(
            {one.partner_id: one.send_after for one in reminders},
            {
                self.partner_a: fields.Datetime.to_datetime("2026-11-26 08:00:00"),
                self.partner_b: fields.Datetime.to_datetime("2026-11-25 22:00:00"),
            },
        )
        self.assertEqual(self.run_at("2026-11-25 22:30:00").partner_id, self.partner_b)

    def test_hours_that_were_missed_are_not_made_up_for_at_night(self):
        self.bill(due=-10)
        self.plan()
        self.run_at("2026-11-25 20:00:00")
        self.assertFalse(self.run_at("2026-11-26 19:00:00"))

    def test_a_policy_without_hours_waits_for_nobody(self):
        self.policy.write({"hour_from": 0, "hour_to": 24, "working_days_only": False})
        self.bill(due=-10)
        reminder = self.plan()
        self.assertEqual(self.run_at("2026-11-25 02:00:00"), reminder)

    def test_the_companys_own_holidays(self):
        self.policy.observe_holidays = True
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Stocktaking",
                "company_id": self.company.id,
                "calendar_id": False,
                "date_from": "2026-11-25 00:00:00",
                "date_to": "2026-11-25 22:59:59",
            }
        )
        self.bill(due=-10)
        reminder = self.plan()
        self.run_at("2026-11-25 10:00:00")
        self.assertEqual(reminder.send_after, fields.Datetime.to_datetime("2026-11-26 08:00:00"))

    def test_found_out_once_for_each_place(self):
        for _i in range(6):
            self.bill(due=-10, partner=self.partner_a.copy({"name": "Customer"}))
        self.plan()
        self.run_at("2026-11-25 20:00:00")
        self.env["billing.reminder"].sudo().search([]).send_after = False
        self.env.flush_all()
        with freeze_time("2026-11-25 20:00:00"), self.assertQueryCount(6):
            reminders = self.env["billing.reminder"].sudo()
            reminders._wait_for_hours(reminders._get_sendable_domain())
            self.env.flush_all()
