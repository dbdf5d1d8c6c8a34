import base64

from odoo.tests import Form, tagged

from .test_proforma import ProformaCommon

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestProformaPrint(ProformaCommon):
    def render(self, proforma, report="action_report_proforma"):
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            f"billing_crm.{report}", proforma.ids
        )
        return html.decode()

    def test_it_says_what_it_is_and_what_it_is_not(self):
        kind = self.env["billing.invoice.type"].create(
            {
                "name": "Offer",
                "title": "Cost Estimate",
                "behavior": "proforma",
                "footer": "<p>Made with care.</p>",
                "accent_color": "#aa1122",
                "logo": base64.b64encode(PIXEL),
            }
        )
        proforma = self.estimate(billing_type_id=kind.id, reference="Their 7")
        page = self.render(proforma)
        for text in ("Cost Estimate", proforma.name, "It is not an invoice", "1,000.00",
                     "Their 7", "Made with care.", "#aa1122", self.partner_a.name):  # fmt: skip
            self.assertIn(text, page)
        self.assertNotIn("Payment Communication", page)

    def test_words_are_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.company.display_invoice_amount_total_words = True
        proforma = self.estimate((1, 21.0))
        self.assertIn("Twenty-One", self.render(proforma))
        self.partner_a.lang = "fr_FR"
        self.assertIn("Vingt", self.render(proforma))

    def test_many_at_once(self):
        proformas = self.estimate() | self.estimate(partner=self.partner_b)
        page = self.render(proformas)
        for proforma in proformas:
            self.assertIn(proforma.name, page)

    def test_the_comparison(self):
        proforma = self.estimate((10, 100.0))
        invoice = self.invoice(proforma, "percent", percent=30, post=False)
        invoice.write(
            {"invoice_line_ids": [(0, 0, {"name": "Parking", "price_unit": 30, "tax_ids": []})]}
        )
        invoice.action_post()
        self.env.invalidate_all()
        page = self.render(proforma, "action_report_proforma_comparison")
        for text in ("1,000.00", "300.00", "Not estimated", "Parking", invoice.name, "330.00"):
            self.assertIn(text, page)

    def test_custom_fields_are_printed(self):
        kind = self.env["billing.invoice.type"]._get_default(self.company, "proforma")
        kind.properties_definition = [{"name": "site", "type": "char", "string": "Site"}]
        proforma = self.estimate()
        proforma.billing_properties = {"site": "Harbor 7"}
        self.assertIn("Harbor 7", self.render(proforma))
        self.assertIn("Harbor 7", self.render(proforma.copy()))

    def test_a_salesperson_can_open_all_of_it(self):
        user = self.make_user("pf_form", "sales_team.group_sale_salesman")
        with Form(self.env["billing.proforma"].with_user(user)) as form:
            form.partner_id = self.partner_a
            with form.line_ids.new() as line:
                line.product_id = self.product_a
        proforma = form.save()
        self.invoice(proforma.with_user(self.env.user), "percent", percent=50)
        self.assertEqual(Form(proforma.with_user(user)).amount_invoiced, 500.0)
        self.assertIn(proforma.name, self.render(proforma.with_user(user)))
