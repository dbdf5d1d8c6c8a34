from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestDebitNote(BillingCommon):
    """A debit note has a reason, and points at the first original."""

    def wizard(self, moves, reason="More hours", **values):
        return (
            self.env["account.debit.note"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create({"reason": reason, **values})
        )

    def debit(self, move, post=True, **values):
        action = self.wizard(move, copy_lines=True, **values).create_debit()
        debit_note = self.env["account.move"].browse(action["res_id"])
        if post:
            debit_note.action_post()
        return debit_note

    def test_several_linked_both_ways(self):
        invoice = self.bill(amount=100.0)
        first, second = self.debit(invoice), self.debit(invoice, reason="Travel")
        self.assertEqual(invoice.debit_note_ids, first | second)
        self.assertEqual(invoice.debit_note_count, 2)
        self.assertEqual(second.billing_type, "debit")
        self.assertEqual(second.billing_reason, "Travel")
        self.assertEqual(second.action_billing_view_original()["res_id"], invoice.id)
        self.assertEqual(first.amount_total, 100.0)

    def test_a_debit_note_of_a_debit_note_points_at_the_first_original(self):
        invoice = self.bill(amount=100.0)
        first = self.debit(invoice)
        first.button_draft()
        first.invoice_line_ids.price_unit = 7.0
        first.action_post()
        second = self.debit(first)
        self.assertEqual(second.debit_origin_id, invoice)
        self.assertEqual(second.amount_total, 7.0, "the lines of the note it was made from")
        self.assertEqual(second.ref, f"{invoice.name}, More hours")
        # old data may have chains
        second.debit_origin_id = first
        third = self.debit(second)
        self.assertEqual(third.debit_origin_id, invoice)
        self.assertEqual(self.debit(third).debit_origin_id, invoice)

    def test_a_debit_note_of_a_credit_note(self):
        credit_note = self._reverse_invoice(self.bill(amount=100.0), post=True)
        debit_note = self.debit(credit_note)
        self.assertEqual(debit_note.debit_origin_id, credit_note)
        self.assertEqual((debit_note.move_type, debit_note.billing_type), ("out_invoice", "debit"))

    def test_the_reason_is_required_for_customers(self):
        invoice = self.bill()
        for reason in (False, "", "  "):
            with self.assertRaises(UserError):
                self.wizard(invoice, reason=reason).create_debit()
        self.assertFalse(invoice.debit_note_ids, "nothing half-made")

    def test_vendor_bills_keep_odoos_behavior(self):
        bill = self._create_invoice_one_line(
            price_unit=10.0, move_type="in_invoice", partner_id=self.partner_a.id, post=True
        )
        debit_note = self.debit(bill, post=False, reason=False)
        self.assertEqual(debit_note.debit_origin_id, bill)
        self.assertFalse(debit_note.billing_type)
        debit_note.write({"invoice_date": self.today})
        debit_note.action_post()
        with self.assertRaises(UserError):
            self.wizard(debit_note)

    def test_a_draft_cannot_be_debited(self):
        invoice = self.bill()
        draft = self.debit(invoice, post=False)
        with self.assertRaises(UserError):
            self.wizard(draft)
        posted = self.debit(invoice)
        invoice.button_draft()
        with self.assertRaises(UserError):
            self.wizard(posted)

    def test_cancel_and_delete(self):
        invoice = self.bill()
        debit_note, draft = self.debit(invoice), self.debit(invoice, post=False)
        draft.unlink()
        self.assertEqual(invoice.debit_note_ids, debit_note)
        duplicate = debit_note.copy()
        self.assertEqual(duplicate.billing_type, "standard")
        self.assertFalse(duplicate.debit_origin_id)
        self.assertFalse(duplicate.billing_reason)
        credit_note = self._reverse_invoice(debit_note, reason="Wrong", post=True)
        self.assertEqual((credit_note.billing_type, debit_note.payment_state),
                         ("credit", "reversed"))  # fmt: skip
