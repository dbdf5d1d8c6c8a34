import base64
from io import BytesIO

from lxml import html
from odoo.tests import tagged
from PIL import Image

from .common import BillingCommon

LAYOUTS = ("standard", "boxed", "bold", "striped", "bubble", "wave", "folder")


@tagged("post_install", "-at_install")
class TestInvoiceTypePrint(BillingCommon):
    """The printed document, as HTML: Odoo makes the PDF of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.write({"street": "1 Seller Street", "city": "Sellertown"})
        cls.partner_a.write({"name": "Buyer & Sons", "street": "2 Buyer Road"})
        cls.retainer = cls.env["billing.invoice.type"].create(
            {
                "name": "Retainer",
                "behavior": "standard",
                "company_id": cls.company.id,
                "title": "Retainer Invoice",
                "footer": "<p>Unused hours expire.</p>",
                "accent_color": "#875a7b",
                "payment_term_id": cls.env.ref("account.account_payment_term_15days").id,
                "properties_definition": [
                    {"name": "project", "type": "char", "string": "Project"},
                    {"name": "empty", "type": "char", "string": "Nothing"},
                ],
            }
        )
        cls.invoice = cls._create_invoice_one_line(
            name="Consulting in March",
            price_unit=1500.0,
            tax_ids=[],
            partner_id=cls.partner_a.id,
            billing_type_id=cls.retainer.id,
            billing_properties={"project": "Harbor <b>"},
            invoice_date="2026-03-01",
        )
        cls.env["res.lang"]._activate_lang("fr_FR")

    def printed(self, moves=None):
        content, _type = self.env["ir.actions.report"]._render_qweb_html(
            "account.account_invoices", (moves or self.invoice).ids
        )
        return html.fromstring(content)

    def text(self, moves=None):
        return " ".join(self.printed(moves).text_content().split())

    def test_everything_a_standard_invoice_must_say(self):
        self.invoice.billing_type_id = self.env["billing.invoice.type"]._get_default(
            self.company, "standard"
        )
        self.invoice.action_post()
        text = self.text()
        for words in (
            self.company.name, "1 Seller Street", "Buyer & Sons", "2 Buyer Road",
            f"Invoice {self.invoice.name}", "Consulting in March", "1,500.00",
            "Payment terms: 15 Days", "03/16/2026",
        ):  # fmt: skip
            self.assertIn(words, text)

    def test_the_types_title_says_the_state_too(self):
        self.assertIn("Draft Retainer Invoice", self.text())
        self.invoice.action_post()
        self.assertIn(f"Retainer Invoice {self.invoice.name}", self.text())
        self.assertNotIn("Draft", self.text())
        self.invoice.button_draft()
        self.invoice.button_cancel()
        self.assertIn("Cancelled Retainer Invoice", self.text())

    def test_without_a_title_of_its_own_odoos_stays(self):
        self.retainer.title = False
        self.invoice.action_post()
        self.assertIn(f"Invoice {self.invoice.name}", self.text())
        self.assertNotIn("Retainer", self.text())

    def test_the_title_and_footer_speak_the_customers_language(self):
        self.retainer.with_context(lang="fr_FR").title = "Facture de provision"
        self.retainer.update_field_translations(
            "footer", {"fr_FR": {"Unused hours expire.": "Les heures expirent."}}
        )
        self.partner_a.lang = "fr_FR"
        self.invoice.action_post()
        self.assertIn(f"Facture de provision {self.invoice.name}", self.text())
        self.assertIn("Les heures expirent.", self.text())
        self.partner_a.lang = "en_US"
        self.assertIn("Unused hours expire.", self.text())

    def test_titles_that_nobody_wrote_are_translated_by_the_module(self):
        self.invoice.action_post()
        note = self._create_debit_note(self.invoice, post=True, reason="Hours")
        self.env["res.lang"]._activate_lang("de_DE")
        for lang, title in (("fr_FR", "Note de débit"), ("de_DE", "Belastungsanzeige")):
            self.assertEqual(note.with_context(lang=lang)._get_billing_title(), title)

    def test_words_of_the_amount_speak_each_customers_language(self):
        """In one run of the printer, as when invoices of many customers are sent."""
        self.company.display_invoice_amount_total_words = True
        self.partner_b.lang = "fr_FR"
        other = self.invoice.copy({"partner_id": self.partner_b.id})
        text = self.text(self.invoice | other)
        self.assertIn("One Thousand", text)
        self.assertIn("Mille", text)

    def test_custom_fields_with_a_value_are_printed(self):
        page = self.printed()
        fields = page.xpath("//*[@name='billing_custom_fields']")
        self.assertEqual(
            [" ".join(f.text_content().split()) for f in fields], ["Project Harbor <b>"]
        )

    def test_another_types_documents_print_nothing_of_it(self):
        self.invoice.billing_type_id = self.env["billing.invoice.type"]._get_default(
            self.company, "standard"
        )
        page = self.printed()
        text = page.text_content()
        self.assertNotIn("Unused hours", text)
        self.assertNotIn("#875a7b", text)
        self.assertFalse(page.xpath("//*[@name='billing_custom_fields']"))

    def test_logo_and_color_in_every_layout(self):
        buffer = BytesIO()
        Image.new("RGB", (20, 10), (10, 200, 30)).save(buffer, "PNG")
        logo = base64.b64encode(buffer.getvalue())
        for company_logo in (logo[:0], self.company.logo):
            for layout in LAYOUTS:
                self.company.external_report_layout_id = self.env.ref(
                    f"web.external_layout_{layout}"
                )
                self.company.logo = company_logo
                self.retainer.logo = logo
                page = self.printed()
                [source] = set(page.xpath("//div[contains(@class, 'header')]//img/@src"))
                stored = self.retainer.logo.decode()
                self.assertTrue(source.endswith(stored), layout)
                self.assertIn("#875a7b !important", page.text_content(), layout)
                self.retainer.logo = False
                sources = self.printed().xpath("//div[contains(@class, 'header')]//img/@src")
                self.assertFalse([s for s in sources if s.endswith(stored)], layout)
