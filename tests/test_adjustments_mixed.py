from ast import literal_eval

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import BillingCommon


class MixedCommon(BillingCommon):
    @classmethod
    def mixed(cls, *amounts, post=False, taxes=None, **values):
        """Make a mixed document; a negative amount is a credit."""
        document = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.partner_a.id,
                "invoice_date": cls.today,
                "billing_type": "mixed",
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": f"Line {amount}",
                            "price_unit": amount,
                            "quantity": 1,
                            "tax_ids": [Command.set(taxes.ids if taxes else [])],
                        }
                    )
                    for amount in amounts
                ],
                **values,
            }
        )
        if post:
            document.action_post()
        return document


@tagged("post_install", "-at_install")
class TestMixed(MixedCommon):
    """One document with charges and credits."""

    def receivable(self, document):
        lines = document.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        return sum(lines.mapped("amount_residual_currency"))

    def test_net_positive_is_an_invoice(self):
        document = self.mixed(100.0, -30.0, post=True)
        self.assertEqual((document.move_type, document.billing_type), ("out_invoice", "mixed"))
        self.assertEqual((document.amount_total, self.receivable(document)), (70.0, 70.0))

    def test_net_negative_becomes_a_credit_note_by_itself(self):
        document = self.mixed(100.0, -130.0, taxes=self.tax_sale_a)
        self.assertIn("credit note", document.alerts["billing_mixed"]["message"])
        document.action_post()
        self.assertEqual((document.move_type, document.billing_type), ("out_refund", "mixed"))
        self.assertEqual(document.state, "posted")
        self.assertTrue(document.name.startswith("RINV"), document.name)
        self.assertAlmostEqual(document.amount_total, 34.5)
        self.assertAlmostEqual(self.receivable(document), -34.5)
        self.assertAlmostEqual(document.amount_untaxed_signed, -30.0)
        printed = document._get_billing_printed_blocks(document._get_move_lines_to_report())
        self.assertEqual([block["total"] for block in printed], [100.0, -130.0])

    def test_net_zero_settles_itself(self):
        document = self.mixed(100.0, -60.0, -40.0, taxes=self.tax_sale_a)
        self.assertIn("nothing is due", document.alerts["billing_mixed"]["message"])
        document.action_post()
        self.assertEqual(document.payment_state, "paid")
        self.assertEqual(self.receivable(document), 0.0)
        self.assertFalse(self.env["billing.receivable"].search([("move_id", "=", document.id)]))

    def test_only_charges_or_only_credits(self):
        self.assertEqual(self.mixed(10.0, post=True).move_type, "out_invoice")
        document = self.mixed(-10.0, post=True)
        self.assertEqual((document.move_type, document.amount_total), ("out_refund", 10.0))

    def test_a_credit_note_whose_charges_are_more_becomes_an_invoice(self):
        document = self.mixed(10.0, -30.0, move_type="out_refund")
        self.assertIn("an invoice", document.alerts["billing_mixed"]["message"])
        document.action_post()
        self.assertEqual((document.move_type, document.amount_total), ("out_invoice", 20.0))
        self.assertEqual(document.billing_type, "mixed")

    def test_a_confirmed_document_that_changes_its_sign_is_refused(self):
        document = self.mixed(100.0, -30.0, post=True)
        document.button_draft()
        document.invoice_line_ids[0].price_unit = 10.0
        with self.assertRaisesRegex(UserError, "changed its sign"):
            document.action_post()
        document.button_cancel()
        duplicate = document.copy()
        self.assertEqual(duplicate.billing_type, "mixed")
        duplicate.action_post()
        self.assertEqual((duplicate.move_type, duplicate.amount_total), ("out_refund", 20.0))

    def test_a_credit_note_goes_back_to_draft_and_out_again(self):
        document = self.mixed(10.0, -30.0, post=True)
        document.button_draft()
        document.action_post()
        self.assertEqual((document.move_type, document.amount_total), ("out_refund", 20.0))

    def test_a_duplicate_stays_mixed(self):
        document = self.mixed(10.0, -30.0, post=True)
        duplicate = document.copy()
        self.assertEqual((duplicate.move_type, duplicate.billing_type), ("out_refund", "mixed"))
        duplicate.action_post()
        self.assertEqual(duplicate.amount_total_signed, -20.0)

    def test_reversal_and_debit_note(self):
        document = self.mixed(100.0, -30.0, post=True)
        credit_note = self._reverse_invoice(document, post=True)
        self.assertEqual((credit_note.billing_type, document.payment_state),
                         ("credit", "reversed"))  # fmt: skip
        debit_note = self._create_debit_note(document, reason="More")
        self.assertEqual(debit_note.billing_type, "debit")

    def test_other_types_keep_odoos_rule(self):
        draft = self._create_invoice_one_line(price_unit=-10.0, tax_ids=[])
        with self.assertRaises(UserError):
            draft.action_post()

    def test_the_named_invoices_show_the_adjustment(self):
        first, second = self.bill(amount=100.0), self.bill(amount=100.0)
        document = self.mixed(10.0, -30.0, -5.0, taxes=self.tax_sale_a)
        lines = document.invoice_line_ids
        lines[0].billing_adjusted_move_id = first
        lines[1:].billing_adjusted_move_id = second
        self.assertEqual(second.billing_adjustment_count, 0, "a draft does not count")
        document.action_post()
        (first | second).invalidate_recordset()
        self.assertEqual((first.billing_adjustment_count, first.billing_adjustment_amount),
                         (1, 11.5))  # fmt: skip
        self.assertEqual((second.billing_adjustment_count, second.billing_adjustment_amount),
                         (2, -40.25))  # fmt: skip
        self.assertEqual(document.billing_adjusted_move_count, 2)
        action = second.action_billing_view_adjustments()
        self.assertEqual(self.env["account.move.line"].search(action["domain"]), lines[1:])
        # opened alone, the same action shows what adjusts any invoice, and nothing else
        alone = self.env.ref("billing_crm.action_billing_adjustments")
        found = self.env["account.move.line"].search(literal_eval(alone.domain))
        self.assertEqual(found & lines, lines)
        self.assertEqual(found.filtered("billing_adjusted_move_id"), found)
        domain = document.action_billing_view_adjusted_moves()["domain"]
        self.assertEqual(self.env["account.move"].search(domain), first | second)
        # a credit note to it takes the adjustment back
        document.button_draft()
        document.button_cancel()
        second.invalidate_recordset()
        self.assertEqual(second.billing_adjustment_count, 0, "cancelled")

    def test_a_credit_note_takes_the_adjustment_back(self):
        invoice = self.bill(amount=100.0)
        document = self.mixed(50.0, -30.0)
        document.invoice_line_ids[1].billing_adjusted_move_id = invoice
        document.action_post()
        self._reverse_invoice(document, post=True)
        self.assertEqual(invoice.billing_adjustment_amount, 0.0)
        self.assertEqual(invoice.billing_adjustment_count, 2)

    def test_only_fitting_invoices_can_be_named(self):
        currency = self.setup_other_currency("EUR")
        foreign = self.other_company_invoice()
        foreign.action_post()
        document = self.mixed(10.0, -30.0)
        line = document.invoice_line_ids[0]
        for wrong in (
            self.bill(partner=self.partner_b),
            self.bill(currency_id=currency.id),
            self._create_invoice_one_line(price_unit=1.0, partner_id=self.partner_a.id),
            self._create_invoice_one_line(
                price_unit=1.0, partner_id=self.partner_a.id, move_type="in_invoice", post=True
            ),
            foreign,
            document,
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                line.billing_adjusted_move_id = wrong
                self.env.flush_all()
        line.billing_adjusted_move_id = self.bill()
        with self.assertRaises(ValidationError):
            document.partner_id = self.partner_b

    def test_the_form_forgets_invoices_of_another_customer(self):
        document = self.mixed(10.0, -30.0)
        document.invoice_line_ids[0].billing_adjusted_move_id = self.bill()
        with Form(document) as form:
            form.partner_id = self.partner_b
        self.assertFalse(document.invoice_line_ids.billing_adjusted_move_id)

    def test_a_locked_period(self):
        self.company.sale_lock_date = self.day(-10)
        document = self.mixed(10.0, -30.0, invoice_date=self.day(-20), date=self.day(-20))
        document.action_post()
        self.assertGreater(document.date, self.day(-10), "moved on, as Odoo does")
        self.assertEqual(document.move_type, "out_refund")

    def test_nothing_stays_open_where_conversion_leaves_a_cent(self):
        """1 + 1 - 2 yen are nothing; in dollars each is rounded by itself."""
        yen = self.setup_other_currency("JPY", rounding=1.0, rates=[("2020-01-01", 133.7)])
        document = self.mixed(1, 1, -2, currency_id=yen.id, post=True)
        self.assertEqual((document.amount_total, document.payment_state), (0.0, "paid"))
        receivable = document.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        self.assertTrue(receivable.balance, "there is a cent")
        self.assertTrue(receivable.reconciled)
        open_items = self.env["billing.receivable"].search([("partner_id", "=", self.partner_a.id)])
        self.assertFalse(open_items)
