from odoo.tests import tagged

from .common_payment_plan import PaymentPlanCommon
from .common_promise import PromiseCommon
from .common_worklist import WorklistCommon


class SaidCommon(WorklistCommon):
    """A customer on the list, and the end of a transaction."""

    def setUp(self):
        super().setUp()
        self.mine = self.row()

    def end_transaction(self):
        """Do what is done when a transaction is committed."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestWorklistSaid(SaidCommon, PromiseCommon):
    """What a customer says moves them at once, without a refresh of the whole list."""

    def test_a_promise_moves_the_customer_and_is_remembered_when_broken(self):
        before = self.mine.points
        promise = self.promise(self.invoice, day=5)
        self.end_transaction()
        self.assertEqual((self.mine.stage, self.mine.promised), ("promised", 100.0))
        self.assertIn("Promised", self.mine.talking_points)
        promise.sudo().write({"state": "broken", "closed_on": self.today})
        self.end_transaction()
        self.assertEqual((self.mine.stage, self.mine.broken_count), ("to_contact", 1))
        self.assertEqual(self.mine.points, before + 10)
        self.assertIn("broke a promise", self.mine.reasons)
        self.assertIn("and paid", self.mine.talking_points)
        promise.sudo().closed_on = self.day(-365)
        self.assertEqual(self.row().broken_count, 0, "remembered for a year")

    def test_a_pause_lets_the_customer_wait(self):
        self.env["billing.pause"].with_user(self.clerk).create(
            {
                "company_id": self.company.id,
                "partner_id": self.partner_a.id,
                "reason": "clearing",
                "date_end": self.day(5),
            }
        )
        self.end_transaction()
        self.assertEqual((self.mine.stage, self.mine.paused), ("contacted", 100.0))

    def test_a_call_goes_on_to_the_promise(self):
        call = self.env["billing.collection.call"].with_user(self.clerk)
        action = call.create(
            {
                "collection_id": self.mine.id,
                "contact_id": self.partner_a.id,
                "outcome": "promised",
            }
        ).action_log()
        self.assertEqual(action["res_model"], "billing.promise.wizard")
        self.assertEqual(
            self.mine.with_user(self.clerk).action_pause()["res_model"], "billing.pause"
        )

    def test_a_dispute_moves_the_customer(self):
        action = self.mine.with_user(self.clerk).action_dispute()
        self.assertEqual(action["context"]["default_move_id"], self.invoice.id)
        self.env["billing.dispute"].with_user(self.clerk).create(
            {"move_id": self.invoice.id, "reason": "price"}
        )
        self.end_transaction()
        self.assertEqual((self.mine.stage, self.mine.disputed), ("disputed", 100.0))
        self.assertIn("(Price)", self.mine.talking_points)

    def test_a_call_lets_the_ladder_go_on_that_waits_for_it(self):
        level = self.env.ref("billing_crm.reminder_policy_default").level_ids[0]
        level.write(
            {
                "send_mail": False,
                "activity_type_id": self.env.ref("mail.mail_activity_data_call").id,
                "activity_holds": True,
            }
        )
        [reminder] = self.remind()
        self.assertEqual(reminder.state, "waiting")
        self.assertEqual(self.mine.next_reminder_id, reminder)
        call = self.env["billing.collection.call"].with_user(self.clerk)
        values = {"collection_id": self.mine.id, "contact_id": self.partner_a.id}
        call.create({**values, "outcome": "no_answer"}).action_log()
        self.assertEqual(reminder.state, "waiting", "nobody was spoken with")
        call.create({**values, "outcome": "reached"}).action_log()
        self.assertEqual(reminder.state, "sent")


@tagged("post_install", "-at_install")
class TestWorklistPlan(SaidCommon, PaymentPlanCommon):
    """A payment plan moves the customer at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls.bill(amount=100.0, due=-10)

    def test_a_plan_takes_the_customer_off_the_list(self):
        plan = self.agree(self.invoice, [(10, 60.0), (40, 40.0)])
        self.end_transaction()
        self.assertEqual((self.mine.stage, self.mine.overdue), ("done", 0.0))
        self.assertIn(plan.name, self.mine.talking_points)
        self.assertIn("60.00", self.mine.talking_points)
        plan.action_cancel()
        self.end_transaction()
        self.assertEqual((self.mine.stage, self.mine.overdue), ("to_contact", 100.0))

    def test_the_window_of_a_plan_is_of_this_customer(self):
        action = self.mine.with_user(self.clerk).action_payment_plan()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.clerk)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual((wizard.partner_id, wizard.company_id), (self.partner_a, self.company))
