from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .common_promise import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromise(PromiseCommon):
    """A customer's word, and who waits for it."""

    def test_nobody_is_reminded_until_the_promised_day_and_the_days_of_grace_are_over(self):
        promise = self.promise(self.invoice, day=5)
        self.assertEqual(promise.date_until, self.day(8))
        self.assertEqual(self.hold(self.invoice).promised_until, self.day(8))
        self.assertFalse(self.plan(0))
        self.assertFalse(self.plan(8), "the last day of grace")
        self.assertEqual(promise.state, "open")
        self.assertEqual(self.plan(9).amount, 100.0)

    def test_the_job_that_reminds_judges_first(self):
        self.promise(self.invoice, day=0)
        with self.at(self.day(4)), self.enter_registry_test_mode():
            self.env.ref("billing_crm.ir_cron_remind").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.env["billing.promise"].search([]).state, "broken")
        self.assertEqual(self.hold(self.invoice, on=4).promise_broken_on, self.day(4))

    def test_a_reminder_that_waits_for_a_mail_server_is_not_sent_once_something_is_promised(self):
        reminder = self.plan()
        self.promise(self.invoice)
        reminder._send()
        self.assertEqual(reminder.state, "cancelled")

    def test_only_what_was_promised_waits(self):
        other = self.bill(amount=30.0, due=-10)
        self.promise(self.invoice)
        self.assertEqual(self.plan().amount, 30.0)
        self.assertFalse(self.hold(other).promised_until)

    def test_a_part_lets_the_whole_installment_wait_and_the_rest_is_due_afterwards(self):
        promise = self.promise(self.invoice, amount=40.0)
        self.assertFalse(self.plan())
        self.pay(self.invoice, amount=40.0)
        self.judge()
        self.assertEqual(promise.state, "kept")
        self.assertEqual(self.plan().amount, 60.0)

    def test_an_installment_is_promised_once_at_a_time(self):
        promise = self.promise(self.invoice)
        self.assertFalse(self.rows())
        promise._withdraw()
        self.assertEqual(self.rows().move_id, self.invoice)

    def test_the_database_holds_an_installment_to_one_open_promise(self):
        rows = self.rows()
        promises = self.env["billing.promise"]
        promises._record(rows, 100.0, self.day(2))
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            promises._record(rows, 100.0, self.day(3))

    def test_what_cannot_be_promised_is_refused_in_words(self):
        for amount, day in ((0, 5), (-1, 5), (100.01, 5), (0.001, 5), (50, -1), (50, 61)):
            with self.assertRaises(UserError):
                self.promise(self.invoice, amount=amount, day=day)
        with self.assertRaises(UserError):
            self.promise(self.invoice, day=15, source="page")
        self.assertTrue(self.promise(self.invoice, day=14, source="page"))

    def test_paid_and_underway_invoices_cannot_be_promised(self):
        self.pay(self.invoice)
        self.assertFalse(self.rows())
        with self.assertRaises(UserError):
            self.promise(amount=1.0)

    def test_the_number_in_a_row_is_limited(self):
        ranks = []
        for _number in range(2):
            promise = self.promise(self.invoice, source="page")
            ranks.append(promise.rank)
            promise._withdraw()
        self.assertEqual(ranks, [1, 2])
        with self.assertRaises(UserError):
            self.promise(self.invoice, source="page")
        clerk = self.make_user("carla", "billing_crm.group_billing_user")
        with self.assertRaises(UserError):
            self.rows()  # what is open does not depend on who asks
            self.env["billing.promise"].with_user(clerk)._record(self.rows(), 1.0, self.day(1))
        self.assertEqual(self.promise(self.invoice).rank, 3, "a manager decides")

    def test_the_row_starts_again_after_one_that_was_kept(self):
        self.promise(self.invoice, amount=10.0)._withdraw()
        self.assertEqual(self.promise(self.invoice, amount=10.0).rank, 2)
        self.pay(self.invoice, amount=10.0)
        self.judge()
        self.assertEqual(self.promise(self.invoice).rank, 1)

    def test_no_limit(self):
        self.company.billing_promise_limit = 0
        for _number in range(4):
            self.promise(self.invoice, source="page")._withdraw()

    def test_the_status_says_promised(self):
        promise = self.promise(self.invoice)
        self.assertEqual(self.invoice.billing_status, "promised")
        found = self.env["account.move"].search([("billing_status", "=", "promised")])
        self.assertEqual(found, self.invoice)
        promise._withdraw()
        self.invoice.invalidate_recordset()
        self.assertEqual(self.invoice.billing_status, "overdue")

    def test_notes_tell_the_story_on_the_invoice(self):
        contact = self.partner_a.copy({"name": "Anna Berg", "parent_id": self.partner_a.id})
        self.promise(self.invoice, contact_id=contact.id)
        self.judge(on=9)
        story = self.notes(self.invoice)
        self.assertIn("by Anna Berg", story)
        self.assertIn("Promise broken", story)

    def test_a_broken_promise_asks_the_responsible_to_act(self):
        clerk = self.make_user("carla", "billing_crm.group_billing_user")
        self.promise(self.invoice, user_id=clerk.id)
        self.judge(on=9)
        activity = self.invoice.activity_ids
        self.assertEqual(activity.user_id, clerk)
        self.assertIn("Promise broken", activity.summary)
        self.judge(on=10)
        self.assertEqual(self.invoice.activity_ids, activity, "once")
        self.pay(self.invoice, on=8)
        self.judge(on=10)
        self.assertFalse(self.invoice.activity_ids)

    def test_nobody_who_has_left_is_asked_to_act(self):
        clerk = self.make_user("carla", "billing_crm.group_billing_user")
        self.invoice.invoice_user_id = False
        promise = self.promise(self.invoice, user_id=clerk.id)
        clerk.active = False
        self.judge(on=9)
        self.assertEqual(promise.state, "broken")
        self.assertFalse(self.invoice.activity_ids)

    def test_nobody_writes_on_a_promise(self):
        clerk = self.make_user("carla", "billing_crm.group_billing_user")
        promise = self.promise(self.invoice).with_user(clerk)
        with self.assertRaises(UserError):
            promise.write({"state": "kept"})
        with self.assertRaises(UserError):
            promise.unlink()
        promise.action_withdraw()
        self.assertEqual(promise.state, "withdrawn")
        self.assertTrue(self.plan())
