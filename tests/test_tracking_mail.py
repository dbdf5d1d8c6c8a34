from unittest.mock import patch

from odoo import fields
from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.addons.mail.tests.common import MailCommon
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BillingCommon, ReminderCommon

MAIL_LOG = "odoo.addons.mail.models.mail_mail"


class MailedCommon(MailCommon):
    def send(self, invoice, partners):
        """Send & Print to these contacts, and return the mails that went out."""
        wizard = self._create_account_move_send_wizard_single(
            invoice, sending_methods=["email"], mail_partner_ids=[fields.Command.set(partners.ids)]
        )
        with self.mock_mail_gateway():
            wizard.action_send_and_print(allow_fallback_pdf=True)
            self.queue()
        return list(self._mails)

    def queue(self):
        self.env["mail.mail"].search([("state", "=", "outgoing")]).send()

    def events(self, document):
        document.invalidate_recordset(["billing_event_ids"])
        return [
            (event.kind, event.recipient_id, event.channel)
            for event in document.billing_event_ids.sorted("kind")
        ]


@tagged("post_install", "-at_install")
class TestTrackingMail(BillingCommon, MailedCommon):
    def setUp(self):
        super().setUp()
        self.anna, self.bert = self.partner_a, self.partner_b
        self.invoice = self.bill(due=10)

    def bounce(self, event):
        """Let Odoo handle the mail that comes back from a recipient's server."""
        self.env["mail.thread"]._routing_handle_bounce(
            None,
            {
                "bounced_email": event.recipient_id.email_normalized,
                "bounced_partner": event.recipient_id,
                "bounced_msg_ids": [],
                "bounced_message": event.mail_message_id,
                "body": "<p>550 5.1.1 No such user</p>" + "<p>long story</p>" * 100,
                "email_from": "postmaster@customers.example",
                "to": "bounce@company.example",
                "message_id": "<1@customers.example>",
            },
        )

    def test_sent_once_delivered_to_each(self):
        self.send(self.invoice, self.anna | self.bert)
        nobody = self.anna.browse()
        self.assertCountEqual(
            self.events(self.invoice),
            [("sent", nobody, "mail"), ("delivered", self.anna, "mail"),
             ("delivered", self.bert, "mail")],
        )  # fmt: skip
        messages = self.invoice.billing_event_ids.mail_message_id
        self.assertEqual(len(messages), 1)
        delivered = self.invoice.billing_event_ids.filtered(lambda e: e.kind == "delivered")
        self.assertEqual(delivered.link_id.recipient_id, self.anna | self.bert)

    def test_a_vendor_bill_is_not_tracked(self):
        bill = self._create_invoice_one_line(
            price_unit=10.0, move_type="in_invoice", post=True, invoice_date=self.today
        )
        bill.message_post(body="Hello", partner_ids=self.anna.ids)
        self.assertFalse(bill.billing_event_ids)

    def test_downloading_by_the_clerk_is_no_delivery(self):
        wizard = self._create_account_move_send_wizard_single(
            self.invoice, sending_methods=["manual"]
        )
        wizard.action_send_and_print(allow_fallback_pdf=True)
        self.assertFalse(self.invoice.billing_event_ids)

    @mute_logger(MAIL_LOG)
    def test_one_refused_of_two_and_tried_again(self):
        server = type(self.env["ir.mail_server"])
        send_email = server.send_email

        def refuse_bert(self, message, *args, **kwargs):
            if "bert@" in message["To"]:
                raise MailDeliveryException("550 refused")
            return send_email(self, message, *args, **kwargs)

        wizard = self._create_account_move_send_wizard_single(
            self.invoice,
            sending_methods=["email"],
            mail_partner_ids=[fields.Command.set((self.anna | self.bert).ids)],
        )
        with self.mock_mail_gateway(), patch.object(server, "send_email", refuse_bert):
            wizard.action_send_and_print(allow_fallback_pdf=True)
            self.queue()
        first = self.events(self.invoice)
        self.assertIn(("delivered", self.anna, "mail"), first)
        self.assertIn(("undelivered", self.bert, "mail"), first)
        mail = self.env["mail.mail"].search([("state", "=", "exception")])
        self.assertEqual(mail.res_id, self.invoice.id)
        # a mail to both, of whom one was refused, goes to both again
        mail.recipient_ids |= self.anna
        mail.mark_outgoing()
        with self.mock_mail_gateway():
            self.queue()
        self.assertCountEqual(self.events(self.invoice), [*first, ("delivered", self.bert, "mail")])

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_a_mail_that_comes_back(self):
        self.send(self.invoice, self.anna | self.bert)
        delivered = self.invoice.billing_event_ids.filtered(
            lambda event: (event.kind, event.recipient_id) == ("delivered", self.bert)
        )
        for _time in range(2):
            self.bounce(delivered)
        self.invoice.invalidate_recordset()
        bounced = self.invoice.billing_event_ids.filtered(lambda event: event.kind == "bounced")
        self.assertEqual(bounced.recipient_id, self.bert, "once, and of whom it is")
        self.assertEqual(bounced.link_id.recipient_id, self.bert)
        self.assertIn("550 5.1.1 No such user", bounced.note)
        self.assertLessEqual(len(bounced.note), 200)

    def test_hidden_things_are_in_the_html_alone(self):
        [mail] = self.send(self.invoice, self.anna)
        self.assertIn("/billing/m/", mail["body"])
        self.assertNotIn("/billing/o/", mail["body"])
        self.assertNotIn("/billing/m/", mail["body_alternative"])
        self.company.billing_pixel = True
        [mail] = self.send(self.bill(due=10), self.anna)
        key = mail["body"].split("/billing/o/")[1].split(".gif")[0]
        link = self.env["billing.link"].sudo().search([("token_hash", "=", key)])
        self.assertEqual(link.recipient_id, self.anna)
        self.assertNotIn("/billing/o/", mail["body_alternative"])
        self.anna.billing_no_tracking = True
        [mail] = self.send(self.bill(due=10), self.anna)
        self.assertIn("/billing/l/", mail["body"])
        self.assertNotIn("/billing/o/", mail["body"])
        self.assertNotIn("/billing/m/", mail["body"])

    def test_every_contact_of_a_customer_who_wants_no_tracking(self):
        self.anna.write({"is_company": True, "billing_no_tracking": True})
        contact = self.env["res.partner"].create({"name": "Bea", "parent_id": self.anna.id})
        self.assertTrue(contact.billing_no_tracking)


@tagged("post_install", "-at_install")
class TestTrackingReminder(ReminderCommon, MailedCommon):
    def test_a_reminder_that_comes_back(self):
        invoice = self.bill(due=-10)
        reminder = self.plan()
        reminder._send()
        with self.mock_mail_gateway():
            self.queue()
        self.assertEqual(self.events(invoice), [("reminded", self.partner_a, "mail")])
        event = invoice.billing_event_ids
        self.env["mail.notification"].sudo().search(
            [("mail_message_id", "=", event.mail_message_id.id)]
        ).write({"notification_status": "bounce", "failure_reason": "No such user"})
        self.assertEqual(
            self.events(invoice),
            [("bounced", self.partner_a, "mail"), ("reminded", self.partner_a, "mail")],
        )
