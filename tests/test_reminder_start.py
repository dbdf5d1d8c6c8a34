from odoo.tests import freeze_time, tagged

from .common import ReminderCommon


@tagged("post_install", "-at_install")
class TestReminderStart(ReminderCommon):
    """What happens to old debts when reminders are switched on."""

    def switch_on(self, start):
        self.company.billing_reminders_enabled = False
        self.company._switch_reminders_on(start)

    def steps(self, days):
        """Return (day, step) of every reminder of so many days from today."""
        return [(day, reminder.step) for day in range(days) for reminder in self.remind(as_of=day)]

    def test_gently_begins_at_the_first_level_however_old(self):
        self.bill(due=-365)
        self.switch_on("gently")
        self.assertEqual(self.steps(15), [(0, 1), (7, 2), (14, 3)])

    def test_by_age_begins_where_the_age_belongs(self):
        self.bill(due=-22)
        self.bill(due=-365, partner=self.partner_b)
        self.switch_on("age")
        reminders = self.remind()
        self.assertEqual(
            {reminder.partner_id: reminder.step for reminder in reminders},
            {self.partner_a: 2, self.partner_b: 3},
        )
        self.assertEqual(sorted(reminders.item_ids.mapped("delay_days")), [21, 35])

    def test_by_age_the_levels_that_were_skipped_never_follow(self):
        self.bill(due=-365)
        self.switch_on("age")
        self.assertEqual(self.steps(40), [(0, 3)])

    def test_by_age_new_debts_still_climb_level_by_level(self):
        self.switch_on("age")
        self.bill(due=1)
        self.assertEqual(self.steps(40), [(8, 1), (22, 2), (36, 3)])

    def test_by_age_a_new_debt_seen_late_begins_at_the_first_level(self):
        """The choice is about what was due on the day of the switch, not about all time."""
        self.switch_on("age")
        self.bill(due=1)
        self.assertEqual(self.remind(as_of=60).step, 1)

    def test_only_new_debts(self):
        old, new = self.bill(amount=900.0, due=0), self.bill(due=1)
        self.switch_on("new")
        self.assertFalse(self.plan(as_of=7))
        reminder = self.plan(as_of=8)
        self.assertEqual((reminder.item_ids.move_id, reminder.amount), (new, 100.0))
        self.assertNotIn(old, reminder.item_ids.move_id)

    def test_only_new_debts_and_the_mail_speaks_of_them_alone(self):
        old, new = self.bill(amount=900.0, due=-50), self.bill(due=1)
        self.switch_on("new")
        with freeze_time(self.day(8)):
            reminder = self.plan(as_of=8)
            reminder._send()
        self.assertEqual((reminder.state, reminder.amount), ("queued", 100.0))
        self.assertIn(new.name, reminder.message_ids[0].body)
        self.assertNotIn(old.name, reminder.message_ids[0].body)

    def test_what_is_left_alone_is_still_owed(self):
        self.bill(amount=900.0, due=-50)
        self.switch_on("new")
        item = self.env["billing.receivable"].search([("company_id", "=", self.company.id)])
        self.assertTrue(item.is_left_alone)
        self.assertEqual((item.residual, item.overdue), (900.0, 900.0))

    def test_another_company_begins_in_its_own_way(self):
        other = self.other_company_invoice(due=-10)
        other.action_post()
        self.switch_on("new")
        theirs = self.env["billing.reminder"].sudo().with_company(other.company_id)
        self.assertTrue(theirs._plan(other.company_id))

    def test_off_and_on_again_goes_on_as_before(self):
        self.switch_on("age")
        self.company.billing_reminders_enabled = False
        self.assertEqual(self.company.billing_reminders_off_date, self.today)
        self.assertFalse(self.company._must_choose_reminder_start())
        with freeze_time(self.day(30)):
            self.assertFalse(self.company._must_choose_reminder_start())
            self.company._switch_reminders_on()
        self.assertEqual(self.company.billing_reminder_start, "age")
        self.assertEqual(self.company.billing_reminder_start_date, self.today)

    def test_after_a_month_of_silence_it_is_asked_anew(self):
        self.switch_on("age")
        self.company.billing_reminders_enabled = False
        with freeze_time(self.day(31)):
            self.assertTrue(self.company._must_choose_reminder_start())

    def test_the_first_time_it_is_asked(self):
        self.assertTrue(self.company._must_choose_reminder_start())

    def test_what_is_off_already_stays_silent_since_then(self):
        self.switch_on("age")
        self.company.billing_reminders_enabled = False
        with freeze_time(self.day(20)):
            self.company.billing_reminders_enabled = False
        self.assertEqual(self.company.billing_reminders_off_date, self.today)
