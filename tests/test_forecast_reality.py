from datetime import date

from odoo.tests import freeze_time, tagged

from .common import RecurringCommon
from .common_forecast import ForecastCommon


@tagged("post_install", "-at_install")
class TestForecastReality(ForecastCommon, RecurringCommon):
    """Last month's forecast beside what came in. It is the second of the month, a Monday."""

    now = "2026-03-02 12:00:00"

    def snapshot(self, month=date(2026, 3, 1), company=None):
        company = company or self.company
        return self.env["billing.forecast.snapshot"].search(
            [("company_id", "=", company.id), ("month", "=", month)]
        )

    def ledger(self, first, last):
        """What was paid to the receivable accounts between two dates."""
        lines = self.env["account.move.line"].search(
            [
                ("company_id", "=", self.company.id),
                ("account_type", "=", "asset_receivable"),
                ("journal_id.type", "in", ("bank", "cash")),
                ("parent_state", "=", "posted"),
                ("date", ">=", first),
                ("date", "<=", last),
            ]
        )
        return -sum(lines.mapped("balance"))

    def test_the_forecast_of_a_month_is_frozen(self):
        self.bill(100.0, due=9)
        self.plan_cash(70.0, 5, direction="in")
        self.refresh()
        march = self.snapshot()
        self.assertEqual((march.made_on, march.origin), (self.today, "made"))
        self.assertEqual((march.low, march.expected, march.high), (100, 100, 100))
        self.assertEqual(march.by_due, 100)
        self.bill(40.0, due=9)
        self.refresh()
        self.assertEqual(self.snapshot().expected, 100)
        with freeze_time("2026-04-01 12:00:00"):
            self.refresh()
        self.assertEqual(self.snapshot().expected, 100)
        april = self.snapshot(date(2026, 4, 1))
        self.assertEqual(april.made_on, date(2026, 4, 1))
        self.assertEqual(april.expected, 140, "it is overdue by then")

    def test_what_came_in_is_what_the_ledger_says(self):
        known, new = self.bill(100.0, due=9), self.bill(60.0, due=9, partner=self.partner_b)
        self.refresh()
        self.pay(known, amount=30.0, on=2)
        self.pay(self.bill(20.0, due=9), on=3)
        self.bill(60.0, due=9, partner=self.partner_b, move_type="out_refund")
        later = self.bill(45.0, due=30, invoice_date=self.day(4), partner=self.partner_b)
        self.pay(later, on=4)
        with freeze_time("2026-04-02 12:00:00"):
            self.refresh()
        march = self.snapshot()
        self.assertEqual(march.received, 95)
        self.assertEqual(march.received, self.ledger(self.today, date(2026, 3, 31)))
        self.assertEqual((march.received_new, march.received_known), (45, 50))
        self.assertEqual(march.verdict, "below")
        self.assertTrue(new)

    def test_within_the_range(self):
        invoice = self.bill(100.0, due=9)
        self.refresh()
        self.assertFalse(self.snapshot().verdict, "the month is not over")
        self.pay(invoice, on=2)
        with freeze_time("2026-04-01 12:00:00"):
            self.refresh()
        self.assertEqual(self.snapshot().verdict, "within")

    def test_money_paid_back_and_write_offs_are_not_cash(self):
        invoice = self.bill(100.0, due=9)
        self.refresh()
        self._register_payment(
            invoice,
            payment_date=self.day(1),
            amount=90.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )
        credit = self.bill(15.0, due=9, move_type="out_refund")
        self.pay(credit, on=2)
        with freeze_time(str(self.day(2))):
            self.refresh()
        self.assertEqual(self.snapshot().received, 90 - 15)

    def test_a_bill_of_a_series_was_foreseen(self):
        series = self.series(date_start=self.day(5))
        self.refresh()
        self.assertEqual(self.snapshot().expected, 100)
        with freeze_time(str(self.day(5))):
            series._bill(self.day(5))
            self.pay(self.bills(series), on=6)
        with freeze_time(str(self.day(7))):
            self.refresh()
        self.assertEqual(self.snapshot().received_known, 100)

    def test_forecasts_of_the_months_before_are_rebuilt_from_what_was_known_then(self):
        paid = self.bill(100.0, due=-10, invoice_date=date(2026, 1, 20))
        self.pay(paid, on=-10)
        self.pay(self.bill(50.0, due=-40, invoice_date=date(2026, 1, 5)), on=-33)
        self.pay(self.bill(7.0, due=-5, invoice_date=date(2026, 2, 3)), on=-5)
        self.refresh()
        february = self.snapshot(date(2026, 2, 1))
        self.assertEqual((february.origin, february.made_on), ("rebuilt", date(2026, 2, 1)))
        self.assertEqual((february.expected, february.by_due), (100, 100))
        self.assertEqual((february.received, february.received_new), (107, 7))
        self.assertEqual(february.verdict, "within")
        january = self.snapshot(date(2026, 1, 1))
        self.assertEqual((january.origin, january.received), ("none", 50))
        self.assertFalse(january.made_on, "there was nothing yet")

    def test_in_the_middle_of_a_month_that_of_its_first_day_is_rebuilt(self):
        self.bill(100.0, due=10, invoice_date=date(2026, 2, 20))
        self.bill(30.0, due=10, invoice_date=date(2026, 3, 1))
        with freeze_time("2026-03-10 12:00:00"):
            self.refresh()
        march = self.snapshot()
        self.assertEqual((march.origin, march.made_on), ("rebuilt", date(2026, 3, 1)))
        self.assertEqual(march.expected, 100)
        self.bill(40.0, due=10, invoice_date=date(2026, 2, 20))
        with freeze_time("2026-03-11 12:00:00"):
            self.refresh()
        self.assertEqual(self.snapshot().expected, 100, "it is not formed again")

    def test_it_is_always_on_the_screen(self):
        self.pay(self.bill(100.0, due=-40), on=-20)
        self.refresh()
        outlook = self.outlook()
        self.assertEqual(
            outlook.snapshot_ids.mapped("month"),
            [date(2026, 3, 1), date(2026, 2, 1), date(2026, 1, 1), date(2025, 12, 1)],
        )
        self.assertEqual(
            outlook.period_ids.mapped("granularity"), ["week", "week", "month", "month"]
        )
