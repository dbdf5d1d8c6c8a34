from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import ReminderCommon


@tagged("post_install", "-at_install")
class TestReminderApproval(ReminderCommon):
    """Propose, and I approve."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_people()

    def propose(self, as_of=0):
        reminders = self.plan(as_of)
        reminders.state = "proposed"
        return reminders

    def process(self):
        self.env["billing.reminder"].sudo()._process_planned()

    def test_what_is_proposed_does_not_go_out(self):
        self.bill(due=-10)
        reminder = self.propose()
        self.process()
        self.assertEqual(reminder.state, "proposed")

    def test_what_is_approved_goes_out(self):
        self.bill(due=-10)
        reminder = self.propose()
        reminder.with_user(self.clerk).action_approve()
        self.assertEqual(reminder.state, "planned")
        with self.enter_registry_test_mode():
            self.env.ref("billing_crm.ir_cron_remind").method_direct_trigger()
        self.assertEqual(reminder.state, "queued")

    def test_what_was_paid_meanwhile_is_not_approved(self):
        paid, owed = self.bill(due=-10), self.bill(due=-10, partner=self.partner_b)
        reminders = self.propose()
        self.pay(paid)
        action = reminders.with_user(self.clerk).action_approve()
        states = {reminder.item_ids.move_id: reminder.state for reminder in reminders}
        self.assertEqual(states, {paid: "cancelled", owed: "planned"})
        self.assertIn("dropped: 1", action["params"]["message"])

    def test_approving_many_asks_the_ledger_once(self):
        for _i in range(10):
            self.bill(due=-10, partner=self.partner_a.copy({"name": "Customer"}))
        reminders = self.propose()
        reminders[:1]._filter_owed()
        self.env.invalidate_all()
        # items, installments, the company with its aging buckets, and the receivables (ids, values)
        with self.assertQueryCount(5):
            self.assertEqual(reminders._filter_owed(), reminders)

    def test_what_is_rejected_is_not_proposed_again_before_the_next_level(self):
        self.bill(due=-7)
        self.propose().with_user(self.clerk).action_reject()
        planned = [(day, reminder.step) for day in range(20) for reminder in self.plan(as_of=day)]
        self.assertEqual(planned, [(14, 2)])

    def test_rejecting_an_old_debt_brings_the_next_level_after_the_usual_pause_only(self):
        """It is 365 days old, so the next rung is open at once: it must not come tomorrow."""
        self.bill(due=-365)
        self.propose().with_user(self.clerk).action_reject()
        planned = [(day, reminder.step) for day in range(10) for reminder in self.plan(as_of=day)]
        self.assertEqual(planned, [(7, 2)])

    def test_rejecting_one_customer_leaves_the_others(self):
        self.bill(due=-10)
        self.bill(due=-10, partner=self.partner_b)
        first, second = self.propose()
        first.with_user(self.clerk).action_reject()
        self.assertEqual((first.state, second.state), ("rejected", "proposed"))

    def test_a_new_invoice_of_a_rejected_customer_is_still_reminded(self):
        self.bill(due=-7)
        self.propose().with_user(self.clerk).action_reject()
        new = self.bill(due=-1)
        reminder = self.plan(as_of=7)
        self.assertEqual(reminder.item_ids.filtered("is_advance").move_id, new)

    def test_only_what_is_proposed_can_be_approved_or_rejected(self):
        self.bill(due=-10)
        reminder = self.remind()
        reminder.with_user(self.clerk).action_approve()
        reminder.with_user(self.clerk).action_reject()
        self.assertEqual(reminder.state, "queued" if reminder.state == "queued" else "sent")

    def test_a_salesperson_approves_nothing(self):
        self.partner_a.user_id = self.salesperson
        self.bill(due=-10)
        reminder = self.propose().with_user(self.salesperson)
        for action in (reminder.action_approve, reminder.action_reject):
            with self.assertRaises(AccessError):
                action()
        self.assertEqual(reminder.state, "proposed")

    def test_another_companys_reminder_cannot_be_approved(self):
        foreign = self.other_company_invoice(due=-10)
        foreign.action_post()
        theirs = self.env["billing.reminder"].sudo().with_company(foreign.company_id)
        reminder = theirs._plan(foreign.company_id)
        reminder.state = "proposed"
        with self.assertRaises(AccessError):
            reminder.with_user(self.clerk).action_approve()

    def test_approved_reminders_respect_the_daily_cap(self):
        self.env.ref("billing_crm.reminder_policy_default").daily_cap = 1
        self.bill(due=-10)
        self.bill(due=-10, amount=900.0, partner=self.partner_b)
        with freeze_time(self.today):
            reminders = self.propose()
            reminders.with_user(self.clerk).action_approve()
        days = {reminder.partner_id: reminder.send_day for reminder in reminders}
        self.assertEqual(days, {self.partner_b: self.today, self.partner_a: self.day(1)})
