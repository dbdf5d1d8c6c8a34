import re
from datetime import timedelta

from odoo import fields
from odoo.addons.base.tests.common import HttpCaseWithUserDemo
from odoo.addons.mail.tests.common import MailCommon
from odoo.http import Request
from odoo.tests import freeze_time, tagged

from .common import BillingCommon
from .test_link_page import BROWSER

SENTENCE = "If this link was ours and has expired, a new one is on its way to the address we"


@tagged("post_install", "-at_install")
class TestLinkRenewal(BillingCommon, MailCommon, HttpCaseWithUserDemo):
    """The page of an expired link, and the fresh one that comes by mail."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.email = "billing@company.example"
        cls.invoice = cls.bill(amount=321.0, due=10)
        cls.contact = cls.env["res.partner"].create(
            {"name": "Bea", "email": "bea@customers.example", "parent_id": cls.partner_a.id}
        )
        cls.token, cls.link = cls.expired(cls.invoice, cls.contact)

    @classmethod
    def expired(cls, document, recipient, **values):
        links = cls.env["billing.link"].sudo()
        values.setdefault("expires_on", fields.Datetime.now() - timedelta(days=1))
        token = links._mint(document, recipient, **values).removeprefix("/billing/l/")
        return token, links.search([], limit=1)

    def page(self, token):
        """The page of a link, without what differs in any two requests."""
        response = self.url_open(f"/billing/l/{token}", headers=BROWSER, allow_redirects=False)
        self.assertEqual(response.status_code, 404)
        text = re.sub(r'csrf_token"? ?(value=|: )"[^"]+"', "csrf", response.text)
        return text.replace(token, "TOKEN")

    def ask(self, token):
        return self.url_open(
            "/billing/renew",
            data={"csrf_token": Request.csrf_token(self), "token": token},
            headers=BROWSER,
        )

    def run_job(self):
        """Let the job write the mails, and the mail server take them; return what it got."""
        with self.mock_mail_gateway():
            with self.enter_registry_test_mode():
                self.env.ref("billing_crm.ir_cron_renew_links").method_direct_trigger()
            self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
        self.env.invalidate_all()
        return self._mails

    def renewals(self):
        return self.env["billing.event"].search([("kind", "=", "link_renewed")])

    def test_a_stranger_learns_nothing(self):
        pages = [self.page(self.token), self.page("x" * 43)]
        self.link.action_revoke()
        pages.append(self.page(self.token))
        estimate = self.env["billing.proforma"].create({"partner_id": self.partner_a.id})
        pages.append(self.page(self.expired(estimate, self.contact)[0]))
        self.assertEqual(len(set(pages)), 1)
        self.assertIn("Send me a new link", pages[0])
        for secret in (self.company.name, self.invoice.name, "Bea", "321", "bea@", "partner_a"):
            self.assertNotIn(secret, pages[0])

    def test_the_answer_is_always_the_same(self):
        self.authenticate(None, None)
        revoked, link = self.expired(self.invoice, self.contact)
        link.action_revoke()
        working, _link = self.expired(
            self.invoice, self.contact, expires_on=fields.Datetime.now() + timedelta(days=1)
        )
        answers = set()
        for token in (self.token, revoked, working, "x" * 43, "", "\0'; --", "é" * 9000):
            response = self.ask(token)
            self.assertEqual(response.status_code, 200, token[:20])
            self.assertTrue(response.url.endswith("/billing/renewal"))
            answers.add(re.sub(r'csrf_token: "[^"]+"', "", response.text))
        self.assertEqual(len(answers), 1)
        self.assertIn(SENTENCE, answers.pop())
        receivers = [mail["email_to"] for mail in self.run_job()]
        self.assertEqual(receivers, [[self.contact.email_formatted]])

    def test_asking_takes_the_same_queries(self):
        """But for the one row that is written down, and the job that is woken."""
        links = self.env["billing.link"]
        for token, limit in (("x" * 43, 1), (self.token, 8)):
            self.env.invalidate_all()
            with self.assertQueryCount(limit):
                links._ask_renewal(token)
                self.env.flush_all()

    def test_looking_asks_for_nothing(self):
        self.page(self.token)
        self.url_open("/billing/renewal")
        self.assertEqual(self.url_open(f"/billing/renew?token={self.token}").status_code, 405)
        self.assertFalse(self.link.renewal_asked_on)
        response = self.url_open("/billing/renew", data={"token": self.token})
        self.assertEqual(response.status_code, 400, "forged: no csrf token")
        self.assertFalse(self.link.renewal_asked_on)
        self.assertFalse(self.run_job())

    def test_a_fresh_link_comes_to_the_address_on_file(self):
        self.env["billing.link"]._ask_renewal(self.token)
        self.contact.email = "new@customers.example"
        [mail] = self.run_job()
        self.assertEqual(mail["email_to"], ['"Bea" <new@customers.example>'])
        self.assertEqual(mail["email_from"], '"company_1_data" <billing@company.example>')
        self.assertNotIn("your-personal-link", mail["body"])
        self.assertNotIn(self.token, mail["body"])
        self.assertIn(self.invoice.name, mail["body"])
        token = re.search(r"/billing/l/([\w-]+)", mail["body"])[1]
        fresh = self.env["billing.link"]._find(token)
        self.assertEqual(
            (fresh.move_id, fresh.recipient_id, fresh.channel, fresh.purpose),
            (self.invoice, self.contact, "renewal", "invoice"),
        )
        self.assertTrue(self.url_open(f"/billing/l/{token}").ok)
        event = self.renewals()
        self.assertEqual(
            (event.move_id, event.link_id, event.recipient_id),
            (self.invoice, self.link, self.contact),
        )
        self.assertFalse(self.link.renewal_asked_on)
        delivered = self.invoice.billing_event_ids.filtered(lambda event: event.kind == "delivered")
        self.assertEqual(delivered.link_id, fresh)

    def test_it_speaks_the_recipients_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(["billing_crm"], ["fr_FR"])
        self.contact.lang = "fr_FR"
        self.env["billing.link"]._ask_renewal(self.token)
        [mail] = self.run_job()
        self.assertIn("Bonjour", mail["body"])
        self.assertIn("nouveau lien", mail["subject"])

    def test_a_statement_and_an_estimate_are_renewed_as_such(self):
        self.company.billing_reminders_enabled = True
        self.bill(due=-10)
        reminder = self.env["billing.reminder"].sudo()._plan(self.company)
        estimate = self.env["billing.proforma"].create({"partner_id": self.partner_a.id})
        estimate._mark_sent()
        for document, purpose in ((reminder, "statement"), (estimate, "proforma")):
            token, link = self.expired(document, self.contact)
            self.env["billing.link"]._ask_renewal(token)
            [mail] = self.run_job()
            token = re.search(r"/billing/l/([\w-]+)", mail["body"])[1]
            fresh = self.env["billing.link"]._find(token)
            self.assertEqual(
                (fresh.purpose, fresh._get_document()), (purpose, link._get_document())
            )
            self.assertEqual(self.renewals()[:1].link_id, link)

    def test_a_printed_link_is_renewed_to_the_invoices_contact(self):
        self.invoice.partner_id.email = "office@customers.example"
        token, _link = self.expired(self.invoice, self.env["res.partner"], channel="print")
        self.env["billing.link"]._ask_renewal(token)
        [mail] = self.run_job()
        self.assertIn("office@customers.example", mail["email_to"][0])

    def test_who_is_not_to_get_one_gets_none(self):
        def nothing(reason):
            self.env["billing.link"]._ask_renewal(self.token)
            self.assertFalse(self.run_job(), reason)
            self.assertFalse(self.renewals(), reason)
            self.assertFalse(self.link.renewal_asked_on, reason)

        self.contact.email = False
        nothing("no address")
        self.contact.write({"email": "bea@customers.example", "active": False})
        nothing("left")
        self.contact.write({"active": True, "parent_id": self.partner_b.id})
        nothing("works for another company now")
        self.contact.parent_id = self.partner_a
        self.invoice.button_draft()
        nothing("withdrawn")
        self.invoice.partner_id = self.partner_b
        self.invoice.action_post()
        nothing("given to another customer")
        self.invoice.button_draft()
        self.invoice.partner_id = self.partner_a
        self.invoice.button_cancel()
        nothing("cancelled")

    def test_a_bookkeeper_outside_the_customers_company_gets_one(self):
        keeper = self.env["res.partner"].create({"name": "Kim", "email": "kim@books.example"})
        token, _link = self.expired(self.invoice, keeper)
        self.env["billing.link"]._ask_renewal(token)
        [mail] = self.run_job()
        self.assertIn("kim@books.example", mail["email_to"][0])

    def test_one_mail_a_link_an_hour(self):
        sent = 0
        for minutes, expected in ((0, 1), (20, 1), (59, 1), (61, 2)):
            with freeze_time(fields.Datetime.now() + timedelta(minutes=minutes)):
                self.env["billing.link"]._ask_renewal(self.token)
                sent += len(self.run_job())
            self.assertEqual(sent, expected, f"after {minutes} minutes")

    def test_few_mails_a_recipient_a_day(self):
        for _number in range(5):
            token, _link = self.expired(self.invoice, self.contact)
            self.env["billing.link"]._ask_renewal(token)
        other, _link = self.expired(self.invoice, self.partner_a)
        self.env["billing.link"]._ask_renewal(other)
        receivers = [mail["email_to"][0] for mail in self.run_job()]
        self.assertEqual(receivers.count(self.contact.email_formatted), 3)
        self.assertEqual(len(receivers), 4)

    def test_one_that_fails_does_not_keep_the_others(self):
        other, _link = self.expired(self.invoice, self.partner_a)
        for token in (self.token, other):
            self.env["billing.link"]._ask_renewal(token)
        self.env.flush_all()
        template = self.env.ref("billing_crm.mail_template_link_renewal")
        theirs = f"object.recipient_id.id == {self.contact.id}"
        template.lang = "{{ object.no_such_field if " + theirs + " else False }}"
        with self.assertLogs("odoo.addons.billing_crm", "ERROR"):
            [mail] = self.run_job()
        self.assertIn(self.partner_a.email, mail["email_to"][0])
        self.assertFalse(self.link.renewal_asked_on)
