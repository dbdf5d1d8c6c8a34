from decimal import ROUND_HALF_UP, Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odoo.fields import Command
from odoo.tests import tagged

from ..models.documents.expense.billing_expense_rebill import add_markup
from .common_expense import ExpenseCommon

QUICK = settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)
cents = st.integers(min_value=1, max_value=10_000_000)
entries = st.lists(
    st.tuples(cents, st.integers(0, 3), st.integers(0, 5), st.integers(0, 9)),
    min_size=1,
    max_size=5,
)


@tagged("post_install", "-at_install")
class TestExpenseSums(ExpenseCommon):
    """For any amounts: what the reports say is what the ledger says, to the last unit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rates = [(str(cls.day(offset)), rate) for offset, rate in
                 ((-9, 1.37), (-6, 1.4142), (-3, 0.9173))]  # fmt: skip
        cls.currencies = cls.company.currency_id
        for code, decimals in (("JPY", 0), ("EUR", 2), ("KWD", 3)):
            cls.currencies |= cls.setup_other_currency(
                code,
                rounding=10.0**-decimals,
                rates=[(day, rate * (150 if code == "JPY" else 1)) for day, rate in rates],
            )
        tax = cls.tax_purchase_a
        cls.tax_sets = [
            tax.browse(),
            tax,
            tax.copy({"name": "Six", "amount": 6.0}),
            tax + tax.copy({"name": "Levy", "amount": 2.5}),
            tax.copy({"name": "Included", "price_include_override": "tax_included"}),
            tax.copy({"name": "Fixed", "amount_type": "fixed", "amount": 0.01}),
        ]

    def report(self, entered, markup):
        lines = []
        for units, currency_index, taxes_index, days in entered:
            currency = self.currencies[currency_index % len(self.currencies)]
            lines.append(
                Command.create(
                    {
                        "name": "Spent",
                        "date": self.day(-days),
                        "currency_id": currency.id,
                        "total_amount_currency": currency.round(
                            max(units, 100) * currency.rounding
                        ),
                        "tax_ids": [Command.set(self.tax_sets[taxes_index].ids)],
                        "client_id": self.partner_a.id,
                        "markup": markup,
                    }
                )
            )
        return self.env["billing.expense.report"].create(
            {"description": "Any", "partner_id": self.subcontractor.id, "line_ids": lines}
        )

    def check(self, entered, markup, currency_index, rounding):
        self.company.tax_calculation_rounding_method = rounding
        report = self.report(entered, markup)
        company_currency = self.company.currency_id
        for line in report.line_ids:
            rate = company_currency._get_conversion_rate(
                line.currency_id, company_currency, self.company, line.date
            )
            self.assertEqual(
                line.total_amount, company_currency.round(line.total_amount_currency * rate)
            )
        report.action_submit()
        report.action_approve()
        bill = report.bill_id
        total = company_currency.round(sum(report.line_ids.mapped("total_amount")))
        payable = bill.line_ids.filtered(lambda line: line.display_type == "payment_term")
        for amount in (report.total_amount, bill.amount_total, -sum(payable.mapped("balance"))):
            self.assertFalse(company_currency.compare_amounts(amount, total))
        self.assertFalse(company_currency.compare_amounts(sum(bill.line_ids.mapped("balance")), 0))
        self.assertFalse(
            company_currency.compare_amounts(bill.amount_untaxed, report.untaxed_amount)
        )
        for spent, billed in zip(report.line_ids, bill.invoice_line_ids, strict=True):
            self.assertFalse(
                company_currency.compare_amounts(billed.price_total, spent.total_amount)
            )

        currency = self.currencies[currency_index % len(self.currencies)]
        invoice = self.client_invoice(currency_id=currency.id)
        expected = sum(line._get_charge(currency) for line in report.line_ids)
        invoice.action_add_billing_expenses()
        self.assertFalse(currency.compare_amounts(invoice.amount_untaxed, expected))
        invoice.invoice_line_ids.unlink()
        invoice.unlink()
        report.line_ids.rebillable = False

    @QUICK
    @given(entries, st.floats(0, 100), st.integers(0, 3))
    def test_rounded_line_by_line(self, entered, markup, currency_index):
        self.check(entered, round(markup, 2), currency_index, "round_per_line")

    @QUICK
    @given(entries, st.floats(0, 100), st.integers(0, 3))
    def test_rounded_globally(self, entered, markup, currency_index):
        self.check(entered, round(markup, 2), currency_index, "round_globally")

    @settings(max_examples=300, deadline=None)
    @given(cents, st.integers(0, 100_000), st.sampled_from((0, 2, 3)))
    def test_a_mark_up_is_what_paper_says(self, units, markup, decimals):
        """Rounded once, half up, in each number of decimals."""
        currency = {0: "JPY", 2: "EUR", 3: "KWD"}[decimals]
        currency = self.currencies.filtered(lambda record: record.name == currency)
        cost = Decimal(units).scaleb(-decimals)
        percent = Decimal(markup).scaleb(-2)
        expected = (cost * (100 + percent) / 100).quantize(
            Decimal(1).scaleb(-decimals), ROUND_HALF_UP
        )
        self.assertEqual(add_markup(float(cost), float(percent), currency), float(expected))
