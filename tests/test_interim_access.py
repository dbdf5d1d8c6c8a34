from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_interim import InterimCommon

MODELS = (
    "billing.milestone.plan",
    "billing.milestone.plan.line",
    "billing.milestone",
    "billing.change.order",
)


@tagged("post_install", "-at_install")
class TestInterimAccess(InterimCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_people()
        cls.mine = cls.plan(user_id=cls.salesperson.id)
        cls.theirs = cls.plan(partner_id=cls.partner_b.id, user_id=cls.clerk.id)
        for plan in (cls.mine, cls.theirs):
            cls.env["billing.change.order"].create(
                {"plan_id": plan.id, "amount": 10.0, "reason": "More"}
            )
        other = cls.setup_other_company()["company"]
        cls.foreign = (
            cls.env["billing.milestone.plan"]
            .with_company(other)
            .create(
                {
                    "partner_id": cls.partner_a.id,
                    "company_id": other.id,
                    "line_ids": [
                        Command.create({"name": "Work", "price_unit": 10.0, "tax_ids": []})
                    ],
                    "milestone_ids": [
                        Command.create({"name": "All", "amount": 10.0, "trigger": "manual"})
                    ],
                }
            )
        )
        cls.foreign.action_confirm()

    def seen(self, user):
        plans = self.env["billing.milestone.plan"].with_user(user).search([])
        for model in MODELS[1:]:
            records = self.env[model].with_user(user).search([])
            self.assertEqual(records.plan_id, plans, model)
        return plans

    def test_who_sees_what(self):
        self.assertEqual(self.seen(self.clerk), self.mine | self.theirs)
        self.assertEqual(self.seen(self.salesperson), self.mine)
        self.salesperson.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        self.assertEqual(self.seen(self.salesperson), self.mine | self.theirs)

    def test_own_customers(self):
        self.partner_b.user_id = self.salesperson
        # change orders and lines follow their plan
        self.assertEqual(self.seen(self.salesperson), self.mine | self.theirs)

    def test_others_see_nothing(self):
        for user in (self.portal, self.env.ref("base.public_user"), self.accountant):
            for model in MODELS:
                with self.assertRaises(AccessError, msg=(user.id, model)):
                    self.env[model].with_user(user).search([])

    def test_a_salesperson_reads_figures_and_changes_nothing(self):
        self.mine.milestone_ids[0]._invoice().action_post()
        self.env.invalidate_all()
        plan = self.mine.with_user(self.salesperson)
        self.assertEqual(plan.amount_invoiced, 300.0)
        self.assertEqual(plan.milestone_ids[0].state, "invoiced")
        self.assertTrue(plan.read())
        self.assertTrue(self.env["billing.milestone"].with_user(self.salesperson).search(
            [("state", "=", "invoiced")]))  # fmt: skip
        for forbidden in (
            plan.action_cancel,
            plan.milestone_ids[1].action_invoice,
            plan.change_order_ids.action_approve,
            plan.unlink,
            lambda: plan.milestone_ids[1].write({"done": True}),
        ):
            with self.assertRaises(UserError):  # AccessError is one
                forbidden()
        with self.assertRaises(AccessError):
            plan.milestone_ids[1].action_invoice()

    def test_a_clerk_does_the_whole_work(self):
        plan = self.mine.with_user(self.clerk)
        plan.change_order_ids.action_approve()
        for milestone in plan.milestone_ids:
            milestone._invoice().action_post()
        self.assertEqual(plan.state, "done")

    def test_an_accountant_without_the_group_posts_an_interim_invoice(self):
        invoice = self.mine.milestone_ids[0]._invoice().with_user(self.accountant)
        self.env.invalidate_all()
        self.assertTrue(invoice.read())
        invoice.action_post()
        self.assertEqual(invoice.billing_interim_figures["this"], [300.0, 360.0])
        html = self.env["ir.actions.report"].with_user(self.accountant)._render_qweb_html(
            "account.report_invoice_with_payments", invoice.ids
        )[0].decode()  # fmt: skip
        self.assertIn("Contract total", html)
        invoice.button_draft()

    def test_records_of_another_company_do_not_mix(self):
        with self.assertRaises(AccessError):
            self.foreign.with_user(self.clerk).milestone_ids.action_invoice()
        invoice = self.foreign.milestone_ids._invoice()
        self.assertEqual(invoice.company_id, self.foreign.company_id)
        self.assertEqual(invoice.journal_id.company_id, self.foreign.company_id)
