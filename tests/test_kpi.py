from datetime import date
from itertools import accumulate

from dateutil.relativedelta import relativedelta
from odoo.tests import tagged

from .common import BillingCommon

MARCH = date(2025, 3, 1)


@tagged("post_install", "-at_install")
class TestKpi(BillingCommon):
    """The figures of published examples, and what they are worth for groups and other months."""

    def sell(self, amount, on, due=None, partner=None):
        return self._create_invoice_one_line(
            price_unit=amount,
            tax_ids=[],
            partner_id=(partner or self.partner_a).id,
            invoice_payment_term_id=None,
            invoice_date=on,
            invoice_date_due=due or on,
            post=True,
        )

    def collect(self, invoice, on, amount=None):
        values = {"payment_date": on}
        if amount is not None:
            values.update(amount=amount, payment_difference_handling="open")
        self._register_payment(invoice, **values)

    def figures(self, month=MARCH, groupby=(), domain=()):
        """Refresh a month and return its key figures, by group or of the company."""
        model = self.env["billing.kpi"]
        model._refresh_month(self.company, month)
        names = model._get_figures()
        groups = model._read_group(
            [("company_id", "=", self.company.id), ("month", "=", month), *domain],
            groupby,
            [f"{name}:avg" for name in names],
        )
        values = {
            row[: len(groupby)]: {
                name: value and round(float(value), 2)
                for name, value in zip(names, row[len(groupby) :], strict=True)
            }
            for row in groups
        }
        return values if groupby else values[()]

    def test_dso_best_possible_dso_and_average_days_delinquent(self):
        # receivables 90,000, of them current 60,000; sales 240,000 in 90 days
        self.sell(60000, date(2025, 3, 10), due=date(2025, 4, 30))
        self.sell(30000, date(2025, 1, 15), due=date(2025, 2, 15))
        self.collect(self.sell(150000, date(2025, 2, 3)), on=date(2025, 3, 20))
        figures = self.figures()
        self.assertEqual(figures["dso"], 33.75)
        self.assertEqual(figures["best_dso"], 22.5)
        self.assertEqual(figures["days_delinquent"], 11.25)
        self.assertEqual(figures["overdue_share"], 33.33)

    def test_countback_dso(self):
        # receivables 150,000; sales of 80,000 (31 days), 60,000 (28) and 70,000 (31)
        self.sell(80000, date(2025, 3, 5))
        self.sell(60000, date(2025, 2, 5))
        self.collect(self.sell(70000, date(2025, 1, 5)), on=date(2025, 3, 1), amount=60000)
        self.assertEqual(self.figures()["countback_dso"], 63.43)

    def test_countback_passes_months_without_sales_and_ends_after_a_year(self):
        self.sell(100, date(2024, 12, 5))
        self.assertEqual(self.figures()["countback_dso"], 31 + 28 + 31 + 31)
        self.sell(100, date(2023, 1, 5))
        self.assertEqual(self.figures()["countback_dso"], 365)

    def test_collection_effectiveness(self):
        # 100,000 owed before, 50,000 sold, 60,000 owed after, of them 40,000 current
        before = self.sell(100000, date(2025, 2, 1))
        self.sell(40000, date(2025, 3, 10), due=date(2025, 5, 1))
        new = self.sell(10000, date(2025, 3, 12), due=date(2025, 3, 20))
        self.collect(before, on=date(2025, 3, 30), amount=90000)
        self.assertEqual(self.figures()["cei"], round(90 / 110 * 100, 2))
        self.collect(before, on=date(2025, 3, 31))
        self.collect(new, on=date(2025, 3, 31))
        self.assertEqual(self.figures()["cei"], 100, "all that could be")

    def test_weighted_days_late_and_the_share_overdue(self):
        self.sell(1000, date(2025, 3, 1), due=date(2025, 3, 21))
        self.sell(3000, date(2025, 2, 1), due=date(2025, 3, 1))
        self.sell(4000, date(2025, 3, 1), due=date(2025, 3, 31))
        self._create_invoice_one_line(
            price_unit=500, tax_ids=[], move_type="out_refund", post=True,
            partner_id=self.partner_a.id, invoice_date=date(2025, 3, 1),
        )  # fmt: skip
        figures = self.figures()
        self.assertEqual(figures["weighted_days_late"], (1000 * 10 + 3000 * 30) / 4000)
        self.assertEqual(figures["overdue_share"], 50, "credits are no part of it")

    def test_at_risk_is_the_share_of_a_months_billing(self):
        self.collect(self.sell(600, date(2025, 3, 3)), on=date(2025, 4, 3))
        self.sell(300, date(2025, 3, 20), due=date(2025, 4, 20))
        self.collect(self.sell(100, date(2025, 3, 21)), on=date(2026, 1, 1), amount=50)
        self.sell(900, date(2025, 4, 1))
        self.assertEqual(self.figures()["at_risk_rate"], 35)

    def test_of_invoices_that_are_too_young_there_is_no_rate(self):
        day = self.today
        self.sell(100, day, due=day - relativedelta(days=90))
        month = day.replace(day=1)
        self.assertIs(self.figures(month)["at_risk_rate"], False)
        self.sell(100, day, due=day - relativedelta(days=91))
        self.assertEqual(self.figures(month)["at_risk_rate"], 100)

    def test_figures_of_a_group_are_formed_of_its_sums(self):
        # two customers whose averages would say 50 days
        self.sell(900, date(2025, 3, 1))
        small = self.sell(100, date(2025, 3, 1), partner=self.partner_b)
        self.collect(small, on=date(2025, 3, 2))
        by_customer = self.figures(groupby=["partner_id"])
        self.assertEqual(by_customer[(self.partner_a,)]["dso"], 90)
        self.assertEqual(by_customer[(self.partner_b,)]["dso"], 0)
        self.assertEqual(self.figures()["dso"], 81)
        rows = self.env["billing.kpi"].search([("company_id", "=", self.company.id)])
        self.assertEqual(
            {row.partner_id: row.dso for row in rows}, {self.partner_a: 90, self.partner_b: 0}
        )

    def test_what_was_owed_is_the_ledger_at_every_month_end(self):
        self.collect(self.sell(120.5, date(2025, 1, 31)), on=date(2025, 3, 15), amount=20.25)
        self.collect(self.sell(33.33, date(2025, 2, 10)), on=date(2025, 4, 1))
        self.sell(7, date(2025, 4, 1), partner=self.partner_b)
        self.env["billing.kpi"]._refresh(self.company)
        rows = self.env["billing.kpi"].search([("company_id", "=", self.company.id)])
        self.assertTrue(rows)
        for (month, date_end), group in rows.grouped(lambda r: (r.month, r.date_end)).items():
            for field, day in (
                ("receivable", date_end),
                ("opening", month - relativedelta(days=1)),
            ):
                self.assertAlmostEqual(sum(group.mapped(field)), self.ledger(day), 2, f"{month}")

    def ledger(self, day):
        lines = self.env["account.move.line"].search(
            [
                ("company_id", "=", self.company.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("date", "<=", day),
            ]
        )
        return sum(lines.mapped("balance"))

    def test_balances_are_not_added_up_over_months(self):
        self.sell(100, date(2025, 1, 31))
        self.sell(50, date(2025, 3, 1), partner=self.partner_b)
        self.env["billing.kpi"]._refresh(self.company)
        domain = [("company_id", "=", self.company.id)]
        spring = [*domain, ("month", ">=", date(2025, 2, 1)), ("month", "<=", MARCH)]
        [(owed,)] = self.env["billing.kpi"]._read_group(spring, [], ["receivable:avg"])
        self.assertEqual(owed, (100 + 150) / 2)

    def test_credits_reduce_what_is_owed_and_what_was_sold(self):
        self.sell(1000, date(2025, 3, 1), due=date(2025, 4, 30))
        self._create_invoice_one_line(
            price_unit=100, tax_ids=[], move_type="out_refund", post=True,
            partner_id=self.partner_a.id, invoice_date=date(2025, 3, 2),
        )  # fmt: skip
        figures = self.figures()
        self.assertEqual((figures["dso"], figures["best_dso"]), (90, 90))
        self.assertEqual(figures["days_delinquent"], 0)

    def test_where_nothing_was_sold_there_is_no_dso(self):
        self.sell(100, date(2024, 6, 1))
        figures = self.figures()
        self.assertIs(figures["dso"], False)
        self.assertEqual(figures["cei"], 0, "nothing was collected")

    def test_countback_is_what_a_slow_count_says(self):
        """Little and much owed against the same sales, some months with net credits."""
        sales = {date(2024, month, 10): 100 * month for month in (5, 7, 8, 11)}
        sales[date(2025, 2, 10)] = 350
        invoices = [self.sell(amount, day) for day, amount in sales.items()]
        self._create_invoice_one_line(
            price_unit=200, tax_ids=[], move_type="out_refund", post=True,
            partner_id=self.partner_a.id, invoice_date=date(2025, 1, 10),
        )  # fmt: skip
        sales[date(2025, 1, 10)] = -200
        self.collect(invoices[3], on=date(2025, 2, 15))
        self.collect(invoices[2], on=date(2025, 2, 20))
        self.collect(invoices[1], on=date(2025, 3, 5))
        self.collect(invoices[0], on=date(2025, 3, 6), amount=350)
        owed = []
        for month in (MARCH - relativedelta(months=back) for back in range(5)):
            self.env["billing.kpi"]._refresh_month(self.company, month)
            row = self.env["billing.kpi"].search(
                [("company_id", "=", self.company.id), ("month", "=", month)]
            )
            owed.append(row.receivable)
            expected = slow_countback(row.receivable, month, sales)
            self.assertAlmostEqual(row.countback_dso, expected, 6, str(month))
        self.assertEqual(owed[0], 300, "less than the latest sales, before a month of credits")


def slow_countback(owed, month, sales):
    """Count back as one would on paper."""
    days = 0
    for first in accumulate(
        [month] + [1] * 11, lambda before, _one: before - relativedelta(months=1)
    ):
        after = first + relativedelta(months=1)
        sold = sum(amount for day, amount in sales.items() if first <= day < after)
        if owed <= 0:
            break
        if sold > owed:
            return days + (after - first).days * owed / sold
        owed -= sold
        days += (after - first).days
    return days
