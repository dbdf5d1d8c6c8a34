from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_interim import InterimCommon


@tagged("post_install", "-at_install")
class TestInterimWayBack(InterimCommon):
    """Deleted, cancelled, credited, replaced: what is free again, and what cannot come back."""

    def test_a_deleted_draft_frees_its_milestone(self):
        plan = self.plan()
        first = plan.milestone_ids[0]
        first._invoice().unlink()
        first.invalidate_recordset()
        self.assertFalse(first.is_billed)
        self.assertTrue(first._invoice())

    def test_a_cancelled_invoice_frees_its_milestone_and_cannot_come_back(self):
        plan = self.plan()
        first = plan.milestone_ids[0]
        old = first._invoice()
        old.action_post()
        old.button_draft()
        old.button_cancel()
        self.assertFalse(first.is_billed)
        new = first._invoice()
        new.action_post()
        old.button_draft()
        with self.assertRaisesRegex(UserError, "invoiced already"):
            old.action_post()
        self.assertEqual(first.invoice_id, new)

    def test_a_credited_invoice_frees_its_milestone(self):
        plan = self.plan()
        invoices = self.bill_all(plan)
        self.assertEqual(plan.state, "done")
        credit = self._reverse_invoice(invoices[0], post=True)
        self.assertEqual(plan.state, "confirmed")
        first = plan.milestone_ids[0]
        self.assertFalse(first.is_billed)
        again = first._invoice()
        again.action_post()
        self.assertEqual(plan.state, "done")
        self.assertEqual(plan.amount_invoiced, 1000.0)
        self.assertEqual(again.billing_interim_figures["before"][0], 700.0)
        with self.assertRaisesRegex(UserError, "invoiced anew by"):
            credit.button_draft()
        self.assertEqual(credit.state, "posted", "else the contract would be billed twice")
        again.button_draft()
        again.button_cancel()
        credit.button_draft()
        self.assertEqual(plan.amount_invoiced, 1000.0)

    def test_an_invoice_that_is_a_draft_again_opens_the_contract(self):
        plan = self.plan()
        invoices = self.bill_all(plan)
        self.assertEqual(plan.state, "done")
        invoices[0].button_draft()
        self.assertEqual(plan.state, "confirmed")
        invoices[0].action_post()
        self.assertEqual(plan.state, "done")

    def test_a_partial_credit_shows(self):
        plan = self.plan()
        invoices = self.bill_all(plan)
        credit = self._reverse_invoice(invoices[0])
        credit.invoice_line_ids.filtered("price_unit").price_unit = 100.0
        credit.action_post()
        first = plan.milestone_ids[0]
        self.assertEqual(first.state, "invoiced")
        self.assertEqual(first.amount_credited, 120.0)
        self.assertEqual(plan.amount_credited, 100.0)
        self.assertEqual(plan.amount_remaining, 100.0)

    def test_reverse_and_create_hands_the_milestone_over(self):
        plan = self.plan()
        first = plan.milestone_ids[0]
        old = first._invoice()
        old.action_post()
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=old.ids)
            .create({"journal_id": old.journal_id.id})
        )
        wizard.modify_moves()
        new = wizard.new_move_ids
        self.assertEqual(first.invoice_id, new)
        self.assertEqual(new.billing_type, "interim")
        with self.assertRaisesRegex(UserError, "invoiced already"):
            first.action_invoice()
        new.action_post()
        self.assertEqual(new.amount_total, old.amount_total)

    def test_cancel_and_delete_a_plan(self):
        plan = self.plan()
        invoice = plan.milestone_ids[0]._invoice()
        with self.assertRaisesRegex(UserError, "is invoiced by"):
            plan.action_cancel()
        invoice.unlink()
        plan.invalidate_recordset()
        plan.milestone_ids.invalidate_recordset()
        plan.action_cancel()
        plan.action_draft()
        self.assertFalse(plan.line_ids.amounts)
        copy = plan.copy()
        self.assertEqual(len(copy.milestone_ids), 2)
        self.assertEqual(copy.state, "draft")
        plan.unlink()
        copy.action_confirm()
        with self.assertRaisesRegex(UserError, "Cancel"):
            copy.unlink()
