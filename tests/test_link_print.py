import base64
import io
import re
from unittest.mock import patch

from odoo.addons.base.tests.common import HttpCaseWithUserDemo
from odoo.addons.billing_crm.models.tracking import billing_link_mixin, qr_code
from odoo.tests import tagged
from PIL import Image
from reportlab.graphics.barcode.qr import QrCodeWidget

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

    def test_the_code_holds_the_address(self):
        """The modules of the picture are those of the address, and of no other."""
        invoice = self.bill(due=10)
        html = self.render(invoice)
        encoded = re.search(r'<img alt="QR"[^>]* src="data:image/png;base64,([^"]+)"', html)[1]
        picture = Image.open(io.BytesIO(base64.b64decode(encoded)))
        code = QrCodeWidget(self.addresses(html)[0], barLevel="M").qr
        code.make()
        size = code.getModuleCount()
        self.assertEqual(picture.size, (size * qr_code.SCALE,) * 2)
        middle = qr_code.SCALE // 2
        for row in range(size):
            for column in range(size):
                dot = picture.getpixel(
                    (column * qr_code.SCALE + middle, row * qr_code.SCALE + middle)
                )
                self.assertEqual(not dot, code.isDark(row, column), (row, column))

    def test_what_is_drawn_is_what_is_linked(self):
        with patch.object(
            billing_link_mixin, "draw_qr_code", side_effect=qr_code.draw_qr_code
        ) as draw:
            html = self.render(self.bill() | self.bill())
        drawn = [call.args[0] for call in draw.call_args_list]
        self.assertEqual(len(set(drawn)), 2)
        self.assertEqual(set(drawn), set(self.addresses(html)))

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
