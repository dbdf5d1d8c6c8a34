from odoo.exceptions import AccessError
from odoo.fields import Date
from odoo.tests import Form, tagged

from .common import ReminderCommon
from .common_interest import InterestCommon


@tagged("post_install", "-at_install")
class TestInterestDisplay(InterestCommon, ReminderCommon):
    """It is shown as it accrues; nothing is booked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_people()
        cls.late = cls.policy(margin=36.5, tiers=[(0, 40)])  # 0.1 % a day

    def test_on_the_invoice(self):
        invoice = self.bill(amount=1000, due=-10)
        moves = self.env["account.move"].search_count([])
        self.assertEqual(invoice.with_user(self.clerk).billing_accrued, 50)
        self.assertEqual(self.env["account.move"].search_count([]), moves)
        draft = invoice.copy()
        self.assertEqual((draft.billing_accrued, self.bill(due=5).billing_accrued), (0, 0))

    def test_on_many_open_items_in_one_pass(self):
        for number in range(5):
            self.bill(amount=1000 * (number + 1), due=-10)
        rows = self.env["billing.receivable"].search([("company_id", "=", self.company.id)])
        rows.mapped("kind")
        self.env["billing.accrual"]._accrue(rows.line_id)
        before = self.env.cr.sql_log_count
        self.assertEqual(sorted(rows.mapped("accrued_currency")), [50, 60, 70, 80, 90])
        self.assertLess(self.env.cr.sql_log_count - before, 15)

    def test_on_open_items_of_a_past_date(self):
        invoice = self.bill(amount=1000, due=-10)
        rows = self.env["billing.receivable"].search([("move_id", "=", invoice.id)])
        self.assertEqual(rows.accrued_currency, 50)
        self.assertEqual(rows.with_context(billing_as_of=self.day(-8)).accrued_currency, 42)
        self.assertEqual(rows.with_context(billing_as_of=self.day(-10)).accrued_currency, 0)

    def test_of_an_item_in_parts_only_the_first_bears_it(self):
        invoice = self.bill(amount=1000, due=-10)
        plan = self.env["billing.payment.plan"].create(
            {
                "partner_id": self.partner_a.id,
                "currency_id": invoice.currency_id.id,
                "item_ids": [(0, 0, {"line_id": self.installments(invoice).id})],
                "line_ids": [(0, 0, {"date": self.day(day), "amount": 500}) for day in (5, 35)],
            }
        )
        plan.action_confirm()
        self.env.invalidate_all()
        rows = self.env["billing.receivable"].search([("move_id", "=", invoice.id)])
        self.assertEqual(rows.mapped("accrued_currency"), [50, 0])

    def test_the_calculation_until_any_day(self):
        invoice = self.bill_due(1000, "2025-03-31")
        self.pay_on(invoice, "2025-04-10", 400)
        sheet = self.env["billing.accrual.sheet"].with_user(self.clerk)
        action = invoice.with_user(self.clerk).action_billing_accrual()
        with Form(sheet.browse(action["res_id"])) as form:
            form.until = Date.to_date("2025-04-20")
            self.assertEqual((form.total, form.increment, form.charged), (56, 56, 0))
        lines = sheet.browse(action["res_id"]).line_ids
        self.assertEqual(
            [(line.kind, line.days, line.base, line.amount) for line in lines],
            [("interest", 10, 1000, 10), ("interest", 10, 600, 6), ("fee", 0, 1000, 40)],
        )

    def test_the_calculation_says_why_there_is_none(self):
        self.late.reference_id = self.reference(("2025-06-01", 2.0), name="Too late")
        invoice = self.bill_due(1000, "2025-03-31")
        self.assertIn("Too late", invoice.billing_accrued_problem)
        sheet = self.env["billing.accrual.sheet"].create({"move_id": invoice.id})
        self.assertIn("Too late", sheet.problem)
        self.assertEqual((sheet.total, len(sheet.line_ids)), (0, 0))

    def test_the_calculation_is_not_for_everyone(self):
        invoice = self.bill(amount=1000, due=-10)
        for user in (self.accountant, self.salesperson, self.portal):
            with self.assertRaises(AccessError, msg=user.login):
                self.env["billing.accrual.sheet"].with_user(user).create({"move_id": invoice.id})
        foreign = self.other_company_invoice(due=-10)
        foreign.action_post()
        with self.assertRaises(AccessError):
            self.env["billing.accrual.sheet"].with_user(self.clerk).create({"move_id": foreign.id})
        with self.assertRaises(AccessError):
            self.env["billing.accrual.sheet"].with_user(self.clerk).onchange(
                {"move_id": foreign.id}, [], {"move_id": {}, "until": {}, "total": {}}
            )

    # -- Levels of the reminders -------------------------------------------------------------------

    def test_a_level_may_change_what_it_costs(self):
        policy = self.policy(name="Final", applies="chosen", tiers=[(0, 99)], margin=36.5)
        levels = self.env.ref("billing_crm.reminder_policy_default").level_ids.sorted("delay_days")
        levels[1].late_fee_policy_id = policy
        invoice = self.bill(amount=1000, due=-30)
        self.remind(as_of=-20).sudo().sent_on = self.day(-20)
        self.assertEqual(self.accrue(invoice).policy, self.late, "the first level has none")
        self.remind(as_of=0)
        accrual = self.accrue(invoice)
        self.assertEqual((accrual.policy, accrual.fee), (policy, 99))
        self.partner_a.billing_late_fee_policy_id = self.late
        self.assertEqual(self.accrue(invoice).policy, self.late, "the customer's own wins")
