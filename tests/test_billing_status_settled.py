from odoo.fields import Command
from odoo.tests import tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestBillingStatusSettled(BillingCommon):
    """Paid, refunded or written off: what a document was settled with."""

    def settle_by_entry(self, invoice, account, amount):
        """Settle a part of an invoice by a journal entry that debits ``account``."""
        receivable = self.company_data["default_account_receivable"]
        lines = [(account, amount, 0.0), (receivable, 0.0, amount)]
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": self.today,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": line_account.id,
                            "debit": debit,
                            "credit": credit,
                            "partner_id": invoice.partner_id.id,
                        }
                    )
                    for line_account, debit, credit in lines
                ],
            }
        )
        entry.action_post()
        (entry.line_ids | invoice.line_ids).filtered(
            lambda line: line.account_id == receivable and not line.reconciled
        ).reconcile()

    def test_reversed_is_refunded(self):
        invoice = self.bill(due=-5)
        credit_note = self._reverse_invoice(invoice, post=True)
        self.assertEqual(invoice.billing_status, "refunded")
        self.assertEqual(credit_note.billing_status, "paid")

    def test_what_the_bank_has_not_confirmed_is_paid(self):
        self.patch(
            self.env.registry["account.move"],
            "_get_invoice_in_payment_state",
            lambda move: "in_payment",
        )
        invoice = self.bill(due=-10)
        self.pay(invoice)
        self.assertEqual(invoice.payment_state, "in_payment")
        self.assertEqual(invoice.billing_status, "paid")

    def test_what_a_loss_was_booked_for_is_written_off(self):
        expense = self.company_data["default_account_expense"]
        revenue = self.company_data["default_account_revenue"]
        for paid, lost, account, status in (
            (0.0, 100.0, expense, "written_off"),
            (0.0, 100.0, revenue, "written_off"),
            (40.0, 60.0, expense, "written_off"),
            (50.0, 50.0, expense, "written_off"),
            (51.0, 49.0, expense, "paid"),  # a discount granted late
        ):
            invoice = self.bill(due=-100)
            if paid:
                self.pay(invoice, amount=paid)
            self.settle_by_entry(invoice, account, lost)
            self.assertEqual(invoice.payment_state, "paid")
            self.assertEqual(invoice.billing_status, status, (paid, lost))

    def test_what_was_booked_to_the_bank_by_hand_is_paid(self):
        invoice = self.bill(due=-100)
        bank = self.company_data["default_journal_bank"].default_account_id
        self.settle_by_entry(invoice, bank, 100.0)
        self.assertEqual(invoice.billing_status, "paid")

    def test_a_payment_that_lets_a_difference_go_is_a_payment(self):
        invoice = self.bill(due=-100)
        self._register_payment(
            invoice,
            amount=30.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(invoice.billing_status, "paid")

    def test_an_exchange_loss_is_no_write_off(self):
        euro = self.setup_other_currency(
            "EUR", rates=[("2016-01-01", 2.0), (self.day(-20).isoformat(), 8.0)]
        )
        invoice = self.bill(due=0, currency_id=euro.id)
        self.pay(invoice, on=-10)
        self.assertEqual(invoice.billing_status, "paid")
        exchange = invoice.line_ids.matched_credit_ids.exchange_move_id
        self.assertTrue(exchange, "the rate did change")

    def test_a_large_part_in_another_currency_is_measured_in_the_invoices(self):
        euro = self.setup_other_currency("EUR", rates=[("2016-01-01", 4.0)])
        invoice = self.bill(due=0, currency_id=euro.id)  # 100 EUR are 25 of the company's
        self.pay(invoice, amount=60.0)
        self.settle_by_entry(invoice, self.company_data["default_account_expense"], 10.0)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(invoice.billing_status, "paid")
