from odoo.tests import tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestBillingType(BillingCommon):
    def test_an_invoice_is_standard(self):
        self.assertEqual(self.bill().billing_type, "standard")

    def test_a_credit_note_made_by_odoos_wizard_is_a_credit(self):
        credit_note = self._reverse_invoice(self.bill(), reason="Returned")
        self.assertEqual(credit_note.billing_type, "credit")

    def test_a_debit_note_made_by_odoos_wizard_is_a_debit(self):
        invoice = self.bill()
        debit_note = self._create_debit_note(invoice, post=True, reason="More hours")
        self.assertEqual(debit_note.billing_type, "debit")
        self.assertEqual(invoice.billing_type, "standard", "the original stays what it was")

    def test_a_duplicate_of_a_debit_note_is_standard(self):
        duplicate = self._create_debit_note(self.bill(), reason="More").copy()
        self.assertEqual(duplicate.billing_type, "standard")

    def test_a_draft_switched_to_a_credit_note_changes_its_type(self):
        draft = self._create_invoice_one_line(price_unit=-50.0, tax_ids=[])
        draft.action_switch_move_type()
        self.assertEqual((draft.move_type, draft.billing_type), ("out_refund", "credit"))

    def test_vendor_bills_and_entries_have_no_type(self):
        bill = self._create_invoice_one_line(price_unit=10.0, move_type="in_invoice")
        self.assertFalse(bill.billing_type)
        payment = self.pay(self.bill())
        self.assertFalse(payment.move_id.billing_type)

    def test_search_and_group_by_type(self):
        invoice = self.bill()
        credit_note = self._reverse_invoice(invoice)
        moves = invoice | credit_note
        domain = [("id", "in", moves.ids)]
        found = self.env["account.move"].search([*domain, ("billing_type", "=", "credit")])
        self.assertEqual(found, credit_note)
        groups = self.env["account.move"]._read_group(domain, ["billing_type"], ["__count"])
        self.assertEqual(dict(groups), {"standard": 1, "credit": 1})

    def test_a_chosen_type_stays_when_a_draft_becomes_a_receipt(self):
        draft = self._create_invoice_one_line(price_unit=50.0, billing_type="recurring")
        draft.move_type = "out_receipt"
        self.assertEqual(draft.billing_type, "recurring")
