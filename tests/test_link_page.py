from odoo.fields import Command
from odoo.tests import tagged

from .common_page import BROWSER, LinkPageCommon


@tagged("post_install", "-at_install")
class TestLinkPage(LinkPageCommon):
    """What the page shows and to whom; what a visit is."""

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

    def test_the_page_speaks_the_recipients_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.partner_a.lang = "fr_FR"
        self.assertIn("120,00", self.get(self.path).text)

    def test_an_invoice_given_to_another_customer_is_not_shown_to_the_first(self):
        self.document.button_draft()
        self.document.partner_id = self.partner_b
        self.assertEqual(self.get(self.path).status_code, 404, "a draft")
        self.document.action_post()
        self.assertEqual(self.get(self.path).status_code, 404)
        self.assertEqual(self.get(f"{self.path}/{self.document.id}/pdf").status_code, 404)

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

    def test_the_link_of_an_invoice_withdrawn_leads_nowhere(self):
        self.document.button_draft()
        response = self.get(self.path)
        self.assertEqual(response.status_code, 404)
        self.assertNotIn("120.00", response.text)

    def test_the_recipients_language_comes_before_the_customers(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        contact = self.env["res.partner"].create(
            {"name": "Bea", "parent_id": self.partner_a.id, "lang": "fr_FR"}
        )
        path = self.env["billing.link"].sudo()._mint(self.document, contact)
        self.assertIn("120,00", self.get(path).text)

    def test_a_visit_writes_nothing_to_the_invoice(self):
        """Odoo's own section of a line does: computing it writes to the invoice."""
        invoice = self.sections()
        invoice.action_post()
        path = self.env["billing.link"].sudo()._mint(invoice, self.partner_a)
        for model in ("account.move", "account.move.line", "payment.transaction"):
            self.patch(self.env.registry[model], "write", lambda *_args: self.fail("written"))
        self.assertEqual(self.get(path).status_code, 200)

    def sections(self):
        return self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner_a.id,
                "invoice_date": self.today,
                "invoice_line_ids": [
                    Command.create({"sequence": sequence, "tax_ids": [], **values})
                    for sequence, values in enumerate(
                        (
                            {"display_type": "line_section", "name": "Open"},
                            {"name": "Oak", "price_unit": 10.01},
                            {"display_type": "line_note", "name": "A remark"},
                            {
                                "display_type": "line_section",
                                "name": "Closed",
                                "collapse_composition": True,
                            },
                            {"name": "Hidden work", "price_unit": 20.02},
                            {"name": "Hidden goods", "price_unit": 0.03, "quantity": 2},
                            {
                                "display_type": "line_section",
                                "name": "Lump",
                                "collapse_prices": True,
                            },
                            {"name": "Unpriced", "price_unit": 30.03},
                        )
                    )
                ],
            }
        )

    def test_sections_hide_what_they_hide_on_paper(self):
        invoice = self.sections()
        invoice.action_post()
        rows = [
            (row["line"].name, row["has_amount"] and round(row["amount"], 2))
            for row in invoice._get_billing_page_lines()
        ]
        self.assertEqual(
            rows,
            [
                ("Open", False),
                ("Oak", 10.01),
                ("A remark", False),
                ("Closed", 20.08),
                ("Lump", 30.03),
                ("Unpriced", False),
            ],
        )
        path = self.env["billing.link"].sudo()._mint(invoice, self.partner_a)
        page = self.get(path).text
        self.assertNotIn("Hidden", page)
        self.assertIn("A remark", page)

    def test_the_page_costs_little_more_than_odoos_own(self):
        """Queries of the page and of the portal's page of the same invoice, as a stranger."""
        portal = self.document.get_portal_url()

        def count(path):
            self.get(path)  # fills the caches
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertIn("o_payment_form", self.get(path).text)
            return self.env.cr.sql_log_count - before

        ours, theirs = count(self.path), count(portal)
        self.assertGreater(theirs, 10, "or nothing was counted")
        self.assertLessEqual(ours, theirs + 8)
