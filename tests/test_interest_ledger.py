from odoo import fields
from odoo.tests import tagged

from .common_interest import InterestCommon


@tagged("post_install", "-at_install")
class TestInterestLedger(InterestCommon):
    """What became of a debt, as the ledger says it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.late = cls.policy(margin=36.5)  # 0.1 % a day

    def credit(self, invoice, amount, day, **values):
        note = self._create_invoice_one_line(
            price_unit=amount,
            tax_ids=[],
            move_type="out_refund",
            invoice_date=day,
            currency_id=invoice.currency_id.id,
            post=True,
            **values,
        )
        (self.installments(invoice) | self.installments(note)).reconcile()
        return note

    def test_what_is_not_due_or_paid_in_time_costs_nothing(self):
        for day in ("2025-03-31", "2025-03-01"):
            invoice = self.bill_due(1000, "2025-03-31")
            self.pay_on(invoice, day)
            accrual = self.accrue(invoice)
            self.assertEqual((accrual.total, accrual.segments), (0, []))
        accrual = self.accrue(self.bill_due(1000, "2025-03-31"), "2025-03-31")
        self.assertEqual(accrual.total, 0)
        self.assertEqual(self.accrue(self.bill_due(1000, "2025-03-31"), "2025-04-01").interest, 1)

    def test_a_credit_note_counts_from_its_date_and_not_from_when_it_was_matched(self):
        invoice = self.bill_due(1000, "2025-03-31")
        self.credit(invoice, 400, "2025-04-10")
        self.assertEqual(self.accrue(invoice, "2025-04-20").interest, 10 + 6)

    def test_what_was_paid_before_the_invoice_never_bore_interest(self):
        invoice = self.bill_due(1000, "2025-03-31")
        self.credit(invoice, 400, "2024-12-01")
        self.assertEqual(self.accrue(invoice, "2025-04-10").interest, 6)

    def test_a_payment_that_bounces_never_was(self):
        invoice = self.bill_due(1000, "2025-03-31")
        self.pay_on(invoice, "2025-04-05")
        self.assertEqual(self.accrue(invoice, "2025-04-10").interest, 5)
        self.installments(invoice).remove_move_reconcile()
        self.assertEqual(self.accrue(invoice, "2025-04-10").interest, 10)

    def test_the_day_of_payment_may_not_count(self):
        self.late.count_payment_day = False
        invoice = self.bill_due(1000, "2025-03-31")
        self.pay_on(invoice, "2025-04-05")
        self.assertEqual(self.accrue(invoice).interest, 4)

    def test_grace_forgives_all_or_nothing(self):
        self.late.grace_days = 5
        invoice = self.bill_due(1000, "2025-03-31")
        self.assertEqual(self.accrue(invoice, "2025-04-05").total, 0)
        self.assertEqual(self.accrue(invoice, "2025-04-06").interest, 6)
        self.pay_on(invoice, "2025-04-05")
        self.assertEqual(self.accrue(invoice).total, 0)

    def test_a_date_in_the_future_takes_it_to_stay_open(self):
        invoice = self.bill_due(1000, "2025-03-31")
        self.pay_on(invoice, "2025-04-05", 500)
        until = fields.Date.to_string(self.day(100))
        days = (self.day(100) - fields.Date.to_date("2025-04-05")).days
        self.assertAlmostEqual(self.accrue(invoice, until).interest, 5 + days * 0.5)

    def test_a_past_date_knows_nothing_of_later_payments(self):
        invoice = self.bill_due(1000, "2025-03-31")
        self.pay_on(invoice, "2025-04-05")
        self.assertEqual(self.accrue(invoice, "2025-04-03").interest, 3)

    def test_the_currency_is_that_of_the_document(self):
        euro = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        invoice = self.bill_due(1000, "2025-03-31", currency_id=euro.id)
        self.pay_on(invoice, "2025-04-10", 250)
        accrual = self.accrue(invoice, "2025-04-20")
        self.assertEqual((accrual.currency, accrual.interest), (euro, 10 + 7.5))

    def test_a_payment_in_another_currency_counts_in_that_of_the_document(self):
        """What the rate did in between is no payment."""
        euro = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0), ("2025-04-01", 4.0)])
        invoice = self.bill_due(1000, "2025-03-31", currency_id=euro.id)
        self.pay_on(invoice, "2025-04-10", 1000)
        self.assertEqual(self.accrue(invoice, "2025-04-20").interest, 10)

    def test_each_installment_counts_from_its_own_date(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Halves",
                "line_ids": [
                    fields.Command.create({"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (0, 30)
                ],
            }
        )
        invoice = self.bill(amount=1000, invoice_date="2025-03-01", invoice_payment_term_id=term.id)
        lines = self.installments(invoice)
        found = self.env["billing.accrual"]._accrue(lines, until=fields.Date.to_date("2025-04-10"))
        self.assertEqual([found[line.id].interest for line in lines], [20, 5])

    def test_no_interest_on_interest(self):
        invoice = self.bill_due(1000, "2025-03-31")
        invoice.billing_type_id = self.env["billing.invoice.type"]._require_default(
            self.company, "past_due"
        )
        self.assertIsNone(self.accrue(invoice))

    def test_only_posted_invoices_to_customers(self):
        invoice = self.bill_due(1000, "2025-03-31")
        note = self._create_invoice_one_line(
            price_unit=100, tax_ids=[], move_type="out_refund", invoice_date="2025-01-01", post=True
        )
        self.assertIsNone(self.accrue(note))
        line = self.installments(invoice)
        invoice.button_draft()
        self.assertFalse(self.env["billing.accrual"]._accrue(line))

    def test_all_of_a_company_in_one_pass(self):
        late = self.bill_due(1000, "2025-03-31")
        settled = self.bill_due(1000, "2025-03-31")
        in_time = self.bill_due(1000, "2025-03-31")
        self.bill(due=30)
        self.pay_on(settled, "2025-04-02")
        self.pay_on(in_time, "2025-03-02")
        foreign = self.other_company_invoice(due=-100)
        foreign.action_post()
        found = self.env["billing.accrual"]._accrue(companies=self.company)
        lines = self.installments(late) | self.installments(settled)
        self.assertEqual(set(found), set(lines.ids))
        self.assertEqual(found[self.installments(settled).id].interest, 2)

    def test_many_cost_no_more_queries_than_one(self):
        lines = self.env["account.move.line"]
        for number in range(8):
            invoice = self.bill_due(1000 + number, "2025-03-31")
            self.pay_on(invoice, "2025-04-05", 100)
            lines |= self.installments(invoice)
        accruals = self.env["billing.accrual"]
        accruals._accrue(lines[:1])
        counts = []
        for some in (lines[:1], lines):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            accruals._accrue(some)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[1], 20)
