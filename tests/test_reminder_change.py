from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ReminderCommon


@tagged("post_install", "-at_install")
class TestReminderChange(ReminderCommon):
    """A clerk sets the next message by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.levels = cls.env.ref("billing_crm.reminder_policy_default").level_ids
        cls.clerk = cls.make_user("cleo", "billing_crm.group_billing_user")

    def change(self, record, kind, level=None, **values):
        """Fill in and apply the window as the clerk would, from a customer or an invoice."""
        wizard = self.env["billing.reminder.change.wizard"].with_user(self.clerk)
        wizard = wizard.with_context(active_model=record._name, active_id=record.id).create(
            {"kind": kind, "level_id": level and level.id, "reason": "Agreed by phone", **values}
        )
        wizard.action_apply()

    def steps(self, days):
        """The (day, number of the message) of all reminders on these days."""
        return [(day, reminder.step) for day in days for reminder in self.remind(as_of=day)]

    def test_the_next_message_is_chosen(self):
        self.bill(due=-8)
        self.change(self.partner_a, "next", self.levels[2])
        self.assertEqual(self.steps(range(0, 60, 7)), [(0, 3)], "and nothing above the last")

    def test_the_ladder_goes_on_from_there(self):
        self.bill(due=-8)
        self.change(self.partner_a, "next", self.levels[1])
        self.assertEqual(self.steps(range(0, 60)), [(0, 2), (27, 3)])

    def test_skipped_is_not_said(self):
        self.bill(due=-8)
        self.change(self.partner_a, "skip")
        self.assertEqual(self.steps(range(0, 60)), [(13, 2), (27, 3)])

    def test_skipping_again_skips_the_one_after(self):
        self.bill(due=-8)
        self.change(self.partner_a, "skip")
        self.change(self.partner_a, "skip")
        self.assertEqual(self.steps(range(0, 60)), [(27, 3)])

    def test_started_again_everything_is_said_once_more(self):
        invoice = self.bill(due=-30)
        self.assertEqual(self.steps((0, 7)), [(0, 1), (7, 2)])
        self.change(invoice, "restart")
        self.assertEqual(self.steps(range(14, 60)), [(14, 1), (21, 2), (28, 3)])

    def test_nothing_is_repeated_by_accident(self):
        self.bill(due=-30)
        self.steps((0, 7))
        with self.assertRaisesRegex(UserError, "already"):
            self.change(self.partner_a, "next", self.levels[0])
        self.change(self.partner_a, "next", self.levels[0], repeat=True)
        self.assertEqual(self.steps(range(14, 60)), [(14, 1), (21, 2), (28, 3)])

    def test_one_invoice_leaves_the_others(self):
        first, second = self.bill(due=-8), self.bill(due=-8)
        self.change(first, "skip")
        reminder = self.plan()
        self.assertEqual(reminder.item_ids.filtered("is_advance").move_id, second)

    def test_what_was_decided_before_is_taken_back(self):
        self.bill(due=-8)
        before = self.plan()
        self.change(self.partner_a, "next", self.levels[2])
        self.assertEqual(before.state, "cancelled")
        self.assertEqual(self.plan().step, 3)

    def test_who_when_and_why(self):
        invoice = self.bill(due=-8)
        self.change(invoice, "skip")
        change = self.env["billing.reminder.change"].search([("line_id.move_id", "=", invoice.id)])
        self.assertEqual((change.create_uid, change.reason), (self.clerk, "Agreed by phone"))
        self.assertIn("Agreed by phone", invoice.message_ids[0].body)
        self.assertEqual(invoice.message_ids[0].author_id, self.clerk.partner_id)

    def test_nothing_open_nothing_to_change(self):
        with self.assertRaises(UserError):
            self.change(self.partner_a, "skip")

    def test_a_salesperson_may_not(self):
        self.bill(due=-8)
        self.clerk = self.make_user("saul", "sales_team.group_sale_salesman_all_leads")
        with self.assertRaises(AccessError):
            self.change(self.partner_a, "skip")

    def test_a_policy_that_changes_says_nothing_twice(self):
        """Rungs are days: the new ladder goes on above the day on which the customer stands."""
        default = self.env.ref("billing_crm.reminder_policy_default")
        other = default.copy({"name": "Other", "applies": "chosen"})
        for level, days in zip(other.level_ids, (5, 21, 28), strict=True):
            level.delay_days = days
        self.bill(due=-21)
        self.assertEqual(self.steps((0, 7)), [(0, 1), (7, 2)])
        self.partner_a.billing_reminder_policy_id = other
        reminder = self.remind(as_of=14)
        self.assertEqual((reminder.policy_id, reminder.item_ids.delay_days), (other, 28))
