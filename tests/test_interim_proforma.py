from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_interim import InterimCommon


@tagged("post_install", "-at_install")
class TestInterimProforma(InterimCommon):
    """An estimate is billed by one plan, or by invoices; never by both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.proforma = cls.env["billing.proforma"].create(
            {
                "partner_id": cls.partner_a.id,
                "line_ids": [Command.create({"name": "House", "price_unit": 1000, "tax_ids": []})],
            }
        )
        cls.proforma._mark_sent()

    def new_plan(self):
        action = self.proforma.action_new_billing_plan()
        plan = self.env["billing.milestone.plan"].browse(action["res_id"])
        plan.milestone_ids = [
            Command.create({"name": "All", "amount": 1000, "trigger": "manual"}),
        ]
        return plan

    def test_a_plan_that_was_cancelled_does_not_bill_what_was_invoiced_since(self):
        plan = self.new_plan()
        plan.action_confirm()
        plan.action_cancel()
        self.proforma._lock_for_invoicing()
        invoice = self.proforma._create_invoice(self.proforma._get_open_quantities())
        plan.action_draft()
        with self.assertRaisesRegex(UserError, "bill them again"):
            plan.action_confirm()
        self.assertEqual(plan.state, "draft")
        invoice.button_cancel()
        plan.action_confirm()
        self.assertEqual(plan.state, "confirmed")

    def test_two_plans_do_not_bill_one_estimate(self):
        first = self.new_plan()
        first.action_cancel()
        second = self.new_plan()
        second.action_confirm()
        first.action_draft()
        with self.assertRaisesRegex(UserError, "billed in milestones"):
            first.action_confirm()

    def test_an_archived_plan_still_bills(self):
        plan = self.new_plan()
        plan.action_confirm()
        plan.active = False
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "billed in milestones"):
            self.proforma._lock_for_invoicing()

    def test_a_plan_credited_in_full_may_start_anew(self):
        plan = self.new_plan()
        plan.action_confirm()
        invoice = plan.milestone_ids._invoice()
        invoice.action_post()
        self._reverse_invoice(invoice, post=True)
        self.env.invalidate_all()
        plan.action_draft()
        plan.action_confirm()
        self.assertEqual(plan.state, "confirmed")

    def test_what_a_plan_bills_is_not_changed_behind_its_back(self):
        plan = self.new_plan()
        plan.action_confirm()
        for change in (self.proforma.action_draft, self.proforma.action_cancel):
            with self.assertRaisesRegex(UserError, "Cancel that plan first"):
                change()
        plan.action_cancel()
        self.proforma.action_draft()
        plan.action_draft()
        with self.assertRaisesRegex(UserError, "still a draft"):
            plan.action_confirm()
        self.assertEqual(plan.state, "draft")

    def test_the_customers_salesperson_works_for_another_company(self):
        elsewhere = self.setup_other_company()["company"]
        seller = self.make_user("elsewhere", "sales_team.group_sale_salesman", elsewhere)
        self.partner_a.user_id = seller
        plan = self.plan()
        self.assertEqual(plan.user_id, self.env.user)
