import base64
import io
import re
from unittest.mock import patch

import qrcode
from odoo.addons.base.tests.common import HttpCaseWithUserDemo
from odoo.tests import tagged
from PIL import Image

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestLinkPrint(BillingCommon, HttpCaseWithUserDemo):
    """The payment link on paper."""

    def render(self, documents, report="account.account_invoices", **context):
        reports = self.env["ir.actions.report"].with_context(**context)
        return reports._render_qweb_pdf(report, documents.ids)[0].decode()

    def links(self, document):
        return self.env["billing.link"].search([("move_id", "=", document.id)])

    def addresses(self, html):
        return re.findall(r'href="([^"]+/billing/l/[^"]+)"', html)

    def test_an_invoice_shows_a_link_of_its_own(self):
        invoice = self.bill(due=10)
        html = self.render(invoice)
        self.assertIn("Pay online", html)
        [address] = set(self.addresses(html))
        self.assertTrue(address.startswith(invoice.get_base_url()))
        self.assertIn(f">{address}<", html, "readable on paper")
        link = self.env["billing.link"]._find(address.split("/billing/l/")[1])
        self.assertEqual(
            (link.move_id, link.recipient_id.id, link.channel), (invoice, False, "print")
        )

    def read_code(self, encoded):
        """Return the dark modules of a printed QR code, row by row."""
        picture = Image.open(io.BytesIO(base64.b64decode(encoded)))
        count = picture.width // 10  # the library draws a module with ten dots
        dots = [10 * module + 5 for module in range(count)]
        return [[not picture.getpixel((column, row)) for column in dots] for row in dots]

    def test_the_codes_hold_the_addresses(self):
        """Each picture is that of the address printed beside it, and of no other."""
        html = self.render(self.bill(due=10) | self.bill())
        pictures = re.findall(r'<img alt="QR"[^>]* src="data:image/png;base64,([^"]+)"', html)
        addresses = list(dict.fromkeys(self.addresses(html)))
        self.assertEqual((len(pictures), len(addresses)), (2, 2))
        for picture, address in zip(pictures, addresses, strict=True):
            expected = qrcode.QRCode(border=0)
            expected.add_data(address)
            self.assertEqual(self.read_code(picture), expected.get_matrix())

    def test_what_has_nothing_to_pay_shows_none(self):
        paid = self.bill()
        self.pay(paid)
        draft = self._create_invoice_one_line(price_unit=1.0, tax_ids=[])
        credit = self._create_invoice_one_line(
            price_unit=30.0, tax_ids=[], move_type="out_refund", post=True
        )
        bill = self._create_invoice_one_line(
            price_unit=1.0, tax_ids=[], move_type="in_invoice", invoice_date=self.today, post=True
        )
        html = self.render(paid | draft | credit | bill)
        self.assertNotIn("/billing/l/", html)
        self.assertFalse(self.env["billing.link"].search([]))

    def test_the_company_may_switch_it_off(self):
        self.company.billing_link_print = False
        invoice = self.bill()
        self.assertNotIn("/billing/l/", self.render(invoice))
        self.assertFalse(self.links(invoice))

    def test_a_preview_makes_no_link(self):
        invoice = self.bill()
        html = self.env["ir.actions.report"]._render_qweb_html(
            "account.account_invoices", invoice.ids
        )[0]
        self.assertNotIn(b"/billing/l/", html)
        self.assertFalse(self.links(invoice))

    def test_odoos_own_link_does_not_stand_beside_it(self):
        self.company.link_qr_code = True
        html = self.render(self.bill())
        self.assertNotIn("payment_link_qrcode", html)
        self.assertNotIn("payment_token", html)
        self.assertEqual(len(set(self.addresses(html))), 1)

    def test_many_invoices_cost_one_insert(self):
        invoices = self.bill() | self.bill() | self.bill()
        reports = type(self.env["billing.link"])
        with patch.object(reports, "create", autospec=True, side_effect=reports.create) as create:
            self.render(invoices)
        self.assertEqual(create.call_count, 1)
        self.assertEqual(len(self.env["billing.link"].search([])), 3)

    def test_printing_again_makes_another_link(self):
        invoice = self.bill()
        first, second = (set(self.addresses(self.render(invoice))) for _print in range(2))
        self.assertFalse(first & second)
        self.assertEqual(len(self.links(invoice)), 2)

    def test_the_print_route_which_comes_with_a_read_only_cursor(self):
        invoice = self.bill()
        user = self.env.ref("base.user_admin")
        user.write({"company_ids": [(4, self.company.id)], "company_id": self.company.id})
        self.authenticate("admin", "admin")
        response = self.url_open(f"/report/pdf/account.report_invoice/{invoice.id}")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(len(set(self.addresses(response.text))), 1)
        self.assertEqual(len(self.links(invoice)), 1)

    def test_the_portal_route(self):
        invoice = self.bill()
        path = invoice.get_portal_url(report_type="pdf", download=True)
        response = self.url_open(path)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(len(self.links(invoice)), 1)
        self.assertEqual(self.url_open(invoice.get_portal_url(report_type="html")).status_code, 200)
        self.assertEqual(len(self.links(invoice)), 1, "a preview")

    def test_another_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(["billing_crm"], ["fr_FR"])
        self.partner_a.lang = "fr_FR"
        self.assertIn("Payer en ligne", self.render(self.bill()))

    def test_an_estimate_shows_where_to_answer(self):
        estimate = self.env["billing.proforma"].create({"partner_id": self.partner_a.id})
        html = self.render(estimate, "billing_crm.action_report_proforma")
        self.assertIn("Accept or decline online", html)
        [address] = set(self.addresses(html))
        link = self.env["billing.link"]._find(address.split("/billing/l/")[1])
        self.assertEqual((link.proforma_id, link.purpose), (estimate, "proforma"))
