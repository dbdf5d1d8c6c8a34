from odoo.tests import tagged

from .common import ReminderCommon
from .common_payment_plan import PaymentPlanCommon


@tagged("post_install", "-at_install")
class TestPaymentPlanReminder(PaymentPlanCommon, ReminderCommon):
    """The ladder follows the plan while it is kept, and goes on where it was when it is not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls.bill(amount=300.0, due=-10)

    def rungs(self, reminders):
        return [
            (item.share_id > 0, item.delay_days, item.amount, item.is_advance)
            for item in reminders.item_ids.sorted("date_maturity")
        ]

    def test_nobody_who_keeps_a_plan_is_reminded(self):
        self.agree(self.invoice, [(5, 100.0), (40, 200.0)])
        self.assertFalse(self.plan(0))
        self.assertFalse(self.plan(5))

    def test_a_late_installment_is_reminded_of_alone(self):
        self.agree(self.invoice, [(5, 100.0), (40, 200.0)])
        reminders = self.remind(12)
        self.assertEqual(reminders.state, "sent")
        self.assertEqual(reminders.amount, 100.0)
        self.assertEqual(self.rungs(reminders), [(True, 7, 100.0, True)])

    def test_a_reminder_that_waits_is_not_sent_once_a_plan_is_agreed(self):
        reminder = self.plan()
        self.assertEqual(reminder.amount, 300.0)
        self.agree(self.invoice, [(5, 100.0), (40, 200.0)])
        reminder._send()
        self.assertEqual(reminder.state, "cancelled")

    def test_a_reminder_of_an_installment_is_not_sent_once_the_plan_is_broken(self):
        plan = self.agree(self.invoice, [(5, 100.0), (40, 200.0)])
        reminder = self.plan(12)
        self.assertEqual(reminder.amount, 100.0)
        plan._close("broken")
        reminder.with_context(billing_as_of=self.day(12))._send()
        self.assertEqual(reminder.state, "cancelled")

    def test_after_a_broken_plan_the_ladder_goes_on_where_it_was(self):
        first = self.remind(0)
        self.assertEqual(self.rungs(first), [(False, 7, 300.0, True)])
        plan = self.agree(self.invoice, [(20, 100.0), (40, 200.0)])
        self.assertFalse(self.plan(15))
        self.assertEqual(self.judge(24), {plan: "broken"})
        again = self.remind(25)
        self.assertEqual(self.rungs(again), [(False, 21, 300.0, True)])

    def test_partly_paid_installments_are_reminded_of_for_the_rest(self):
        self.agree(self.invoice, [(5, 100.0), (40, 200.0)])
        self.pay(self.invoice, amount=60.0)
        self.assertEqual(self.remind(12).amount, 40.0)

    def test_a_rung_is_climbed_once_for_each_installment(self):
        self.agree(self.invoice, [(5, 100.0), (6, 200.0)])
        reminders = self.remind(13)
        self.assertEqual(self.rungs(reminders), [(True, 7, 100.0, True), (True, 7, 200.0, True)])
        self.assertFalse(self.plan(14))
