from datetime import date

from odoo.tests import tagged

from .common_dispute import DisputeCommon
from .common_forecast import ForecastCommon
from .common_payment_plan import PaymentPlanCommon


@tagged("post_install", "-at_install")
class TestForecast(ForecastCommon, DisputeCommon, PaymentPlanCommon):
    """What is to come in and go out: the amounts."""

    def ledger(self, account_type):
        lines = self.env["account.move.line"].search(
            [
                ("company_id", "=", self.company.id),
                ("account_type", "=", account_type),
                ("parent_state", "=", "posted"),
            ]
        )
        return sum(lines.mapped("balance"))

    def test_open_invoices_come_in_and_what_is_overdue_not_before_today(self):
        future, late = self.bill(100.0, due=9), self.bill(50.0, due=-40)
        self.refresh()
        flow = self.flows(move_id=future.id)
        self.assertEqual((flow.kind, flow.amount, flow.date_due), ("receivable", 100, self.day(9)))
        flow = self.flows(move_id=late.id)
        self.assertEqual((flow.date_maturity, flow.date_due), (self.day(-40), self.today))
        self.assertTrue(flow.is_overdue)
        self.assertGreaterEqual(min(self.flows().mapped("earliest_date")), self.today)
        self.assertEqual(flow.basis, "due", "nothing is known of this customer")

    def test_all_of_the_receivable_accounts_is_there(self):
        self.bill(100.0, due=-40)
        self.pay(self.bill(333.33, due=3), amount=100.01)
        self.bill(70.0, due=3, currency_id=self.setup_other_currency("EUR").id)
        self.bill(12.0, due=-3, move_type="out_refund", partner=self.partner_b)
        self.dispute(self.bill(80.0, due=-5), amount=30.0)
        self.agree(self.bill(90.0, due=-9), [(10, 30.0), (20, 60.0)])
        self.vendor_bill(44.44, due=7)
        self.vendor_bill(11.11, due=-7)
        self.refresh()
        accounts = {"in": "asset_receivable", "out": "liability_payable"}
        for direction, account_type in accounts.items():
            total = sum(self.flows(direction=direction).mapped("open"))
            self.assertAlmostEqual(total, self.ledger(account_type), 2, direction)
        rows = self.env["billing.receivable"].search([("company_id", "=", self.company.id)])
        self.assertAlmostEqual(
            sum(self.flows(direction="in").mapped("open")), sum(rows.mapped("residual")), 2
        )
        for flow in self.flows().filtered(lambda flow: flow.kind != "credit"):
            self.assertAlmostEqual(
                flow.open_currency,
                flow.amount_currency + flow.disputed_currency + flow.credited_currency,
                2,
            )

    def test_what_is_disputed_is_left_out(self):
        invoice = self.bill(100.0, due=-5)
        self.dispute(invoice, amount=30.0)
        self.refresh()
        flow = self.flows(move_id=invoice.id)
        self.assertEqual((flow.amount, flow.disputed_currency), (70, 30))
        self.assertEqual(self.outlook().disputed, 30)
        self.assertEqual(self.periods("month")[0].expected, 70)

    def test_credits_reduce_what_is_due_first(self):
        later, first = self.bill(100.0, due=20), self.bill(60.0, due=10)
        self.bill(80.0, due=0, move_type="out_refund")
        self.bill(500.0, due=1, partner=self.partner_b)
        self.refresh()
        self.assertEqual(self.flows(move_id=first.id).amount, 0)
        self.assertEqual(self.flows(move_id=later.id).amount, 80)
        self.assertEqual(self.flows(move_id=later.id).credited_currency, 20)
        self.assertEqual(self.flows(kind="credit").mapped("amount"), [0])
        self.assertEqual(sum(self.flows().mapped("amount")), 580, "others' debts are theirs")

    def test_a_payment_plan_comes_in_parts(self):
        self.agree(self.bill(90.0, due=-9), [(9, 30.0), (20, 60.0)])
        self.refresh()
        parts = self.flows(kind="plan")
        self.assertEqual(
            [(part.date_due, part.amount) for part in parts.sorted("date_due")],
            [(self.day(9), 30), (self.day(20), 60)],
        )

    def test_a_foreign_amount_is_worth_the_latest_rate_which_is_shown(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0), ("2026-03-01", 4.0)])
        invoice = self.bill(100.0, due=9, currency_id=euro.id, invoice_date=date(2026, 2, 1))
        self.refresh()
        flow = self.flows(move_id=invoice.id)
        self.assertEqual((flow.open, flow.amount_currency), (50, 100))
        self.assertEqual((flow.amount, flow.rate, flow.rate_date), (25, 0.25, date(2026, 3, 1)))

    def test_without_a_rate_it_is_worth_what_the_ledger_says(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0)])
        invoice = self.bill(100.0, due=9, currency_id=euro.id, invoice_date=date(2026, 2, 1))
        euro.rate_ids.unlink()
        self.refresh()
        flow = self.flows(move_id=invoice.id)
        self.assertEqual((flow.amount, flow.rate, flow.rate_date), (50, 0.5, False))

    def test_vendor_bills_go_out_less_what_was_paid(self):
        bill = self.vendor_bill(100.0, due=6)
        self.pay(bill, amount=30.0)
        late = self.vendor_bill(20.0, due=-6)
        blocked = self.vendor_bill(999.0, due=6, partner=self.partner_a)
        blocked.action_toggle_block_payment()
        self.refresh()
        self.assertEqual(self.flows(move_id=bill.id).amount, -70)
        self.assertEqual(self.flows(move_id=late.id).expected_date, self.today)
        self.assertEqual(self.flows(move_id=blocked.id).amount, 0)
        self.assertEqual(self.periods("month")[0].outgoing, 90)

    def test_cash_comes_on_days_when_banks_are_open(self):
        self.company.country_id = self.env.ref("base.us")
        saturday = self.bill(100.0, due=10)
        holiday = self.bill(100.0, due=(date(2026, 7, 3) - self.today).days)
        self.refresh()
        self.assertEqual(self.day(10).weekday(), 5)
        self.assertEqual(self.flows(move_id=saturday.id).expected_date, self.day(12))
        self.assertEqual(self.flows(move_id=saturday.id).date_due, self.day(10))
        self.assertEqual(self.flows(move_id=holiday.id).expected_date, date(2026, 7, 6))

    def test_only_drafts_that_odoo_posts_by_itself_count(self):
        drafts = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": self.partner_a.id,
                    "invoice_date": self.day(5),
                    "invoice_date_due": self.day(19),
                    "date": self.day(5),
                    "auto_post": auto_post,
                    "invoice_line_ids": [
                        (0, 0, {"name": "Work", "price_unit": 75.0, "tax_ids": []})
                    ],
                }
                for auto_post in ("no", "at_date")
            ]
        )
        self.refresh()
        flow = self.flows(kind="draft")
        self.assertEqual(flow.move_id, drafts[1])
        self.assertEqual((flow.amount, flow.date_due, flow.open), (75, self.day(19), 0))

    def test_each_company_has_its_own(self):
        foreign = self.other_company_invoice(500.0, due=5)
        foreign.action_post()
        self.bill(100.0, due=5)
        self.refresh(self.company | foreign.company_id)
        self.assertEqual(self.flows().mapped("amount"), [100])
        self.assertEqual(self.flows(foreign.company_id).mapped("amount"), [500])
        self.refresh(foreign.company_id)
        self.assertEqual(self.flows().mapped("amount"), [100], "the other's is left alone")
