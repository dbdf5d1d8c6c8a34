from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from odoo import fields
from odoo.tests import tagged

from . import interest_oracle
from .common_interest import InterestCommon

DUE = date(2024, 12, 10)
later = st.integers(-20, 200).map(lambda number: DUE + timedelta(days=number))
cents = st.integers(1, 60_000).map(lambda number: number / 100)


@tagged("post_install", "-at_install")
class TestInterestHistory(InterestCommon):
    """Invoices, payments and credit notes as they are in the ledger, beside the oracle."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR", rates=[("2016-01-01", 2.0), ("2025-02-01", 3.0)])
        cls.rates = [(date(2023, 1, 1), Decimal("2.5"))]
        for year in (2024, 2025):
            cls.rates.append((date(year, 1, 1), Decimal("3.15")))
            cls.rates.append((date(year, 7, 1), Decimal("-0.88")))
        cls.series = cls.reference(*((day, float(rate)) for day, rate in cls.rates))
        cls.halves = cls.env["account.payment.term"].create(
            {
                "name": "Thirds",
                "line_ids": [
                    fields.Command.create(
                        {"value": "percent", "value_amount": share, "nb_days": days}
                    )
                    for share, days in ((33.33, 0), (66.67, 25))
                ],
            }
        )

    @settings(
        max_examples=10,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        amount=st.integers(10_000, 9_999_999).map(lambda number: number / 100),
        in_parts=st.booleans(),
        is_foreign=st.booleans(),
        payments=st.lists(st.tuples(later, cents), max_size=3),
        credits_given=st.lists(st.tuples(later, cents), max_size=1),
        until=st.integers(1, 250).map(lambda number: DUE + timedelta(days=number)),
        margin=st.integers(1, 2000).map(lambda number: number / 100),
        rate_mode=st.sampled_from(["piecewise", "fixed_at_start", "at_payment"]),
        day_count=st.sampled_from(["act_365", "act_act", "thirty_360"]),
        counts=st.booleans(),
    )
    def test_a_history(
        self, amount, in_parts, is_foreign, payments, credits_given, until, margin, rate_mode,
        day_count, counts,
    ):  # fmt: skip
        with self.env.cr.savepoint() as savepoint:
            terms = {
                "margin": margin,
                "rate_mode": rate_mode,
                "reference_days": "half_year",
                "day_count": day_count,
                "count_payment_day": counts,
            }
            self.policy(reference_id=self.series.id, **terms)
            currency = self.euro if is_foreign else self.company.currency_id
            invoice = self.bill(
                amount=amount,
                invoice_date=DUE,
                invoice_payment_term_id=self.halves.id if in_parts else None,
                currency_id=currency.id,
                **({} if in_parts else {"invoice_date_due": DUE}),
            )
            for day, paid in payments:
                if invoice.amount_residual > paid:
                    self.pay_on(invoice, fields.Date.to_string(day), paid)
            for day, credited in credits_given:
                if invoice.amount_residual > credited:
                    self.credit(invoice, credited, day)
            terms.update(margin=Decimal(str(margin)), start_offset=1, grace_days=0, until=until)
            lines = self.installments(invoice)
            expected = interest_oracle.interest_of(
                [self.read_installment(line) for line in lines], until, terms, self.rates
            )
            found = self.env["billing.accrual"]._accrue(lines, until=until)
            self.assertEqual(
                [found[line.id].interest for line in lines], [float(sum_) for sum_ in expected]
            )
            savepoint.rollback()
            self.env.invalidate_all()

    def credit(self, invoice, amount, day):
        note = self._create_invoice_one_line(
            price_unit=amount,
            tax_ids=[],
            move_type="out_refund",
            invoice_date=day,
            currency_id=invoice.currency_id.id,
            post=True,
        )
        lines = self.installments(invoice).filtered(lambda line: not line.reconciled)
        (lines | self.installments(note)).reconcile()

    def read_installment(self, line):
        """(due, amount, payments) as a bookkeeper would read them from the screen."""

        def exact(number):
            return Decimal(str(line.currency_id.round(number)))

        payments = [
            (partial.credit_move_id.date, exact(partial.debit_amount_currency))
            for partial in line.matched_credit_ids
        ]
        return line.date_maturity, exact(line.amount_currency), [p for p in payments if p[1]]
