from unittest.mock import patch

from odoo.addons.mail.tests.common import MailCommon
from odoo.tests import tagged

from .common import ReminderCommon


@tagged("post_install", "-at_install")
class TestReminderMessage(ReminderCommon, MailCommon):
    """A message that is looked at is the one that is sent, and leaves no trace."""

    def message(self, reminder):
        action = reminder.action_show_message()
        return self.env["billing.reminder.message"].browse(action["res_id"])

    def test_the_message_is_the_mail_that_is_sent(self):
        self.bill(due=-10)
        reminder = self.plan()
        message = self.message(reminder)
        reminder._send()
        mail = self.env["mail.mail"].sudo().search([("model", "=", reminder._name)])
        self.assertEqual(message.subject, mail.subject)
        self.assertEqual(message.email_from, mail.email_from)
        self.assertEqual(message.email_to, self.partner_a.email_formatted)
        link = reminder._get_billing_link_placeholder()
        self.assertIn(link, mail.body_html)
        # the layout carries nothing that differs from message to message
        self.assertEqual(str(message.body), str(mail.body_html).replace(link, "#"))

    def test_looking_leaves_no_trace(self):
        self.bill(due=-10)
        reminder = self.plan()
        self.env.flush_all()
        counts = {
            name: self.env[name].sudo().search_count([])
            for name in ("mail.mail", "mail.message", "mail.notification", "billing.link")
        }
        with self.mock_mail_gateway():
            self.message(reminder)
        self.assertFalse(self._mails)
        self.assertEqual(counts, {name: self.env[name].sudo().search_count([]) for name in counts})
        self.assertEqual(reminder.state, "planned")
        self.assertFalse(reminder.message_ids)

    def test_the_message_is_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["mail.template"].browse(
            self.env.ref("billing_crm.mail_template_reminder_1").id
        ).with_context(lang="fr_FR").subject = "Rappel de {{ object.company_id.name }}"
        self.partner_a.lang = "fr_FR"
        self.bill(due=-10)
        self.assertEqual(self.message(self.plan()).subject, f"Rappel de {self.company.name}")

    def test_a_broken_template_says_so(self):
        self.bill(due=-10)
        reminder = self.plan()
        body = "<p t-out='object.no_such_field'/>"
        # Odoo refuses to save it where there is a record to try it on
        with patch.object(self.registry["mail.template"], "_check_can_be_rendered"):
            self.env.ref("billing_crm.mail_template_reminder_1").body_html = body
        message = self.message(reminder)
        self.assertTrue(message.is_problem)
        self.assertIn("no_such_field", message.note)
        self.assertFalse(message.body)

    def test_looking_makes_no_invoice_pdf(self):
        """Electronic invoicing may commit then, and with it whatever a preview has written."""
        invoice = self.bill(due=-10)
        reminder = self.plan()
        reminder.level_id.attach_invoices = True
        with patch.object(
            self.registry["account.move.send"],
            "_generate_and_send_invoices",
            side_effect=AssertionError("made"),
        ):
            self.assertTrue(self.message(reminder).body)
        self.assertFalse(invoice.invoice_pdf_report_id)

    def test_no_address_says_so(self):
        self.partner_a.email = False
        self.bill(due=-10)
        message = self.message(self.plan())
        self.assertTrue(message.is_problem)
        self.assertIn("no e-mail address", message.note)

    def test_paid_by_now_says_so(self):
        invoice = self.bill(due=-10)
        reminder = self.plan()
        self.pay(invoice)
        message = self.message(reminder)
        self.assertIn("nothing to be paid", message.note)
        self.assertFalse(message.is_problem)
