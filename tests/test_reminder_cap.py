from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from .common import ReminderCommon


@tagged("post_install", "-at_install")
class TestReminderCap(ReminderCommon):
    """Not more messages a day than the policy allows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env.ref("billing_crm.reminder_policy_default")
        cls.policy.daily_cap = 2
        cls.customers = cls.env["res.partner"].create(
            [
                {"name": f"Customer {n}", "email": f"c{n}@customers.example"}
                for n in (100, 200, 300, 400, 500)
            ]
        )
        for customer, amount in zip(cls.customers, (100, 200, 300, 400, 500), strict=True):
            cls.bill(amount=amount, due=-10, partner=customer)

    def decide(self, day=0):
        """Decide, and let go what may go out on that day. Return its amounts."""
        with freeze_time(self.day(day)):
            reminders = self.env["billing.reminder"].sudo()
            reminders._decide(self.company)
            before = reminders.search([("state", "=", "planned")])
            with patch.object(self.registry["ir.cron"], "_commit_progress", return_value=1):
                reminders._process_planned()
            gone = before.filtered(lambda reminder: reminder.state == "queued")
            gone.write({"state": "sent", "sent_on": self.day(day)})
        return sorted(gone.mapped("amount"), reverse=True)

    def test_the_most_valuable_first_the_rest_on_the_next_days(self):
        self.assertEqual(self.decide(0), [500, 400])
        self.assertEqual(self.decide(1), [300, 200])
        self.assertEqual(self.decide(2), [100])
        self.assertEqual(self.decide(3), [])

    def test_the_level_is_not_lost(self):
        self.decide(0)
        self.decide(1)
        self.decide(2)
        reminders = self.env["billing.reminder"].search([("company_id", "=", self.company.id)])
        self.assertEqual(reminders.mapped("step"), [1] * 5)

    def test_twice_a_day_is_not_twice_as_many(self):
        self.assertEqual(self.decide(0), [500, 400])
        self.assertEqual(self.decide(0), [])

    def test_a_great_debt_overtakes(self):
        self.decide(0)
        self.bill(amount=9000.0, due=-9)
        self.assertEqual(self.decide(1), [9000, 300])

    def test_currencies_are_compared_by_their_worth(self):
        euro = self.setup_other_currency("EUR", rates=[("2000-01-01", 100.0)])
        self.bill(amount=9000.0, due=-10, currency_id=euro.id)  # worth 90
        self.assertEqual(self.decide(0), [500, 400])

    def test_no_cap(self):
        self.policy.daily_cap = 0
        self.assertEqual(self.decide(0), [500, 400, 300, 200, 100])

    def test_a_cap_that_is_taken_away_counts_at_once(self):
        self.decide(0)
        self.policy.daily_cap = 0
        self.assertEqual(self.decide(1), [300, 200, 100])

    def test_what_must_wait_anyway_takes_no_place(self):
        reminders = self.env["billing.reminder"].sudo()
        with freeze_time(self.day(0)):
            planned = reminders._plan(self.company)
            richest = planned.sorted("amount")[-1]
            richest.send_after = self.day(3)
        self.assertEqual(self.decide(0)[-2:], [400, 300] if richest.state == "planned" else [])

    def test_each_company_has_its_own_cap(self):
        foreign = self.other_company_invoice(due=-10)
        foreign.action_post()
        self.decide(0)
        other = foreign.company_id
        theirs = self.env["billing.reminder"].sudo().with_company(other)
        with freeze_time(self.day(0)):
            theirs._decide(other)
        reminder = theirs.search([("company_id", "=", other.id)])
        self.assertEqual(reminder.send_day, self.today)
