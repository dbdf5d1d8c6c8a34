from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestKeptCredit(BillingCommon):
    """A credit is refunded, set against its invoice, or kept for the next one."""

    def credit(self, invoice, use="keep", post=True, reason="Returned"):
        """Make a credit note to ``invoice`` with Odoo's wizard."""
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create(
                {"reason": reason, "billing_credit_use": use, "journal_id": invoice.journal_id.id}
            )
        )
        credit_note = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        if post:
            credit_note.action_post()
        return credit_note

    def alert(self, invoice):
        invoice.invalidate_recordset(["alerts", "billing_credit_available"])
        return invoice.alerts.get("billing_credit")

    def test_kept_credit_leaves_its_invoice_open(self):
        invoice = self.bill(amount=100.0)
        credit_note = self.credit(invoice)
        self.assertEqual((credit_note.billing_type, credit_note.billing_credit_use),
                         ("credit", "keep"))  # fmt: skip
        self.assertEqual(credit_note.billing_reason, "Returned")
        self.assertEqual((invoice.amount_residual, credit_note.amount_residual), (100.0, 100.0))
        self.assertEqual(invoice.billing_credit_note_count, 1)
        self.assertEqual(invoice.action_billing_view_credit_notes()["res_id"], credit_note.id)
        self.assertEqual(credit_note.action_billing_view_original()["res_id"], invoice.id)

    def test_set_against_the_invoice_is_what_odoo_does(self):
        for use in ("invoice", "refund"):
            invoice = self.bill(amount=100.0)
            self.pay(invoice, amount=30.0)
            credit_note = self.credit(invoice, use=use)
            self.assertEqual((invoice.amount_residual, credit_note.amount_residual), (0.0, 30.0))
            self.assertFalse(self.bill(amount=10.0).billing_credit_available, "not offered")

    def test_the_next_invoice_offers_it_and_uses_it_when_confirmed(self):
        invoice = self.bill(amount=50.0)
        self.pay(invoice)
        credit_note = self.credit(invoice)
        draft = self._create_invoice_one_line(
            price_unit=80.0, tax_ids=[], partner_id=self.partner_a.id
        )
        alert = self.alert(draft)
        self.assertIn("50.00", alert["message"])
        model, method, ids = alert["action_call"]
        getattr(self.env[model].browse(ids), method)()
        self.assertTrue(draft.billing_use_credit)
        self.assertIn("when it is confirmed", self.alert(draft)["message"])
        self.assertEqual(credit_note.amount_residual, 50.0, "a draft takes nothing")
        draft.action_post()
        self.assertEqual((draft.amount_residual, draft.payment_state), (30.0, "partial"))
        self.assertEqual(credit_note.payment_state, "paid")

    def test_a_draft_holds_what_it_has_used_until_it_is_cancelled(self):
        credit_note = self.credit(self.bill(amount=50.0))
        draft = self._create_invoice_one_line(
            price_unit=80.0, tax_ids=[], partner_id=self.partner_a.id, billing_use_credit=True
        )
        draft.action_post()
        draft.button_draft()
        self.assertEqual(credit_note.amount_residual, 0.0, "as Odoo does with payments")
        draft.action_post()
        self.assertEqual(draft.amount_residual, 30.0)
        draft.button_draft()
        draft.button_cancel()
        self.assertEqual(credit_note.amount_residual, 50.0)
        self.assertFalse(draft.copy().billing_use_credit)

    def test_a_posted_invoice_applies_the_oldest_first_and_never_more_than_is_open(self):
        first, second = self.bill(amount=40.0, due=-9), self.bill(amount=40.0)
        newer = self.credit(second, post=False)
        newer.write({"invoice_date": self.day(0), "date": self.day(0)})
        newer.action_post()
        older = self.credit(first, post=False)
        # due later than the newer one: it is the date that counts
        older.write({"invoice_date": self.day(-5), "date": self.day(-5),
                     "invoice_date_due": self.day(30)})  # fmt: skip
        older.action_post()
        invoice = self.bill(amount=60.0)
        self.assertEqual(invoice.billing_credit_available, 80.0)
        invoice.action_billing_apply_credit()
        self.assertEqual(invoice.amount_residual, 0.0)
        self.assertTrue(invoice.billing_paid_by_credit)
        self.assertEqual(invoice.billing_status, "paid", "it was not refunded")
        self.assertEqual((older.amount_residual, newer.amount_residual), (0.0, 20.0))
        invoice.action_billing_apply_credit()
        self.assertEqual(newer.amount_residual, 20.0, "a second click changes nothing")

    def test_it_is_offered_to_that_customer_only_with_all_contacts(self):
        self.partner_a.is_company = True
        self.credit(self.bill(amount=40.0))
        contact = self.env["res.partner"].create({"name": "Kim", "parent_id": self.partner_a.id})
        self.assertEqual(self.bill(partner=contact).billing_credit_available, 40.0)
        self.assertFalse(self.bill(partner=self.partner_b).billing_credit_available)
        bill = self._create_invoice_one_line(
            price_unit=80.0, move_type="in_invoice", partner_id=self.partner_a.id
        )
        self.assertFalse(bill.billing_credit_available)

    def test_in_a_foreign_currency(self):
        currency = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        credit_note = self.credit(self.bill(amount=40.0, currency_id=currency.id))
        self.assertFalse(self.bill(amount=40.0).billing_credit_available, "another currency")
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "name": self.day(0), "rate": 3.0}
        )
        invoice = self.bill(amount=100.0, currency_id=currency.id, due=30)
        self.assertEqual(invoice.billing_credit_available, 40.0)
        self.assertIn("40.00", self.alert(invoice.copy())["message"])
        self.assertIn("€", self.alert(invoice.copy())["message"])
        invoice.action_billing_apply_credit()
        self.assertEqual(invoice.amount_residual, 60.0)
        self.assertEqual(credit_note.payment_state, "paid")

    def test_another_companys_credit_is_not_offered(self):
        foreign = self.other_company_invoice(amount=70.0)
        foreign.action_post()
        self.credit(foreign)
        self.assertFalse(self.bill(amount=10.0).billing_credit_available)

    def test_a_branch_uses_the_credit_of_its_company(self):
        branch = self._create_company(name="Branch", parent_id=self.company.id)
        self.cr.precommit.run()  # the chart of accounts of the branch
        credit_note = self.credit(self.bill(amount=40.0))
        invoice = self.bill(amount=100.0, company_id=branch.id)
        self.assertEqual(invoice.company_id, branch)
        invoice.action_billing_apply_credit()
        self.assertEqual((invoice.amount_residual, credit_note.amount_residual), (60.0, 0.0))
        self.credit(self.bill(amount=5.0))
        clerk = self.make_user("branch_clerk", "account.group_account_invoice", branch)
        invoice.invalidate_recordset()
        self.assertEqual(invoice.billing_credit_available, 5.0)
        invoice.invalidate_recordset()
        seen = invoice.with_user(clerk).with_context(allowed_company_ids=branch.ids)
        self.assertFalse(seen.billing_credit_available, "she may not see the company above")

    def test_a_credit_note_alone(self):
        alone = self._create_invoice_one_line(
            price_unit=25.0, tax_ids=[], move_type="out_refund", partner_id=self.partner_a.id,
            billing_credit_use="keep", billing_reason="Goodwill", post=True,
        )  # fmt: skip
        invoice = self.bill(amount=20.0)
        self.assertEqual(invoice.billing_credit_available, 25.0)
        alone.billing_credit_use = "refund"
        invoice.invalidate_recordset(["billing_credit_available"])
        self.assertFalse(invoice.billing_credit_available, "decided otherwise")

    def test_a_replaced_invoice_is_cancelled_by_its_credit_note(self):
        invoice = self.bill(amount=100.0)
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"billing_credit_use": "keep", "journal_id": invoice.journal_id.id})
        )
        wizard.modify_moves()
        self.assertEqual(invoice.payment_state, "reversed")
        self.assertFalse(invoice.reversal_move_ids.billing_credit_use)

    def test_vendor_bills_are_reversed_as_ever(self):
        bill = self._create_invoice_one_line(
            price_unit=10.0, move_type="in_invoice", partner_id=self.partner_a.id, post=True
        )
        refund = self.credit(bill, use="keep")
        self.assertFalse(refund.billing_credit_use)
        self.assertEqual(bill.payment_state, "reversed")

    def test_several_at_once_and_a_cancelled_credit(self):
        invoices = self.bill(amount=10.0) | self.bill(amount=20.0)
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoices.ids)
            .create({"billing_credit_use": "keep", "journal_id": invoices.journal_id.id})
        )
        wizard.refund_moves()
        credit_notes = invoices.reversal_move_ids
        credit_notes.action_post()
        self.assertEqual(self.bill().billing_credit_available, 30.0)
        credit_notes[0].button_draft()
        credit_notes[0].button_cancel()
        self.assertEqual(self.bill().billing_credit_available, credit_notes[1].amount_total)

    def test_kept_credit_is_in_every_figure(self):
        credit_note = self.credit(self.bill(amount=100.0, due=-5), post=False)
        credit_note.invoice_line_ids.price_unit = 30.0
        credit_note.action_post()
        figures = self.env["billing.receivable"]._get_due_now(
            self.company, self.partner_a, self.company.currency_id
        )
        self.assertEqual((figures["credit"], figures["net"]), (30.0, 70.0))
        self.partner_a.invalidate_recordset()
        self.assertEqual((self.partner_a.billing_credit, self.partner_a.billing_due),
                         (-30.0, 70.0))  # fmt: skip

    def test_posting_many_costs_no_query_for_credit(self):
        invoices = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": self.partner_a.id,
                    "invoice_line_ids": [
                        Command.create({"name": "Work", "price_unit": 10.0, "tax_ids": []})
                    ],
                }
                for _i in range(2)
            ]
        )
        applied = []
        self.patch(
            self.env.registry["account.move"],
            "_get_billing_kept_credit_lines",
            lambda move: applied.append(move) or self.env["account.move.line"],
        )
        invoices._post()
        self.assertFalse(applied)

    def test_a_draft_credit_note_is_not_credit(self):
        self.credit(self.bill(amount=40.0), post=False)
        self.assertFalse(self.bill().billing_credit_available)
        with self.assertRaises(UserError):
            self.credit(self._create_invoice_one_line(price_unit=1.0))
