from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common_charge import ChargeCommon


@tagged("post_install", "-at_install")
class TestLateChargeUndo(ChargeCommon):
    """Waived, reversed, cancelled: what was taken back is taken back once, to the cent."""

    def waive(self, charges, amount=None, reason="Good customer"):
        wizard = Form(
            self.env["billing.late.charge.waive"].with_context(
                active_model="billing.late.charge", active_ids=charges.ids
            )
        )
        wizard.reason = reason
        if amount is not None:
            wizard.amount = amount
        wizard.save().action_apply()

    def interest(self, charges):
        return charges.filtered(lambda charge: charge.kind == "interest")

    def test_a_proposal_is_waived_for_good(self):
        invoice = self.bill(amount=3650.0, due=-20)
        self.waive(self.propose(invoice))
        self.assertEqual(
            self.charges(invoice), [("fee", "waived", 40.0), ("interest", "waived", 20.0)]
        )
        self.assertFalse(self.propose(invoice))
        with self.on_day(3):
            self.assertEqual(self.propose(invoice).amount, 3.0)

    def test_a_part_is_waived(self):
        invoice = self.bill(amount=3650.0, due=-20)
        proposals = self.propose(invoice)
        self.waive(self.interest(proposals), amount=5.0)
        self.assertEqual(
            self.charges(invoice),
            [
                ("fee", "proposed", 40.0),
                ("interest", "proposed", 15.0),
                ("interest", "waived", 5.0),
            ],
        )
        proposals.action_approve()
        self.assertEqual(proposals.move_id.amount_total, 55.0)
        annex = self.interest(proposals)._get_annex()
        self.assertIn("5.00", annex["waived"])
        self.assertIn("15.00", annex["charged"])

    def test_waiving_needs_a_reason_and_a_sensible_amount(self):
        charge = self.interest(self.propose(self.bill(amount=3650.0, due=-20)))
        for amount, reason in ((0.0, "Why"), (20.01, "Why"), (-1.0, "Why"), (1.0, "  ")):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.waive(charge, amount=amount, reason=reason)
        self.assertEqual(charge.state, "proposed")

    def test_what_was_charged_is_waived_with_a_credit_note(self):
        tax = self.tax(19)
        self.policy.write(
            {
                "is_taxed": True,
                "product_id": self.env["product.product"]
                .create({"name": "Late fees", "type": "service", "taxes_id": tax.ids})
                .id,
            }
        )
        invoice = self.bill(amount=3650.0, due=-20)
        note = self.charge(invoice)
        self.assertEqual(note.amount_total, 71.4)
        charge = self.interest(invoice.billing_late_charge_ids)
        for amount in (3.33, 3.33, 3.33):
            self.waive(charge, amount=amount)
        credits = note.reversal_move_ids
        self.assertEqual(len(credits), 3)
        self.assertEqual(set(credits.mapped("state")), {"posted"})
        self.assertEqual(charge.amount, 10.01)
        self.waive(charge)
        self.waive(invoice.billing_late_charge_ids.filtered(lambda one: one.kind == "fee"))
        self.assertEqual(note.amount_residual, 0.0, "to the cent, taxes too")
        self.assertAlmostEqual(sum(note.reversal_move_ids.mapped("amount_tax")), note.amount_tax)
        self.assertFalse(self.propose(invoice))

    def test_a_payment_in_time_reverses_in_one_click(self):
        invoice = self.bill(amount=3650.0, due=-20)
        note = self.charge(invoice)
        charges = invoice.billing_late_charge_ids
        self.assertFalse(any(charges.mapped("is_excessive")))
        self.pay(invoice, on=-20)
        self.env.invalidate_all()
        self.assertEqual(sum(charges.mapped("excess")), 60.0)
        self.assertEqual(
            self.env["billing.late.charge"].search([("is_excessive", "=", True)]), charges
        )
        action = note.action_billing_reverse_late_charges()
        credit = self.env["account.move"].browse(action["res_id"])
        self.assertEqual((credit.state, credit.reversed_entry_id), ("posted", note))
        self.assertEqual((note.amount_residual, credit.amount_residual), (0.0, 0.0))
        self.assertEqual(set(charges.mapped("state")), {"reversed"})
        self.assertFalse(self.propose(invoice))
        self.assertFalse(self.env["billing.late.charge"].search([("is_excessive", "=", True)]))

    def test_what_is_still_justified_is_proposed_after_a_reversal(self):
        invoice = self.bill(amount=3650.0, due=-20)
        note = self.charge(invoice)
        self.pay(invoice, on=-15)
        self.assertEqual(
            {charge.kind: charge.excess for charge in invoice.billing_late_charge_ids},
            {"fee": 0.0, "interest": 15.0},
        )
        note.action_billing_reverse_late_charges()
        self.assertEqual(
            self.charges(invoice),
            [
                ("fee", "proposed", 40.0),
                ("fee", "reversed", 40.0),
                ("interest", "proposed", 5.0),
                ("interest", "reversed", 20.0),
            ],
        )

    def test_a_reversal_takes_back_what_a_waiver_left(self):
        invoice = self.bill(amount=3650.0, due=-20)
        note = self.charge(invoice)
        self.waive(self.interest(invoice.billing_late_charge_ids), amount=7.0)
        self.pay(invoice, on=-20)
        note.action_billing_reverse_late_charges()
        self.assertEqual(note.amount_residual, 0.0)
        self.assertEqual(sum(note.reversal_move_ids.mapped("amount_total")), 60.0)

    def test_a_paid_debit_note_is_reversed_into_a_credit(self):
        invoice = self.bill(amount=3650.0, due=-20)
        note = self.charge(invoice)
        self.pay(note)
        note.action_billing_reverse_late_charges()
        self.assertEqual(note.reversal_move_ids.amount_residual, 60.0)

    def test_a_missing_rate_does_not_stop_a_reversal(self):
        invoice = self.bill(amount=3650.0, due=-20)
        note = self.charge(invoice)
        reference = self.env["billing.interest.reference"].create({"name": "Unknown"})
        self.policy.reference_id = reference
        note.action_billing_reverse_late_charges()
        self.assertEqual(note.amount_residual, 0.0)
        self.assertEqual(set(invoice.billing_late_charge_ids.mapped("state")), {"reversed"})

    def test_a_closed_period_keeps_it_charged(self):
        note = self.charge(self.bill(amount=3650.0, due=-20))
        self.company.fiscalyear_lock_date = self.day(1)
        with self.assertRaisesRegex(UserError, "closed"), self.env.cr.savepoint():
            note.action_billing_reverse_late_charges()
        self.assertFalse(note.reversal_move_ids)
        self.assertTrue(note.billing_has_late_charges)

    def test_a_cancelled_debit_note_gives_the_charge_back(self):
        invoice = self.bill(amount=3650.0, due=-20)
        note = self.charge(invoice)
        note.button_draft()
        self.assertFalse(self.propose(invoice), "a draft still holds it")
        note.button_cancel()
        proposals = self.propose(invoice)
        self.assertEqual(len(proposals), 2)
        note.button_draft()
        note.action_post()
        self.assertEqual(
            set(invoice.billing_late_charge_ids.mapped("state")), {"charged", "proposed"}
        )
        proposals.action_approve()
        self.assertEqual(
            self.charges(invoice), [("fee", "charged", 40.0), ("interest", "charged", 20.0)]
        )

    def test_what_was_taken_back_cannot_come_back_beside_another(self):
        invoice = self.bill(amount=3650.0, due=-20)
        note = self.charge(invoice)
        note.button_draft()
        note.button_cancel()
        self.charge(invoice)
        note.button_draft()
        with self.assertRaisesRegex(UserError, "charged anew"), self.env.cr.savepoint():
            note.action_post()

    def test_a_deleted_debit_note_gives_the_charge_back(self):
        invoice = self.bill(amount=3650.0, due=-20)
        note = self.charge(invoice)
        note.button_draft()
        note.button_cancel()
        note.with_context(force_delete=True).unlink()
        self.assertEqual(set(invoice.billing_late_charge_ids.mapped("state")), {"reversed"})
        self.assertEqual(len(self.propose(invoice)), 2)

    def test_a_credit_note_by_hand_gives_the_charge_back(self):
        invoice = self.bill(amount=3650.0, due=-20)
        note = self.charge(invoice)
        credit = self._reverse_invoice(note, is_modify=False)
        credit.action_post()
        self.assertEqual(set(invoice.billing_late_charge_ids.mapped("state")), {"reversed"})
        credit.button_draft()
        self.assertEqual(set(invoice.billing_late_charge_ids.mapped("state")), {"charged"})
        self.assertEqual(note.amount_residual, 60.0)
