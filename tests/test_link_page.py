import json

from odoo.addons.account_payment.tests.common import AccountPaymentCommon
from odoo.addons.base.tests.common import HttpCaseWithUserDemo
from odoo.fields import Command
from odoo.tests import tagged

from .common import BillingCommon

BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Accept-Language": "en-US,en;q=0.5",
}


@tagged("post_install", "-at_install")
class TestLinkPage(BillingCommon, AccountPaymentCommon, HttpCaseWithUserDemo):
    """The page behind a link, over HTTP, as a stranger with a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("account_payment.enable_portal_payment", "True")
        cls.document = cls.bill(amount=120.0, due=10)
        cls.path = cls.env["billing.link"].sudo()._mint(cls.document, cls.partner_a)
        cls.link = cls.env["billing.link"].sudo().search([], limit=1)

    def get(self, path, **headers):
        return self.url_open(path, headers={**BROWSER, **headers}, allow_redirects=False)

    def rpc(self, path, **params):
        response = self.url_open(
            path,
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json", **BROWSER},
        )
        self.assertEqual(response.status_code, 200)
        return response.json()

    def kinds(self, move=None):
        return (move or self.document).billing_event_ids.sorted("id").mapped("kind")

    def transaction(self, path=None, **values):
        return self.rpc(
            f"{path or self.path}/{self.document.id}/pay",
            **{
                "provider_id": self.provider.id,
                "payment_method_id": self.payment_method_id,
                "token_id": None,
                "amount": self.document.amount_residual,
                "flow": "direct",
                "tokenization_requested": False,
                "landing_route": "/nowhere",
                "access_token": None,
                **values,
            },
        )

    def test_the_page_says_who_bills_what(self):
        response = self.get(self.path)
        self.assertEqual(response.status_code, 200)
        self.assertIn(self.document.name, response.text)
        self.assertIn("120.00", response.text)
        self.assertIn(self.company.name, response.text)
        self.assertIn("o_payment_form", response.text)

    def test_the_secret_does_not_leak(self):
        headers = self.get(self.path).headers
        self.assertEqual(headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(headers["Cache-Control"], "no-store")
        self.assertIn("noindex", headers["X-Robots-Tag"])
        self.assertNotIn(self.document._portal_ensure_token(), self.get(self.path).text)

    def test_a_wrong_link_tells_nothing(self):
        expected = self.get("/billing/l/" + "x" * 43)
        self.assertEqual(expected.status_code, 404)
        self.link.action_revoke()
        other = self.bill(due=10, partner=self.partner_b)
        for path in (
            self.path,
            self.path[:-1],
            f"{self.path}/{other.id}",
            f"{self.path}/999999999",
            f"{self.path}/{self.document.id}/pdf",
            "/billing/l/%00",
            "/billing/l/" + "a" * 5000,
            "/billing/l/'%20OR%201=1",
        ):
            response = self.get(path)
            self.assertEqual(response.status_code, 404, path[:60])
            self.assertNotIn(self.document.name, response.text)
        self.assertEqual(self.get(self.path).text.count("link"), expected.text.count("link"))

    def test_a_link_opens_its_own_invoice_only(self):
        other = self.bill(due=10)
        self.assertEqual(self.get(f"{self.path}/{other.id}").status_code, 404)
        self.assertEqual(self.get(f"{self.path}/{other.id}/pdf").status_code, 404)
        self.assertIn("error", self.rpc(f"{self.path}/{other.id}/pay"))

    def test_a_visit_is_recorded_but_is_not_a_reading(self):
        self.get(self.path)
        self.assertEqual(self.kinds(), ["link_clicked"])
        event = self.document.billing_event_ids
        self.assertEqual((event.agent, event.recipient_id, event.link_id),
                         ("unknown", self.partner_a, self.link))  # fmt: skip
        self.assertNotEqual(self.document.billing_status, "viewed")

    def test_machines_are_known(self):
        agents = (
            "", "curl/8.0", "Mozilla/5.0 (compatible; Googlebot/2.1)", "python-requests/2.31",
            "Mozilla/5.0 (via ggpht.com GoogleImageProxy)", "Slackbot-LinkExpanding 1.0",
            "WhatsApp/2 Preview",
        )  # fmt: skip
        for agent in agents:
            self.get(self.path, **{"User-Agent": agent})
            event = self.document.billing_event_ids.sorted("id")[-1]
            self.assertEqual(event.agent, "machine", agent)
            self.assertTrue(event.reason)

    def test_the_beacon_is_a_reading(self):
        self.get(self.path)
        self.rpc(f"{self.path}/seen", invoice_id=self.document.id)
        self.assertEqual(self.kinds(), ["link_clicked", "viewed"])
        self.assertEqual(self.document.billing_status, "viewed")

    def test_a_beacon_with_a_wrong_link_says_the_same_and_does_nothing(self):
        answer = self.rpc("/billing/l/nonsense/seen", invoice_id=self.document.id)
        self.assertEqual(answer["result"], True)
        self.assertFalse(self.kinds())
        self.rpc(f"{self.path}/seen", invoice_id={"$ne": 1})
        self.rpc(f"{self.path}/seen", invoice_id="1; DROP TABLE billing_event")

    def test_staff_do_not_count(self):
        self.authenticate("admin", "admin")
        self.assertEqual(self.get(self.path).status_code, 200)
        self.rpc(f"{self.path}/seen", invoice_id=self.document.id)
        self.assertFalse(self.kinds())

    def test_a_download_is_recorded(self):
        response = self.get(f"{self.path}/{self.document.id}/pdf")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(self.kinds(), ["downloaded"])

    def test_paying_starts_a_transaction_of_what_is_owed(self):
        for amount in (0.01, 120.01, "120", None, [], 1e300):
            self.assertIn("error", self.transaction(amount=amount), "not what the page showed")
        self.assertFalse(self.document.transaction_ids)
        answer = self.transaction()
        self.assertIn("result", answer, answer)
        transaction = self.document.transaction_ids
        self.assertEqual((transaction.amount, transaction.currency_id),
                         (120.0, self.document.currency_id))  # fmt: skip
        self.assertEqual(transaction.landing_route, "/billing/paid",
                         "neither the secret nor an address of the browser's choice")  # fmt: skip
        self.assertEqual(self.kinds(), ["payment_started"])
        self.assertEqual(self.document.billing_status, "payment_started")

    def test_a_saved_card_cannot_be_used_by_whoever_holds_the_link(self):
        token = self._create_token(partner_id=self.partner_a.id)
        answer = self.transaction(flow="token", token_id=token.id)
        self.assertIn("error", answer)
        self.assertFalse(self.document.transaction_ids)
        self.assertNotIn(token.payment_details, self.get(self.path).text)

    def test_what_is_paid_cannot_be_paid_again(self):
        self.pay(self.document)
        self.assertIn("error", self.transaction())
        page = self.get(self.path).text
        self.assertNotIn("o_payment_form", page)
        self.assertIn("nothing left to pay", page)

    def test_after_paying_the_customer_comes_back_to_the_page(self):
        self.assertEqual(self.get("/billing/paid").status_code, 404, "a stranger sees nothing")
        self.transaction()
        response = self.get("/billing/paid")
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].endswith(f"{self.path}/{self.document.id}"))

    def test_the_page_speaks_the_recipients_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.partner_a.lang = "fr_FR"
        self.assertIn("120,00", self.get(self.path).text)

    def test_no_payment_provider_shows_the_bank_account(self):
        self.provider.state = "disabled"
        bank = self.env["res.partner.bank"].create(
            {
                "acc_number": "BE68539007547034",
                "partner_id": self.company.partner_id.id,
                "allow_out_payment": True,
            }
        )
        self.document.partner_bank_id = bank
        page = self.get(self.path).text
        self.assertIn("BE68539007547034", page)
        self.assertIn(self.document.payment_reference, page)

    def test_a_statement_link_leads_to_each_open_invoice(self):
        due = self.bill(amount=55.0, due=-10)
        self.company.billing_reminders_enabled = True
        reminder = self.env["billing.reminder"].sudo()._plan(self.company)
        path = self.env["billing.link"].sudo()._mint(reminder, self.partner_a)
        page = self.get(path).text
        self.assertIn(due.name, page)
        self.assertIn(f"{path}/{due.id}", page)
        self.assertEqual(self.get(f"{path}/{due.id}").status_code, 200)
        stranger = self.bill(due=-10, partner=self.partner_b)
        self.assertEqual(self.get(f"{path}/{stranger.id}").status_code, 404)

    def test_a_statement_deducts_open_credits(self):
        """The page asks for the same sum as the reminder that led to it."""
        self.pay(self.document)
        self.bill(amount=100.0, due=-10)
        self._create_invoice_one_line(
            price_unit=30.0, tax_ids=[], move_type="out_refund", post=True
        )
        self.company.billing_reminders_enabled = True
        reminder = self.env["billing.reminder"].sudo()._plan(self.company)
        path = self.env["billing.link"].sudo()._mint(reminder, self.partner_a)
        self.assertEqual(reminder.amount, 70.0)
        self.assertIn("70.00", self.get(path).text)

    def test_a_statement_shows_kept_credit(self):
        self.pay(self.document)
        self.bill(amount=100.0, due=-10)
        self._create_invoice_one_line(
            price_unit=30.0,
            tax_ids=[],
            move_type="out_refund",
            billing_credit_use="keep",
            post=True,
        )
        page = self.get(self.remind()[1]).text
        self.assertIn("70.00", page)
        self.assertIn("-\ufeff30.00", page)

    def remind(self):
        """A reminder to partner_a, and the path of its link."""
        self.company.billing_reminders_enabled = True
        reminder = self.env["billing.reminder"].sudo()._plan(self.company)
        return reminder, self.env["billing.link"].sudo()._mint(reminder, self.partner_a)

    def test_the_page_of_a_reminder_asks_for_what_the_reminder_asks_for(self):
        self.pay(self.document)
        term = self.env["account.payment.term"].create(
            {
                "name": "Half now, half in 90 days",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 0}),
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 90}),
                ],
            }
        )
        invoice = self.bill(
            amount=300.0, invoice_date=self.day(-10), invoice_payment_term_id=term.id
        )
        self.bill(amount=77.0, due=-10).no_followup = True
        reminder, path = self.remind()
        self.assertEqual(reminder.amount, 150.0)
        self.assertRegex(self.get(path).text, r"(?s)Due now.*150\.00")
        page = self.get(f"{path}/{invoice.id}").text
        self.assertIn('data-amount="150.0"', page)

    def test_an_invoice_given_to_another_customer_is_not_shown_to_the_first(self):
        self.document.button_draft()
        self.document.partner_id = self.partner_b
        self.assertEqual(self.get(self.path).status_code, 404, "a draft")
        self.document.action_post()
        self.assertEqual(self.get(self.path).status_code, 404)
        self.assertEqual(self.get(f"{self.path}/{self.document.id}/pdf").status_code, 404)

    def test_what_was_paid_through_a_statement_stays_visible_there(self):
        self.pay(self.document)
        due = self.bill(amount=55.0, due=-10)
        _reminder, path = self.remind()
        self.document = due
        self.assertIn("result", self.transaction(path=path))
        self.pay(due)
        self.assertIn("nothing left to pay", self.get(f"{path}/{due.id}").text)
        due.button_draft()
        self.assertEqual(self.get(f"{path}/{due.id}").status_code, 404)

    def test_a_second_tab_cannot_pay_while_the_first_is_being_booked(self):
        self.transaction()
        self.document.transaction_ids.write({"state": "done", "is_post_processed": False})
        self.assertIn("error", self.transaction())
        self.assertNotIn("o_payment_form", self.get(self.path).text)

    def test_what_waits_for_the_bank_cannot_be_paid_again(self):
        self.patch(
            self.env.registry["account.move"],
            "_get_invoice_in_payment_state",
            lambda move: "in_payment",
        )
        bank = self.company_data["default_journal_bank"]
        bank.inbound_payment_method_line_ids.payment_account_id = False
        self.pay(self.document)
        self.assertEqual(self.document.payment_state, "in_payment", "or this test shows nothing")
        self.assertIn("error", self.transaction())
        self.assertNotIn("o_payment_form", self.get(self.path).text)

    def test_only_what_the_page_offers_is_taken(self):
        hidden = self.provider.copy({"state": "disabled"})
        for provider_id in (hidden.id, 999999999, "x", None):
            self.assertIn("error", self.transaction(provider_id=provider_id))
        self.assertFalse(self.document.transaction_ids)

    def test_nothing_comes_of_odd_numbers(self):
        _reminder, path = self.remind() if self.bill(due=-10) else None
        for invoice_id in ("0", "0/pdf", "99999999999999999999"):
            self.assertEqual(self.get(f"{path}/{invoice_id}").status_code, 404)
        for invoice_id in (True, 0, -1, [], {}, "1", 1.5):
            self.assertNotIn("error", self.rpc(f"{path}/seen", invoice_id=invoice_id))

    def test_reloading_is_written_down_once(self):
        for _visit in range(3):
            self.get(self.path)
        self.assertEqual(self.kinds(), ["link_clicked"])

    def test_machines_that_ask_only_whether_the_page_is_there_are_known(self):
        for method, headers in (
            ("HEAD", {}),
            ("GET", {"Odoo-Link-Preview": "True"}),
            ("GET", {"Sec-Purpose": "prefetch;prerender"}),
        ):
            self.url_open(self.path, headers={**BROWSER, **headers}, method=method)
            event = self.document.billing_event_ids.sorted("id")[-1]
            self.assertEqual(event.agent, "machine", (method, headers))
        self.get(self.path, **{"Sec-Purpose": "prefetch"})
        self.assertEqual(len(self.kinds()), 3, "two of one sort within the hour are one visit")

    def test_the_browser_decides_nothing_about_a_payment(self):
        self.provider.allow_tokenization = True
        self.payment_method.support_tokenization = True
        self.assertNotIn("o_payment_tokenize_checkbox", self.get(self.path).text)
        answer = self.transaction(tokenization_requested=True, is_validation=True)
        self.assertIn("result", answer, answer)
        transaction = self.document.transaction_ids
        self.assertFalse(transaction.tokenize)
        self.assertEqual((transaction.operation, transaction.amount), ("online_direct", 120.0))

    def test_the_link_of_an_invoice_withdrawn_leads_nowhere(self):
        self.document.button_draft()
        response = self.get(self.path)
        self.assertEqual(response.status_code, 404)
        self.assertNotIn("120.00", response.text)

    def test_an_invoice_paid_through_a_statement_link_can_still_be_seen_there(self):
        due = self.bill(amount=55.0, due=-10)
        _reminder, path = self.remind()
        self.env["billing.event"]._log(
            due, "payment_started", link=self.env["billing.link"].sudo()._find(path.split("/")[-1])
        )
        self.pay(due)
        page = self.get(f"{path}/{due.id}")
        self.assertEqual(page.status_code, 200)
        self.assertIn("nothing left to pay", page.text)

    def test_an_invoice_paid_through_another_link_cannot(self):
        due, other = self.bill(amount=55.0, due=-10), self.bill(amount=44.0, due=-10)
        _reminder, path = self.remind()
        self.env["billing.event"]._log(due, "payment_started", link=self.link)
        self.pay(due)
        self.assertEqual(self.get(f"{path}/{other.id}").status_code, 200)
        self.assertEqual(self.get(f"{path}/{due.id}").status_code, 404)

    def test_a_statement_deducts_credits_of_its_own_company_and_currency_only(self):
        self.bill(amount=100.0, due=-10)
        _reminder, path = self.remind()
        self.assertIn("220.00", self.get(path).text)
        euro = self.setup_other_currency("EUR")
        self._create_invoice_one_line(
            price_unit=7.0, tax_ids=[], move_type="out_refund", post=True, currency_id=euro.id
        )
        self.other_company_invoice(amount=-9.0).action_switch_move_type()
        foreign = self.env["account.move"].sudo().search([], order="id desc", limit=1)
        foreign.action_post()
        self.assertEqual((foreign.move_type, foreign.amount_total), ("out_refund", 9.0))
        self.assertIn("220.00", self.get(path).text)

    def test_the_recipients_language_comes_before_the_customers(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        contact = self.env["res.partner"].create(
            {"name": "Bea", "parent_id": self.partner_a.id, "lang": "fr_FR"}
        )
        path = self.env["billing.link"].sudo()._mint(self.document, contact)
        self.assertIn("120,00", self.get(path).text)
