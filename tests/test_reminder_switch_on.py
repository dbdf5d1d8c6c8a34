from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import ReminderCommon


@tagged("post_install", "-at_install")
class TestReminderSwitchOn(ReminderCommon):
    """The first switch-on of an old ledger never floods anybody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.billing_reminders_enabled = False
        cls.make_people()
        cls.manager = cls.make_user("mia", "billing_crm.group_billing_manager")

    def settings(self):
        return self.env["res.config.settings"].create({})

    def wizard(self):
        action = self.settings().action_billing_reminders_on()
        self.assertEqual(action["res_model"], "billing.reminder.switch.on")
        return self.env["billing.reminder.switch.on"].browse(action["res_id"])

    def test_it_shows_what_each_choice_would_do(self):
        self.bill(due=-365)
        self.bill(due=-8, partner=self.partner_b)
        self.bill(due=2, partner=self.partner_a.copy())
        counts = {
            choice.start: (choice.today_count, choice.busiest_count, choice.total_count)
            for choice in self.wizard().choice_ids
        }
        self.assertEqual(
            counts,
            # the second and the third level of the oldest follow; so does the second of the other
            {"gently": (2, 2, 5), "age": (2, 2, 4), "new": (0, 1, 1)},
        )

    def test_asking_switches_nothing_on(self):
        self.bill(due=-30)
        self.wizard()
        self.assertFalse(self.company.billing_reminders_enabled)
        self.assertFalse(self.env["billing.reminder"].search([]))

    def test_what_was_chosen_is_what_happens(self):
        self.bill(due=-365)
        wizard = self.wizard()
        wizard.start = "age"
        wizard.with_user(self.manager).with_company(self.company).action_switch_on()
        self.assertTrue(self.company.billing_reminders_enabled)
        self.assertEqual(self.company.billing_reminder_start, "age")
        self.assertEqual(self.company.billing_reminder_start_date, self.today)
        self.assertEqual(self.plan().step, 3)

    def test_switching_on_sends_nothing_at_once(self):
        self.bill(due=-365)
        self.wizard().action_switch_on()
        self.assertFalse(self.env["billing.reminder"].search([]))

    def test_off_and_on_again_is_not_asked_anew(self):
        self.wizard().action_switch_on()
        self.settings().action_billing_reminders_off()
        self.assertFalse(self.company.billing_reminders_enabled)
        action = self.settings().action_billing_reminders_on()
        self.assertEqual(action["tag"], "reload")
        self.assertTrue(self.company.billing_reminders_enabled)

    def test_after_a_long_silence_it_is_asked_anew_and_only_new_debts_are_reminded(self):
        self.wizard().action_switch_on()
        self.settings().action_billing_reminders_off()
        self.bill(due=-5)
        with freeze_time(self.day(60)):
            wizard = self.wizard()
            self.assertFalse(self.company.billing_reminders_enabled)
            wizard.start = "new"
            wizard.action_switch_on()
        self.assertFalse(self.plan(as_of=60))
        self.bill(due=61)
        self.assertEqual(self.plan(as_of=68).step, 1)

    def test_many_on_the_first_day_are_announced(self):
        wizard = self.wizard()
        self.assertFalse(wizard.is_much)
        wizard.choice_ids.filtered(lambda choice: choice.start == "gently").today_count = 101
        self.assertTrue(wizard.is_much)
        wizard.start = "new"
        self.assertFalse(wizard.is_much)

    def test_the_preview_is_that_of_the_choice(self):
        self.bill(due=-365)
        wizard = self.wizard()
        wizard.start = "age"
        action = wizard.action_preview()
        rows = self.env["billing.reminder.preview"].search(action["domain"])
        self.assertEqual(rows.mapped("step"), [3])

    def test_a_clerk_does_not_switch_on(self):
        wizard = self.wizard()
        with self.assertRaises(AccessError):
            wizard.with_user(self.clerk).action_switch_on()
        self.assertFalse(self.company.billing_reminders_enabled)
