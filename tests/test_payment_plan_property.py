import random

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from odoo.tests import tagged

from .common_payment_plan import PaymentPlanCommon

cents = st.integers(1, 99_999).map(lambda value: value / 100)


@tagged("post_install", "-at_install")
class TestPaymentPlanProperty(PaymentPlanCommon):
    """Whatever is agreed and paid: the rows of each item add up to the ledger, to the cent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.currency = cls.setup_other_currency("EUR", rates=[("2016-01-01", 3.7)])

    @settings(
        max_examples=8,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        amounts=st.lists(cents, min_size=1, max_size=4),
        count=st.integers(1, 7),
        payments=st.lists(st.tuples(cents, st.integers(-9, 0)), max_size=4),
        credit=st.one_of(st.none(), cents),
        agreed=st.integers(-9, 0),
        is_foreign=st.booleans(),
        seed=st.integers(0, 2**16),
    )
    def test_rows_add_up_to_the_ledger(
        self, amounts, count, payments, credit, agreed, is_foreign, seed
    ):
        rng = random.Random(seed)
        with self.env.cr.savepoint() as savepoint:
            currency = self.currency if is_foreign else self.company.currency_id
            invoices = self.env["account.move"]
            for number, amount in enumerate(amounts):
                invoices |= self.bill(amount=amount, due=-30 + number, currency_id=currency.id)
            schedule = self.env["billing.payment.plan"]._get_schedule(
                currency,
                sum(invoices.mapped("amount_residual")),
                first=self.day(1),
                interval="week",
                count=min(count, int(min(amounts) * 100)),
            )
            plan = self.agree(
                invoices, [((date - self.today).days, amount) for date, amount in schedule]
            )
            plan.sudo().date_start = self.day(agreed)
            for amount, day in payments:
                invoice = rng.choice(invoices)
                if invoice.amount_residual:
                    self.pay(invoice, amount=amount, on=day)
            if credit:
                self.credit(rng.choice(invoices), credit)
            for as_of in (None, 0, -1, rng.randint(-12, 0)):
                self.check(invoices.line_ids, as_of)
            savepoint.rollback()
            self.env.invalidate_all()

    def credit(self, invoice, amount):
        credit_note = self._create_invoice_one_line(
            price_unit=amount,
            tax_ids=[],
            move_type="out_refund",
            currency_id=invoice.currency_id.id,
            post=True,
        )
        lines = (invoice | credit_note).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        )
        if len(lines) == 2:
            lines.reconcile()

    def check(self, lines, as_of):
        lines = lines.filtered(lambda line: line.account_type == "asset_receivable")
        rows = self.rows(as_of)
        self.assertEqual(len(set(rows.ids)), len(rows))
        for line in lines:
            mine = rows.filtered(lambda row, line=line: row.line_id == line)
            expected = self.ledger(line, as_of)
            for fname, amount, currency in zip(
                ("residual", "residual_currency"),
                expected,
                (self.company.currency_id, line.currency_id),
                strict=True,
            ):
                total = sum(mine.mapped(fname))
                self.assertAlmostEqual(total, amount, 6, f"{line} {fname} as of {as_of}")
                for row in mine:
                    self.assertAlmostEqual(row[fname], currency.round(row[fname]), 6)
            if expected[1] > 0:
                self.assertTrue(all(row.residual_currency > 0 for row in mine))

    def ledger(self, line, as_of):
        """Recompute what was open from Odoo's records, one by one."""
        residual, in_currency = line.amount_residual, line.amount_residual_currency
        if as_of is None:
            return residual, in_currency
        for partial in line.matched_credit_ids:
            if partial.max_date > self.day(as_of):
                residual += partial.amount
                in_currency += partial.debit_amount_currency
        for partial in line.matched_debit_ids:
            if partial.max_date > self.day(as_of):
                residual -= partial.amount
                in_currency -= partial.credit_amount_currency
        return residual, in_currency
