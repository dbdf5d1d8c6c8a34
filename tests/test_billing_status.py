from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestBillingStatus(BillingCommon):
    """Each status, and which of two wins."""

    def event(self, move, kind, **values):
        self.env["billing.event"]._log(move, kind, **values)
        move.invalidate_recordset(["billing_status", "billing_delivery", "billing_reading"])

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
        for kind, agent, status in (
            ("undelivered", False, "undelivered"),
            ("sent", False, "sent"),
            ("delivered", False, "delivered"),
            ("link_clicked", "unknown", "delivered"),  # a click alone may be a machine's
            ("viewed", "machine", "delivered"),
            ("opened", "human", "delivered"),  # a picture that was loaded is no reading
            ("viewed", "likely_human", "viewed"),
        ):
            self.event(invoice, kind, agent=agent)
            self.assertEqual(invoice.billing_status, status, kind)
        self.pay(invoice, amount=40.0)
        self.assertEqual(invoice.billing_status, "partly_paid")
        self.event(invoice, "payment_started")
        self.assertEqual(invoice.billing_status, "payment_started")
        self.pay(invoice)
        self.assertEqual(invoice.billing_status, "paid")

    def test_whoever_downloads_or_begins_to_pay_has_read(self):
        for kind, date in (
            ("downloaded", fields.Datetime.now()),
            ("payment_started", fields.Datetime.now() - timedelta(hours=2)),
        ):
            invoice = self.bill(due=10)
            self.event(invoice, "sent")
            self.event(invoice, kind, agent="human", date=date)
            self.assertEqual(invoice.billing_status, "viewed", kind)

    def test_due_soon_is_a_week_and_says_less_than_money_and_bad_news(self):
        for days, status in ((0, "due_soon"), (7, "due_soon"), (8, "sent")):
            invoice = self.bill(due=days)
            self.event(invoice, "sent")
            self.assertEqual(invoice.billing_status, status, days)
        invoice = self.bill(due=3)
        self.assertEqual(invoice.billing_status, "to_send", "the customer knows nothing of it")
        self.event(invoice, "bounced")
        self.assertEqual(invoice.billing_status, "bounced")
        self.event(invoice, "viewed", agent="human")
        self.assertEqual(invoice.billing_status, "due_soon", "it arrived all the same")
        self.pay(invoice, amount=1.0)
        self.assertEqual(invoice.billing_status, "partly_paid")

    def test_overdue_outweighs_viewed_bounced_and_partly_paid(self):
        invoice = self.bill(due=-1)
        self.event(invoice, "bounced")
        self.assertEqual(invoice.billing_status, "overdue")
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

    def test_a_vendor_bill_has_no_status(self):
        bill = self._create_invoice_one_line(price_unit=10.0, move_type="in_invoice")
        self.assertFalse(bill.billing_status)

    def test_a_payment_started_and_left_is_forgotten_after_an_hour(self):
        invoice = self.bill(due=10)
        now = fields.Datetime.now()
        self.event(invoice, "payment_started", date=now - timedelta(minutes=61))
        self.assertEqual(invoice.billing_status, "to_send")
        self.event(invoice, "payment_started", date=now - timedelta(minutes=59))
        self.assertEqual(invoice.billing_status, "payment_started")

    def test_a_credit_note_is_never_due(self):
        for days in (-60, -30):
            credit_note = self._create_invoice_one_line(
                price_unit=10.0,
                tax_ids=[],
                move_type="out_refund",
                post=True,
                invoice_date=self.day(days),
                invoice_date_due=self.day(days + 30),
                invoice_payment_term_id=None,
            )
            self.assertEqual(credit_note.billing_status, "to_send")
            self.event(credit_note, "sent")
            self.assertEqual(credit_note.billing_status, "sent")

    def test_what_odoo_sent_before_us_is_sent(self):
        invoice = self.bill(due=10)
        invoice.is_move_sent = True
        self.assertEqual(invoice.billing_status, "sent")
        self.assertEqual(invoice.billing_delivery, "sent")
        self.assertFalse(invoice.billing_reading, "nobody could know")

    def test_of_two_recipients_the_worst_news_of_the_latest_message_counts(self):
        invoice = self.bill(due=10)
        anna, bert = self.partner_a.id, self.partner_b.id
        first, second = self.env["mail.message"].create([{"body": "1"}, {"body": "2"}]).ids
        for recipient, message, kind, delivery in (
            (anna, first, "sent", "sent"),
            (bert, first, "sent", "sent"),
            (bert, first, "delivered", "delivered"),
            (anna, first, "undelivered", "undelivered"),
            (anna, first, "delivered", "delivered"),  # the queue tried again
            (bert, first, "bounced", "bounced"),
            (anna, first, "delivered", "bounced"),
            (anna, second, "sent", "sent"),  # sent anew, to her alone
            (bert, first, "bounced", "sent"),  # a second notice of the old mail
            (anna, second, "bounced", "bounced"),
        ):
            self.event(invoice, kind, recipient_id=recipient, mail_message_id=message)
            self.assertEqual(invoice.billing_delivery, delivery, kind)
            self.assertEqual(invoice.billing_status, delivery, kind)

    def test_read_not_read_and_not_read_for_long(self):
        self.company.billing_unread_days = 5
        now = fields.Datetime.now()
        for hours, reading in ((119, "unread"), (121, "unread_long")):
            invoice = self.bill(due=10)
            self.event(invoice, "delivered", date=now - timedelta(hours=hours))
            self.event(invoice, "sent", date=now - timedelta(hours=hours))
            self.event(invoice, "sent")
            self.event(invoice, "viewed", agent="machine")
            self.assertEqual(invoice.billing_reading, reading)
            self.event(invoice, "viewed", agent="human")
            self.assertEqual(invoice.billing_reading, "read")
