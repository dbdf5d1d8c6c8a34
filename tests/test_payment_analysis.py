from dateutil.relativedelta import relativedelta
from odoo.tests import tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestPaymentAnalysis(BillingCommon):
    """What was really paid, and how late: in sums that the ledger proves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.model = cls.env["billing.payment.analysis"]

    def by(self, groupby, *aggregates, domain=()):
        rows = self.model._read_group(
            [("company_id", "=", self.company.id), *domain], groupby, aggregates
        )
        return {row[: len(groupby)]: row[len(groupby) :] for row in rows}

    def figure(self, aggregate, domain=()):
        return self.by([], aggregate, domain=domain)[()][0]

    def credit(self, invoice, amount):
        note = self._create_invoice_one_line(
            price_unit=amount, tax_ids=[], move_type="out_refund", post=True,
            partner_id=invoice.partner_id.id, invoice_date=self.day(0),
        )  # fmt: skip
        self.match(invoice, note)
        return note

    def match(self, *moves):
        lines = self.env["account.move"].union(*moves).line_ids
        lines.filtered(lambda line: line.account_type == "asset_receivable").reconcile()

    def test_paid_is_what_the_payments_were_reconciled_with(self):
        whole, part = self.bill(100.0), self.bill(200.0, partner=self.partner_b)
        self.pay(whole)
        self.pay(part, 33.33, on=-2)
        self.pay(part, 66.67, on=-1)
        self.bill(50.0)
        partials = self.env["account.partial.reconcile"].search(
            [("company_id", "=", self.company.id), ("credit_move_id.payment_id", "!=", False)]
        )
        self.assertAlmostEqual(self.figure("paid:sum"), sum(partials.mapped("amount")), 2)
        self.assertEqual(
            self.by(["move_id"], "paid:sum", "__count"),
            {(whole,): (100.0, 1), (part,): (100.0, 2)},
        )

    def test_a_credit_note_is_no_payment(self):
        invoice = self.bill(100.0)
        self.credit(invoice, 30.0)
        self.assertFalse(self.model.search([("company_id", "=", self.company.id)]))
        self.pay(invoice)
        self.assertEqual(self.figure("paid:sum"), 70.0)

    def test_what_was_paid_back_is_deducted(self):
        invoice = self.bill(100.0, due=-20)
        self.pay(invoice, on=-10)
        note = self._create_invoice_one_line(
            price_unit=40.0, tax_ids=[], move_type="out_refund", post=True,
            partner_id=self.partner_a.id, invoice_date=self.day(-5),
        )  # fmt: skip
        self.pay(note)
        self.assertEqual(self.figure("paid:sum"), 60.0)
        self.assertEqual(
            self.figure("days_late:avg"), 10.0, "paying back is neither late nor early"
        )

    def test_an_entry_that_moves_no_money_is_no_payment(self):
        invoice = self.bill(100.0)
        entry = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "line_ids": [
                    (0, 0, {
                        "account_id": self.company_data["default_account_receivable"].id,
                        "partner_id": self.partner_a.id,
                        "credit": 100.0,
                    }),
                    (0, 0, {
                        "account_id": self.company_data["default_account_expense"].id,
                        "debit": 100.0,
                    }),
                ],
            }
        )  # fmt: skip
        entry.action_post()
        self.match(invoice, entry)
        self.assertEqual(invoice.payment_state, "paid", "to Odoo it is settled")
        self.assertFalse(self.model.search([("move_id", "=", invoice.id)]))

    def test_a_bank_statement_is_a_payment(self):
        invoice = self.bill(100.0, due=-10)
        statement = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": self.day(-3),
                "payment_ref": "Transfer",
                "partner_id": self.partner_a.id,
                "amount": 100.0,
            }
        )
        _liquidity, suspense, _other = statement._seek_for_lines()
        suspense.account_id = self.company_data["default_account_receivable"]
        self.match(invoice, statement.move_id)
        self.assertEqual(self.by(["move_id"], "paid:sum", "days_late:avg"), {(invoice,): (100, 7)})

    def test_a_difference_written_off_was_not_paid(self):
        invoice = self.bill(100.0)
        self._register_payment(
            invoice,
            amount=95.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self.figure("paid:sum"), 95.0)

    def test_paid_revenue_is_without_tax(self):
        tax = self.company_data["default_tax_sale"]
        invoice = self._create_invoice_one_line(
            price_unit=333.33, tax_ids=tax, partner_id=self.partner_a.id, post=True
        )
        self.pay(invoice, 100.01)
        self.pay(invoice)
        self.assertAlmostEqual(self.figure("paid:sum"), invoice.amount_total, 6)
        self.assertAlmostEqual(self.figure("paid_revenue:sum"), invoice.amount_untaxed, 6)
        sold = self.env["billing.sales.analysis"].search([("move_id", "=", invoice.id)])
        self.assertAlmostEqual(self.figure("paid_revenue:sum"), sold.revenue, 6)

    def test_a_foreign_invoice_counts_at_its_own_rate(self):
        euro = self.setup_other_currency(
            "EUR", rates=[("1900-01-01", 2.0), (str(self.day(-5)), 4.0)]
        )
        invoice = self.bill(400.0, due=20, currency_id=euro.id)
        self.assertEqual(invoice.amount_total_signed, 200.0)
        self.pay(invoice, 100.0, on=-10)
        self.assertEqual(self.figure("paid:sum"), 50.0)
        self.pay(invoice, 300.0)
        self.assertTrue(invoice.line_ids.matched_credit_ids.exchange_move_id, "the rate has moved")
        self.assertEqual(self.by([], "paid:sum", "__count"), {(): (200.0, 2)}, "not the difference")

    def test_days_late_are_weighted_by_the_amounts(self):
        self.pay(self.bill(900.0, due=-40), on=-30)
        self.pay(self.bill(100.0, due=-10), on=-30)
        self.assertEqual(self.figure("days_late:avg"), (900 * 10 - 100 * 20) / 1000)
        self.assertEqual(self.figure("on_time_rate:avg"), 10.0)
        self.assertEqual(self.by(["lateness"], "paid:sum"), {("0",): (100.0,), ("2",): (900.0,)})

    def test_each_installment_is_late_by_itself(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Halves",
                "line_ids": [
                    (5,),
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": 10}),
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": 40}),
                ],
            }
        )
        invoice = self.bill(100.0, invoice_date=self.day(-60), invoice_payment_term_id=term.id)
        self.pay(invoice, on=-15)
        rows = self.model.search([("move_id", "=", invoice.id)], order="date_maturity")
        self.assertEqual(rows.mapped("days_late"), [35.0, 5.0])
        self.assertEqual(rows.mapped("paid"), [50.0, 50.0])

    def test_slipping_and_improving(self):
        months = relativedelta(months=1)
        for partner, before, now in ((self.partner_a, 5, 25), (self.partner_b, 30, 0)):
            for back, late in ((9, before), (3, now)):
                paid = (self.today - back * months - self.today).days
                self.pay(self.bill(100.0, due=paid - late, partner=partner), on=paid)
        names = ("days_late_before:avg", "days_late_now:avg", "days_late_change:avg")
        self.assertEqual(
            self.by(["partner_id"], *names),
            {(self.partner_a,): (5.0, 25.0, 20.0), (self.partner_b,): (30.0, 0.0, -30.0)},
        )

    def test_half_years_end_today(self):
        edges = [relativedelta(months=6), relativedelta(months=12)]
        found = {}
        for edge in edges:
            for shift in (0, 1):
                on = (self.today - edge - self.today).days + shift
                invoice = self.bill(10.0, due=on)
                self.pay(invoice, on=on)
                found[edge.months or edge.years * 12, shift] = self.model.search(
                    [("move_id", "=", invoice.id)]
                ).period
        self.assertEqual(
            found, {(6, 0): "before", (6, 1): "now", (1 * 12, 0): "earlier", (12, 1): "before"}
        )

    def test_who_paid_in_one_half_year_only_has_no_change(self):
        self.pay(self.bill(100.0, due=-30), on=0)
        self.assertEqual(self.figure("days_late_now:avg"), 30.0)
        self.assertIs(self.figure("days_late_change:avg"), False)

    def test_money_on_account_that_settles_nothing_is_not_counted(self):
        self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_id": self.partner_a.id,
                "amount": 70.0,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        ).action_post()
        self.assertFalse(self.model.search([("company_id", "=", self.company.id)]))

    def test_the_grade_is_that_of_the_customer(self):
        self.pay(self.bill(100.0, due=-10), on=-10)
        self.env["billing.score"]._refresh(self.company)
        score = self.env["billing.score"].search([("partner_id", "=", self.partner_a.id)])
        self.assertEqual(list(self.by(["grade"], "__count")), [(score.grade,)])
