from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestBillingStatus(BillingCommon):
    def event(self, move, kind, **values):
        self.env["billing.event"]._log(move, kind, **values)
        move.invalidate_recordset(["billing_status"])

    def test_draft_and_cancelled(self):
        draft = self._create_invoice_one_line(price_unit=10.0)
        self.assertEqual(draft.billing_status, "draft")
        draft.button_cancel()
        self.assertEqual(draft.billing_status, "cancelled")

    def test_an_invoice_nobody_has_saved_yet_is_a_draft(self):
        self.assertEqual(
            self.env["account.move"].new({"move_type": "out_invoice"}).billing_status, "draft"
        )

    def test_from_to_send_to_paid(self):
        invoice = self.bill(due=10)
        self.assertEqual(invoice.billing_status, "to_send")
        self.event(invoice, "undelivered")
        self.assertEqual(invoice.billing_status, "undelivered")
        self.event(invoice, "delivered")
        self.assertEqual(invoice.billing_status, "sent")
        self.event(invoice, "link_clicked", agent="unknown")
        self.assertEqual(invoice.billing_status, "sent", "a click alone may be a machine's")
        self.event(invoice, "viewed", agent="machine")
        self.assertEqual(invoice.billing_status, "sent", "a machine does not read")
        self.event(invoice, "viewed", agent="human")
        self.assertEqual(invoice.billing_status, "viewed")
        self.pay(invoice, amount=40.0)
        self.assertEqual(invoice.billing_status, "partly_paid")
        self.event(invoice, "payment_started")
        self.assertEqual(invoice.billing_status, "payment_started")
        self.pay(invoice)
        self.assertEqual(invoice.billing_status, "paid")

    def test_overdue_outweighs_viewed_and_partly_paid(self):
        invoice = self.bill(due=-1)
        self.event(invoice, "viewed", agent="human")
        self.pay(invoice, amount=40.0)
        self.assertEqual(invoice.billing_status, "overdue")

    def test_due_today_is_not_overdue(self):
        self.assertEqual(self.bill(due=0).billing_status, "to_send")

    def test_one_overdue_instalment_makes_the_invoice_overdue(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Half now, half in 60 days",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": 0}),
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": 60}),
                ],
            }
        )
        invoice = self.bill(due=20, invoice_payment_term_id=term.id)
        self.assertGreater(invoice.invoice_date_due, self.today)
        self.assertEqual(invoice.billing_status, "overdue")
        self.pay(invoice, amount=50.0)
        self.assertEqual(invoice.billing_status, "partly_paid")

    def test_reversed_is_refunded(self):
        invoice = self.bill(due=-5)
        self._reverse_invoice(invoice, post=True)
        self.assertEqual(invoice.billing_status, "refunded")

    def test_a_vendor_bill_has_no_status(self):
        bill = self._create_invoice_one_line(price_unit=10.0, move_type="in_invoice")
        self.assertFalse(bill.billing_status)

    def test_search_group_and_field_agree(self):
        moves = self.bill(due=-5) | self.bill(due=5) | self._create_invoice_one_line(price_unit=1.0)
        self.pay(moves[1])
        domain = [("id", "in", moves.ids)]
        for move in moves:
            found = self.env["account.move"].search(
                [*domain, ("billing_status", "=", move.billing_status)]
            )
            self.assertEqual(found, move)
        groups = self.env["account.move"]._read_group(domain, ["billing_status"], ["__count"])
        self.assertEqual(dict(groups), {"overdue": 1, "paid": 1, "draft": 1})
        self.assertEqual(
            self.env["account.move"].search([*domain, ("billing_status", "!=", "paid")]),
            moves - moves[1],
        )

    def test_search_for_documents_without_a_status(self):
        bill = self._create_invoice_one_line(price_unit=10.0, move_type="in_invoice")
        invoice = self.bill(due=-5)
        moves = self.env["account.move"]
        domain = [("id", "in", (bill | invoice).ids)]
        self.assertEqual(moves.search([*domain, ("billing_status", "=", False)]), bill)
        self.assertEqual(moves.search([*domain, ("billing_status", "!=", False)]), invoice)
        self.assertEqual(
            moves.search([*domain, ("billing_status", "in", ("overdue", False))]), bill | invoice
        )

    def test_a_payment_started_and_left_is_forgotten_after_an_hour(self):
        invoice = self.bill(due=10)
        now = fields.Datetime.now()
        self.event(invoice, "payment_started", date=now - timedelta(minutes=61))
        self.assertEqual(invoice.billing_status, "to_send")
        self.event(invoice, "payment_started", date=now - timedelta(minutes=59))
        self.assertEqual(invoice.billing_status, "payment_started")

    def test_a_credit_note_is_never_overdue(self):
        credit_note = self._create_invoice_one_line(
            price_unit=10.0,
            tax_ids=[],
            move_type="out_refund",
            post=True,
            invoice_date=self.day(-60),
        )
        self.assertEqual(credit_note.billing_status, "to_send")

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

    def test_what_odoo_sent_before_us_is_sent(self):
        invoice = self.bill(due=10)
        invoice.is_move_sent = True
        self.assertEqual(invoice.billing_status, "sent")
