from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_payment_plan import PaymentPlanCommon

MODELS = (
    "billing.payment.plan",
    "billing.payment.plan.item",
    "billing.payment.plan.line",
    "billing.payment.plan.share",
)


@tagged("post_install", "-at_install")
class TestPaymentPlanAccess(PaymentPlanCommon):
    """Who sees and makes plans."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_people()
        cls.public = cls.env.ref("base.public_user").sudo()
        cls.partner_a.user_id = cls.salesperson
        cls.mine = cls.agree(cls.bill(due=-10), [(10, 60.0), (20, 40.0)])
        cls.theirs = cls.agree(cls.bill(due=-10, partner=cls.partner_b), [(10, 100.0)])
        cls.foreign = cls.other_company_invoice(due=-10)
        cls.foreign.action_post()
        cls.elsewhere = cls.agree(cls.foreign, [(10, 100.0)])

    def seen(self, user, model):
        records = self.env[model].with_user(user).search([])
        return records if model == MODELS[0] else records.plan_id

    def test_a_clerk_sees_all_of_her_company(self):
        for model in MODELS:
            self.assertEqual(self.seen(self.clerk, model), self.theirs | self.mine, model)

    def test_a_salesperson_sees_own_customers_and_changes_nothing(self):
        for model in MODELS:
            self.assertEqual(self.seen(self.salesperson, model), self.mine, model)
        plan = self.mine.with_user(self.salesperson)
        self.env.invalidate_all()
        self.assertEqual((plan.amount_open, plan.line_ids[0].amount_open), (100.0, 60.0))
        plan.item_ids.mapped("amount_open")
        for forbidden in (
            plan.action_cancel,
            lambda: plan.write({"note": "Mine"}),
            lambda: self.env["billing.payment.plan"].with_user(self.salesperson).create({}),
        ):
            with self.assertRaises(AccessError):
                forbidden()

    def test_nobody_else_sees_anything(self):
        for user in (self.accountant, self.portal, self.public):
            for model in MODELS:
                with self.assertRaises(AccessError, msg=f"{user.login} {model}"):
                    self.env[model].with_user(user).search([])

    def test_an_accountant_keeps_working(self):
        invoice = self.mine.item_ids.move_id.with_user(self.accountant)
        self.assertTrue(invoice.read())
        self.assertTrue(invoice.billing_status)
        self.pay(self.mine.item_ids.move_id)

    def test_a_clerk_makes_agrees_and_cancels(self):
        clerk = self.env(user=self.clerk)
        invoice = self.bill(amount=30.0, due=-4)
        wizard = clerk["billing.payment.plan.wizard"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        plan = clerk["billing.payment.plan"].browse(
            wizard.create({"count": 3}).action_apply()["res_id"]
        )
        plan.action_confirm()
        self.assertEqual(plan.state, "active")
        self.assertTrue(self.env["billing.payment.plan.share"].search([("plan_id", "=", plan.id)]))
        with self.assertRaises(AccessError):
            clerk["billing.payment.plan.share"].search([], limit=1).write({"amount": 1.0})
        plan.action_cancel()
        self.assertEqual(plan.state, "cancelled")

    def test_a_plan_of_another_company_is_out_of_reach(self):
        for forbidden in (
            self.elsewhere.with_user(self.clerk).action_cancel,
            lambda: self.elsewhere.with_user(self.clerk).read(["amount"]),
        ):
            with self.assertRaises(AccessError):
                forbidden()

    def test_an_invoice_of_another_company_is_no_item(self):
        plan = self.agree(self.bill(amount=10.0, due=-4), [(10, 110.0)], confirm=False)
        line = self.elsewhere.item_ids.line_id
        with self.assertRaises(Exception):  # noqa: B017, whichever rule sees it first
            plan.write({"item_ids": [(0, 0, {"line_id": line.id})]})
            plan.action_confirm()

    def test_companies_are_judged_by_their_own_days_of_grace(self):
        self.company.billing_plan_grace_days = 30
        self.elsewhere.company_id.sudo().billing_plan_grace_days = 0
        self.assertEqual(self.judge(15), {})
        model = self.env["billing.payment.plan"].sudo()
        verdicts = (
            model.with_company(self.elsewhere.company_id)
            .with_context(billing_as_of=self.day(15))
            ._judge(self.elsewhere.company_id)
        )
        self.assertEqual(verdicts, [(self.elsewhere, "broken")])
