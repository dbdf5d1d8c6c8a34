from odoo.tests import tagged

from .common_payment_plan import PaymentPlanCommon
from .common_worklist import WorklistCommon


@tagged("post_install", "-at_install")
class TestWorklistSaid(WorklistCommon, PaymentPlanCommon):
    """What is agreed with a customer moves them at once, without a refresh of the whole list."""

    def setUp(self):
        super().setUp()
        self.invoice = self.bill(100.0, due=-90)
        self.mine = self.row()

    def end_transaction(self):
        """Do what is done when a transaction is committed."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()

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
