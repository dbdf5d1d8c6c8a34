from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_payment_plan import PaymentPlanCommon


@tagged("post_install", "-at_install")
class TestPaymentPlanWizard(PaymentPlanCommon):
    """From a customer, invoices, or open items to a draft."""

    def wizard(self, records, **values):
        model = self.env["billing.payment.plan.wizard"]
        return model.with_context(active_model=records._name, active_ids=records.ids).create(values)

    def make(self, records, **values):
        action = self.wizard(records, **values).action_apply()
        return self.env["billing.payment.plan"].browse(action["res_id"])

    def test_from_a_customer_with_all_that_is_owed(self):
        older, newer = self.bill(amount=150.0, due=-40), self.bill(amount=50.0, due=20)
        plan = self.make(self.partner_a, count=3, date_first=self.day(1))
        self.assertEqual(plan.item_ids.move_id, older | newer)
        self.assertEqual(plan.line_ids.mapped("amount"), [66.66, 66.66, 66.68])
        plan.action_confirm()

    def test_from_an_invoice_by_amount(self):
        invoice = self.bill(amount=100.0, due=-40)
        self.bill(amount=7.0, due=-30)
        plan = self.make(
            invoice, method="amount", amount=30.0, date_first=self.day(1), interval="two_weeks"
        )
        self.assertEqual(plan.item_ids.move_id, invoice)
        self.assertEqual(plan.line_ids.mapped("amount"), [30.0, 30.0, 30.0, 10.0])
        days = [(line.date - self.today).days for line in plan.line_ids]
        self.assertEqual(days, [1, 15, 29, 43])

    def test_from_open_items_of_one_customer_only(self):
        mine, theirs = self.bill(due=-5), self.bill(due=-5, partner=self.partner_b)
        plan = self.make(self.rows(move_id=mine.id), count=2)
        self.assertEqual(plan.item_ids.move_id, mine)
        with self.assertRaisesRegex(Exception, "one customer"):
            self.wizard(self.rows().filtered(lambda row: row.move_id in mine | theirs))

    def test_what_is_planned_already_is_not_offered(self):
        first, second = self.bill(due=-5), self.bill(amount=40.0, due=-5)
        self.agree(first, [(10, 100.0)])
        self.assertEqual(self.wizard(self.partner_a).line_ids.move_id, second)

    def test_a_draft_is_split_anew(self):
        invoice = self.bill(amount=100.0, due=-5)
        plan = self.agree(invoice, [(10, 100.0)], confirm=False)
        again = self.make(plan, count=4)
        self.assertEqual(again, plan)
        self.assertEqual(plan.line_ids.mapped("amount"), [25.0] * 4)

    def test_the_summary_says_what_comes(self):
        self.bill(amount=100.0, due=-5)
        wizard = self.wizard(self.partner_a, count=3, date_first=self.day(1))
        self.assertIn("33.34", wizard.summary)
        self.assertIn("more than zero", self.wizard(self.partner_a, count=0).summary)
        self.assertIn("10000", self.wizard(self.partner_a, count=10000).summary)

    def test_a_contact_leads_to_the_company(self):
        contact = self.env["res.partner"].create({"name": "P", "parent_id": self.partner_a.id})
        self.bill(partner=contact, due=-3)
        plan = self.make(contact, count=1)
        self.assertEqual(plan.partner_id, self.partner_a)
        plan.action_confirm()


@tagged("post_install", "-at_install")
class TestPaymentPlanSchedule(PaymentPlanCommon):
    """Dates and amounts, on paper."""

    def schedule(self, total, first, interval="month", currency=None, **values):
        schedule = self.env["billing.payment.plan"]._get_schedule(
            currency or self.company.currency_id,
            total,
            first=fields.Date.to_date(first),
            interval=interval,
            **values,
        )
        return [(str(date), amount) for date, amount in schedule]

    def test_what_rounding_leaves_is_in_the_last(self):
        amounts = [amount for _date, amount in self.schedule(100.0, "2027-01-01", count=7)]
        self.assertEqual(amounts, [14.28] * 6 + [14.32])
        with self.assertRaises(UserError):
            self.schedule(0.05, "2027-01-01", count=6)

    def test_the_31st_stays_the_31st_and_leap_days_are_right(self):
        dates = [date for date, _amount in self.schedule(50.0, "2028-01-31", count=5)]
        self.assertEqual(
            dates, ["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30", "2028-05-31"]
        )
        dates = [date for date, _amount in self.schedule(20.0, "2028-02-29", count=13)]
        self.assertEqual((dates[1], dates[12]), ("2028-03-29", "2029-02-28"))

    def test_weeks(self):
        dates = [date for date, _amount in self.schedule(20.0, "2026-12-28", "week", count=2)]
        self.assertEqual(dates, ["2026-12-28", "2027-01-04"])

    def test_an_amount_that_divides_evenly_leaves_no_rest(self):
        amounts = [amount for _date, amount in self.schedule(0.9, "2027-01-01", amount=0.3)]
        self.assertEqual(amounts, [0.3, 0.3, 0.3])
        amounts = [amount for _date, amount in self.schedule(20.0, "2027-01-01", amount=50.0)]
        self.assertEqual(amounts, [20.0])

    def test_a_currency_without_cents(self):
        yen = self.env.ref("base.JPY")
        amounts = [a for _d, a in self.schedule(1000, "2027-01-01", currency=yen, count=3)]
        self.assertEqual(amounts, [333, 333, 334])
