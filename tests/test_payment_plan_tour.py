from odoo.addons.base.tests.common import HttpCaseWithUserDemo
from odoo.tests import tagged

from .common_payment_plan import PaymentPlanCommon


@tagged("post_install", "-at_install")
class TestPaymentPlanTour(PaymentPlanCommon, HttpCaseWithUserDemo):
    def test_a_clerk_makes_a_plan_for_a_customer(self):
        clerk = self.make_user("tour_clerk", "billing_crm.group_billing_user")
        self.bill(amount=200.0, due=-40)
        self.bill(amount=100.0, due=-10)
        self.start_tour(
            f"/odoo/res.partner/{self.partner_a.id}",
            "billing_payment_plan_tour",
            login=clerk.login,
        )
        self.env.invalidate_all()
        plan = self.env["billing.payment.plan"].search([("partner_id", "=", self.partner_a.id)])
        self.assertEqual((plan.state, plan.amount, plan.user_id), ("active", 300.0, clerk))
        self.assertEqual(plan.line_ids.mapped("amount"), [75.0] * 4)


@tagged("post_install", "-at_install")
class TestPaymentPlanPhoneTour(PaymentPlanCommon, HttpCaseWithUserDemo):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_plan_is_made_on_a_phone(self):
        clerk = self.make_user("tour_clerk", "billing_crm.group_billing_user")
        invoice = self.bill(amount=300.0, due=-40)
        self.start_tour(
            f"/odoo/customer-invoices/{invoice.id}",
            "billing_payment_plan_phone_tour",
            login=clerk.login,
        )
        self.env.invalidate_all()
        plan = self.env["billing.payment.plan"].search([("partner_id", "=", self.partner_a.id)])
        self.assertEqual((plan.state, len(plan.line_ids)), ("draft", 6))
