from datetime import date

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common import RecurringCommon
from .common_forecast import ForecastCommon


@tagged("post_install", "-at_install")
class TestForecastToCome(ForecastCommon, RecurringCommon):
    """What no document says yet: series, and amounts that were typed in."""

    def dates(self, **values):
        return [(flow.date_maturity, flow.amount) for flow in self.flows(**values)]

    def test_series_bill_until_the_horizon(self):
        self.company.billing_forecast_months = 2
        self.series(date_start=date(2026, 3, 31), partner_id=self.partner_a.id)
        self.refresh()
        self.assertEqual(
            self.dates(kind="recurring"),
            [(date(2026, 3, 31), 100), (date(2026, 4, 30), 100), (date(2026, 5, 31), 100)],
        )
        self.assertEqual(self.flows(kind="recurring")[0].partner_id, self.partner_a)

    def test_each_bill_is_due_by_the_terms_and_in_installments(self):
        self.company.billing_forecast_months = 1
        terms = self.env["account.payment.term"].create(
            {
                "name": "Half and half",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (10, 40)
                ],
            }
        )
        self.partner_a.property_payment_term_id = terms
        self.series(date_start=date(2026, 4, 1), price=99.99)
        self.refresh()
        self.assertEqual(
            self.dates(kind="recurring"), [(date(2026, 4, 11), 50.0), (date(2026, 5, 11), 49.99)]
        )

    def test_with_taxes_and_raises(self):
        self.company.billing_forecast_months = 1
        tax = self.env["account.tax"].create({"name": "10 %", "amount": 10})
        series = self.series(date_start=date(2026, 3, 20))
        series.line_ids.tax_ids = tax
        self.wizard("price", series, percent=50, date_from=date(2026, 4, 1))
        self.refresh()
        self.assertEqual(
            self.dates(kind="recurring"), [(date(2026, 3, 20), 110), (date(2026, 4, 20), 165)]
        )

    def test_only_series_that_run_and_can_be_billed(self):
        self.series(start=False)
        self.series().action_end()
        ends = self.series(date_start=date(2026, 3, 20), end_kind="count", period_count=1)
        blocked = self.series(partner_id=self.partner_b.id)
        self.partner_b.active = False
        self.refresh()
        self.assertEqual(self.flows(kind="recurring").recurring_id, ends)
        self.assertEqual(len(self.flows(kind="recurring")), 1)
        self.assertTrue(blocked.next_date)

    def test_what_should_have_been_billed_is_billed_today(self):
        self.company.billing_forecast_months = 1
        self.series(date_start=date(2026, 3, 1))
        self.refresh()
        self.assertEqual(self.dates(kind="recurring")[0], (self.today, 100))

    def test_a_draft_of_a_series_takes_the_place_of_its_period(self):
        self.company.billing_forecast_months = 1
        series = self.series(date_start=date(2026, 3, 11), on_bill="draft")
        series._bill(self.today)
        self.refresh()
        self.assertEqual(self.dates(kind="draft"), [(self.today, 100)])
        self.assertEqual(self.dates(kind="recurring"), [(date(2026, 4, 11), 100)])
        self.bills(series).action_post()
        self.refresh()
        self.assertFalse(self.flows(kind="draft"))
        self.assertEqual(self.dates(kind="receivable"), [(self.today, 100)])

    def test_planned_cash_comes_and_goes_and_repeats(self):
        self.company.billing_forecast_months = 2
        self.plan_cash(50.0, 20, repeat="month")
        self.plan_cash(500.0, 9, direction="in")
        self.plan_cash(9.0, -1)
        self.refresh()
        self.assertEqual(self.day(20), date(2026, 3, 31))
        out = self.flows(kind="planned", direction="out")
        self.assertEqual(
            [(flow.date_maturity, flow.amount) for flow in out],
            [(date(2026, 3, 31), -50), (date(2026, 4, 30), -50), (date(2026, 5, 31), -50)],
        )
        self.assertEqual(out[2].expected_date, date(2026, 6, 1), "the 31st is a Sunday")
        self.assertEqual(self.flows(kind="planned", direction="in").amount, 500)
        self.assertEqual(self.flows(direction="in").basis, "typed")
        self.assertEqual(self.periods("month")[0].net, 450)

    def test_planned_cash_ends(self):
        planned = self.plan_cash(50.0, -30, repeat="week", date_end=self.day(13))
        self.refresh()
        self.assertEqual(self.flows().mapped("date_maturity"), [self.day(5), self.day(12)])
        self.assertEqual(planned.next_date, self.day(5))
        planned.date_end = self.day(-1)
        self.assertFalse(planned.next_date)
        with self.assertRaises(ValidationError):
            planned.date_end = self.day(-31)

    def test_planned_cash_in_another_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 4.0)])
        self.plan_cash(100.0, 5, currency_id=euro.id)
        self.refresh()
        flow = self.flows(kind="planned")
        self.assertEqual((flow.amount_currency, flow.amount, flow.rate), (-100, -25, 0.25))

    def test_planned_cash_is_typed_into_a_form(self):
        form = Form(self.env["billing.planned.cash"])
        form.name = "Rent"
        form.amount = 10.0
        planned = form.save()
        self.assertEqual(planned.currency_id, self.company.currency_id)
        self.assertEqual((planned.direction, planned.next_date), ("out", self.today))
