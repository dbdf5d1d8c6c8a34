from odoo.tests import HttpCase, tagged

from .common import ReminderCommon


class ReminderTourCommon(ReminderCommon, HttpCase):
    """One customer who owes something, and a manager who may change the settings."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.billing_reminders_enabled = False
        cls.env.user.write({"login": "reminder_tour", "password": "reminder_tour"})
        cls.env.user.group_ids += cls.env.ref("base.group_system")
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "Tour Customer",
                "email": "tour@customers.example",
                "property_payment_term_id": False,
            }
        )
        cls.bill(due=-10, partner=cls.customer)

    def propose(self):
        reminder = self.plan()
        reminder.state = "proposed"
        return reminder

    def tour(self, action, name):
        self.start_tour(f"/odoo/action-billing_crm.{action}", name, login="reminder_tour")


@tagged("post_install", "-at_install")
class TestReminderTour(ReminderTourCommon):
    def test_set_up_a_policy_preview_and_switch_on(self):
        self.tour("action_billing_reminder_policy", "billing_switch_on_tour")
        self.assertTrue(self.company.billing_reminders_enabled)
        self.assertEqual(self.company.billing_reminder_start, "age")
        reminder = self.plan()
        self.assertEqual((reminder.level_id.name, reminder.state), ("First word", "proposed"))

    def test_approve(self):
        reminder = self.propose()
        self.tour("action_billing_reminder_approval", "billing_approval_tour")
        self.assertEqual(reminder.state, "planned")


@tagged("post_install", "-at_install")
class TestReminderPhoneTour(ReminderTourCommon):
    browser_size = "390x844"
    touch_enabled = True

    def test_approve_on_a_phone(self):
        reminder = self.propose()
        self.tour("action_billing_reminder_approval", "billing_approval_phone_tour")
        self.assertEqual(reminder.state, "planned")

    def test_preview_on_a_phone(self):
        self.tour("action_server_billing_reminder_preview", "billing_preview_phone_tour")
        self.assertFalse(self.env["billing.reminder"].search([]))
