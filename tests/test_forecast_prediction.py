from datetime import date

from odoo.tests import tagged

from .common import RecurringCommon
from .common_forecast import ForecastCommon
from .common_promise import PromiseCommon


@tagged("post_install", "-at_install")
class TestForecastPrediction(ForecastCommon, RecurringCommon, PromiseCommon):
    """When amounts are expected, by a customer who pays 14 days late."""

    predicts = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for number in range(30):
            due = -400 + 10 * number
            cls.pay(cls.bill(10.0, due=due), on=due + 14)

    def predict(self):
        self.env["billing.prediction"].sudo()._refresh(self.company)

    def test_dates_are_those_of_the_prediction(self):
        self.predict()
        self.refresh()
        flow = self.flows(move_id=self.invoice.id)
        prediction = self.env["billing.prediction"].search([("move_id", "=", self.invoice.id)])
        for name in ("expected_date", "earliest_date", "latest_date"):
            wait = (flow[name] - prediction[name]).days
            self.assertIn(wait, (0, 1, 2), "but on a day when banks are open")
        self.assertEqual(flow.basis, "prediction")

    def test_an_invoice_that_was_never_predicted_is_asked_about_now(self):
        new = self.bill(50.0, due=5)
        self.refresh()
        flow = self.flows(move_id=new.id)
        self.assertEqual((flow.basis, flow.expected_date), ("prediction", self.day(19)))
        self.predict()
        self.refresh()
        self.assertEqual(self.flows(move_id=new.id).expected_date, self.day(19))

    def test_a_bill_to_be_made_is_paid_as_late_as_the_customer_pays(self):
        self.company.billing_forecast_months = 1
        self.series(date_start=date(2026, 3, 23))
        self.series(date_start=date(2026, 3, 23), partner_id=self.partner_b.id)
        self.refresh()
        late = self.flows(kind="recurring", partner_id=self.partner_a.id)[0]
        self.assertEqual((late.date_due, late.expected_date), (date(2026, 3, 23), date(2026, 4, 6)))
        self.assertEqual(late.basis, "prediction")
        unknown = self.flows(kind="recurring", partner_id=self.partner_b.id)[0]
        self.assertEqual(unknown.basis, "prediction", "by what customers usually do")

    def test_who_is_not_to_be_scored_is_taken_for_the_average(self):
        for number in range(40):
            self.pay(self.bill(10.0, due=-60 + number, partner=self.partner_b), on=-60 + number)
        new = self.bill(50.0, due=5)
        self.refresh()
        self.assertEqual(self.flows(move_id=new.id).expected_date, self.day(19))
        self.partner_a.billing_no_scoring = True
        flow = self.flows(move_id=new.id)
        self.assertEqual((flow.basis, flow.expected_date), ("due", flow.date_due), "at once")
        self.refresh()
        self.assertLess(self.flows(move_id=new.id).expected_date, self.day(9))

    def test_a_promise_is_expected_on_its_day(self):
        self.promise(self.invoice, day=8)
        self.predict()
        self.refresh()
        flow = self.flows(move_id=self.invoice.id)
        self.assertEqual((flow.promised_date, flow.basis), (self.day(8), "promise"))
        self.assertEqual(flow.expected_date, self.day(8))

    def test_vendor_bills_and_typed_amounts_move_on_their_day(self):
        bill = self.vendor_bill(40.0, due=6, partner=self.partner_a)
        self.plan_cash(20.0, 7, direction="in", partner_id=self.partner_a.id)
        self.refresh()
        flow = self.flows(move_id=bill.id)
        self.assertEqual((flow.expected_date, flow.latest_date), (self.day(6), self.day(6)))
        self.assertEqual(self.flows(kind="planned").latest_date, self.day(7))

    def test_a_refresh_by_hand_knows_what_was_promised_since(self):
        self.predict()
        self.promise(self.invoice, day=8)
        self.forecast.action_refresh()
        self.assertEqual(self.flows(move_id=self.invoice.id).expected_date, self.day(8))

    def test_a_rebuilt_forecast_knows_nothing_that_came_later(self):
        """Whatever happens in a month, its forecast is that of its first day."""
        model = self.env["billing.forecast.snapshot"]
        self.bill(500.0, due=-30, invoice_date=date(2026, 1, 20))
        domain = [("company_id", "=", self.company.id), ("month", "=", date(2026, 2, 1))]

        def rebuild():
            self.env.flush_all()
            model.search(domain).sudo().unlink()
            self.refresh()
            row = model.search(domain)
            return row.expected, row.low, row.high, row.by_due

        before = rebuild()
        self.assertGreater(before[2], 0)
        for invoice in self.env["account.move"].search(
            [
                ("partner_id", "=", self.partner_a.id),
                ("move_type", "=", "out_invoice"),
                ("payment_state", "=", "not_paid"),
            ]
        ):
            self.pay(invoice, on=-20)
        for number in range(5):
            self.pay(self.bill(1000.0, due=-35 + number, invoice_date=date(2026, 2, 2)), on=-3)
        self.assertEqual(rebuild(), before)
