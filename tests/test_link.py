from datetime import timedelta

import psycopg2
from odoo import fields
from odoo.addons.mail.tests.common import MailCommon
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestLink(BillingCommon, MailCommon):
    def mint(self, document, recipient=None):
        path = self.env["billing.link"].sudo()._mint(document, recipient or self.partner_a)
        return path.removeprefix("/billing/l/"), self.env["billing.link"].sudo().search([], limit=1)

    def send(self, invoice, partners):
        """Send & Print to these contacts, and return the addresses in each one's mail."""
        wizard = self._create_account_move_send_wizard_single(
            invoice, sending_methods=["email"], mail_partner_ids=[fields.Command.set(partners.ids)]
        )
        with self.mock_mail_gateway():
            wizard.action_send_and_print(allow_fallback_pdf=True)
            self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
        return {mail["email_to"][0]: mail["body"] for mail in self._mails}

    def test_only_a_hash_of_the_secret_is_stored(self):
        token, link = self.mint(self.bill())
        self.assertGreaterEqual(len(token), 43, "256 bits")
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM billing_link WHERE id = %s", [link.id])
        self.assertNotIn(token, str(self.env.cr.fetchall()))
        self.assertEqual(self.env["billing.link"]._find(token), link)

    def test_expired_and_revoked_links_are_not_found(self):
        token, link = self.mint(self.bill())
        link.expires_on = fields.Datetime.now() - timedelta(seconds=1)
        self.assertFalse(self.env["billing.link"]._find(token))
        token, link = self.mint(self.bill())
        link.action_revoke()
        self.assertFalse(self.env["billing.link"]._find(token))

    def test_a_link_expires_by_the_companys_policy(self):
        now = fields.Datetime.now()
        for due, days in ((20, 50), (-60, 10), (200, 120)):
            _token, link = self.mint(self.bill(due=due))
            self.assertAlmostEqual((link.expires_on - now).days, days, delta=1, msg=str(due))

    def test_each_recipient_gets_a_link_of_their_own(self):
        contact = self.env["res.partner"].create(
            {"name": "Bea", "email": "bea@customers.example", "parent_id": self.partner_a.id}
        )
        invoice = self.bill(due=10)
        mails = self.send(invoice, self.partner_a | contact)
        self.assertEqual(len(mails), 2)
        links = self.env["billing.link"].search([("move_id", "=", invoice.id)])
        self.assertEqual(links.recipient_id, self.partner_a | contact)
        for address, body in mails.items():
            token = body.split("/billing/l/")[1].split('"')[0]
            link = self.env["billing.link"]._find(token)
            self.assertIn(link.recipient_id.email, address)
        self.assertEqual(
            invoice.billing_event_ids.filtered(
                lambda event: event.kind == "delivered"
            ).recipient_id,
            self.partner_a | contact,
        )
        self.assertEqual(invoice.billing_status, "delivered")

    def test_the_chatter_does_not_hold_the_secret(self):
        invoice = self.bill(due=10)
        body = next(iter(self.send(invoice, self.partner_a).values()))
        token = body.split("/billing/l/")[1].split('"')[0]
        self.assertNotIn(token, str(invoice.message_ids.mapped("body")))
        self.assertNotIn(token, str(self.env["mail.mail"].search([]).mapped("body_html")))

    def test_a_vendor_bill_carries_no_link(self):
        bill = self._create_invoice_one_line(
            price_unit=10.0, move_type="in_invoice", post=True, invoice_date=self.today
        )
        with self.mock_mail_gateway():
            bill.message_post(
                body="Hello", partner_ids=self.partner_a.ids, subtype_xmlid="mail.mt_comment"
            )
        self.assertNotIn("/billing/l/", str(self._mails))

    def test_a_statement_link_shows_what_is_open_in_every_currency(self):
        euro = self.setup_other_currency("EUR")
        open_invoice, paid = self.bill(due=-10), self.bill(due=-20)
        abroad = self.bill(due=-10, currency_id=euro.id)
        self.bill(due=-10, partner=self.partner_b)
        self.pay(paid)
        self.company.billing_reminders_enabled = True
        reminder = (
            self.env["billing.reminder"]
            .sudo()
            ._plan(self.company)
            .filtered(
                lambda reminder: (
                    reminder.partner_id == self.partner_a
                    and reminder.currency_id == self.company.currency_id
                )
            )
        )
        _token, link = self.mint(reminder)
        self.assertEqual(link._get_invoices(), open_invoice | abroad)

    def test_a_statement_link_shows_posted_invoices_of_its_company_only(self):
        self.company.billing_reminders_enabled = True
        invoice = self.bill(due=-10)
        _token, link = self.mint(self.env["billing.reminder"].sudo()._plan(self.company))
        self._create_invoice_one_line(price_unit=40.0, tax_ids=[])
        self._create_invoice_one_line(
            price_unit=30.0, tax_ids=[], move_type="out_refund", post=True
        )
        self.other_company_invoice(due=-10).action_post()
        self.assertEqual(link._get_invoices(), invoice)

    def test_the_database_refuses_a_second_link_with_one_secret(self):
        _token, link = self.mint(self.bill())
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.UniqueViolation):
            link.copy({"token_hash": link.token_hash})

    def test_working_links_are_found_by_a_search(self):
        links = [self.mint(self.bill())[1] for _i in range(3)]
        working, expired, revoked = links
        expired.expires_on = fields.Datetime.now() - timedelta(seconds=1)
        revoked.action_revoke()
        found = working.search([("id", "in", [link.id for link in links]), ("is_valid", "=", True)])
        self.assertEqual(found, working)

    def test_a_link_is_revoked_once(self):
        _token, link = self.mint(self.bill())
        link.revoked_on = yesterday = fields.Datetime.now() - timedelta(days=1)
        link.action_revoke()
        self.assertEqual(link.revoked_on, yesterday)

    def test_a_mail_without_the_button_makes_no_link(self):
        invoice = self.bill()
        with self.mock_mail_gateway():
            invoice.message_post(
                body="Thank you", partner_ids=self.partner_a.ids, subtype_xmlid="mail.mt_comment"
            )
        self.assertTrue(self._mails)
        self.assertFalse(self.env["billing.link"].search([("move_id", "=", invoice.id)]))
        self.assertFalse(invoice.billing_event_ids)

    def test_a_colleague_gets_no_link_of_the_customers(self):
        self.user_employee.notification_type = "email"
        colleague = self.user_employee.partner_id
        mails = self.send(self.bill(due=10), self.partner_a | colleague)
        self.assertEqual(len(mails), 2)
        with_link = [address for address, body in mails.items() if "/billing/l/" in body]
        self.assertEqual(len(with_link), 1)
        self.assertIn(self.partner_a.email, with_link[0])
