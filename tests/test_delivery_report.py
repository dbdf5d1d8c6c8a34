from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import BillingCommon

RATES = ("delivered", "bounced", "clicked", "viewed", "downloaded", "paid")


@tagged("post_install", "-at_install")
class TestDeliveryReport(BillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.start = fields.Datetime.now() - timedelta(days=10)
        cls.anna, cls.bert = cls.partner_a, cls.partner_b

    def event(self, invoice, kind, hours=0, **values):
        self.env["billing.event"]._log(
            invoice, kind, date=self.start + timedelta(hours=hours), **values
        )

    def rows(self, invoice):
        self.env.invalidate_all()
        return self.env["billing.delivery.report"].search([("move_id", "in", invoice.ids)])

    def flags(self, row):
        return {flag for flag in RATES if row[f"is_{flag}"]}

    def test_two_recipients_have_two_rows(self):
        invoice = self.bill(due=20)
        self.event(invoice, "sent")
        for hours, who, kind, agent in (
            (0, self.anna, "delivered", False),
            (0, self.bert, "delivered", False),
            (1, self.bert, "bounced", False),
            (1, self.anna, "link_clicked", "machine"),
            (5, self.anna, "link_clicked", "human"),
            (6, self.anna, "viewed", "likely_human"),
            (7, self.anna, "viewed", "human"),
            (8, self.anna, "downloaded", "human"),
        ):
            self.event(invoice, kind, hours=hours, recipient_id=who.id, agent=agent)
        anna, bert = (
            self.rows(invoice).filtered(lambda row, who=who: row.recipient_id == who)
            for who in (self.anna, self.bert)
        )
        self.assertEqual(self.flags(anna), {"delivered", "clicked", "viewed", "downloaded"})
        self.assertEqual(anna.hours_to_view, 6.0)
        self.assertEqual(self.flags(bert), {"bounced"})
        self.assertTrue(bert.is_unread_long)
        self.pay(invoice)
        self.assertEqual(self.rows(invoice).mapped("is_paid"), [True, True])
        self.assertFalse(any(self.rows(invoice).mapped("is_unread_long")))

    def test_machines_and_strangers_count_for_nobody(self):
        invoice = self.bill(due=20)
        self.event(invoice, "viewed", hours=-2, agent="human", recipient_id=self.anna.id)
        self.event(invoice, "delivered", recipient_id=self.anna.id)
        self.event(invoice, "viewed", hours=1, agent="machine", recipient_id=self.anna.id)
        self.event(invoice, "viewed", hours=1, agent="unknown", recipient_id=self.anna.id)
        self.event(invoice, "viewed", hours=1, agent="human")
        self.assertEqual(self.flags(self.rows(invoice)), {"delivered"})

    def test_what_was_delivered_at_last_is_delivered(self):
        invoice = self.bill(due=20)
        self.event(invoice, "undelivered", recipient_id=self.anna.id)
        self.event(invoice, "delivered", hours=1, recipient_id=self.anna.id)
        self.assertEqual(self.flags(self.rows(invoice)), {"delivered"})

    def test_rates_are_shares(self):
        invoices = [self.bill(due=20) for _i in range(4)]
        for number, invoice in enumerate(invoices):
            self.event(invoice, "delivered", recipient_id=self.anna.id)
            if number:
                self.event(
                    invoice, "viewed", hours=number, agent="human", recipient_id=self.anna.id
                )
        self.pay(invoices[0])
        self.env.invalidate_all()
        [figures] = self.env["billing.delivery.report"]._read_group(
            [("move_id", "in", [invoice.id for invoice in invoices])],
            [],
            ["viewed_rate:avg", "paid_rate:avg", "bounced_rate:avg", "hours_to_view:avg"],
        )
        self.assertEqual([round(float(figure), 2) for figure in figures], [75.0, 25.0, 0.0, 2.0])

    def test_by_template_and_type(self):
        invoice = self.bill(due=20)
        template = invoice._get_mail_template()
        wizard = (
            self.env["account.move.send.wizard"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"sending_methods": ["email"]})
        )
        wizard.action_send_and_print()
        sent = invoice.billing_event_ids.filtered(lambda event: event.kind == "sent")
        self.assertEqual(sent.mail_template_id, template)
        other = self.bill(due=20)
        message = self.env["mail.message"].create({"body": "x"})
        self.event(other, "sent", mail_message_id=message.id, mail_template_id=template.id)
        self.event(other, "delivered", mail_message_id=message.id, recipient_id=self.anna.id)
        self.assertEqual(self.rows(other).mail_template_id, template)
        self.assertEqual(self.rows(other).billing_type_id, other.billing_type_id)
        self.assertEqual(self.rows(other).action_open_document()["res_id"], other.id)
