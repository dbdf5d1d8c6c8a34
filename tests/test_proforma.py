from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .common import BillingCommon


class ProformaCommon(BillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax = cls.company_data["default_tax_sale"]

    @classmethod
    def estimate(cls, *lines, partner=None, **values):
        """A pro forma; a line is (quantity, price) or a dict of values."""
        commands = []
        for line in lines or ((10, 100.0),):
            if not isinstance(line, dict):
                line = {"name": "Work", "quantity": line[0], "price_unit": line[1], "tax_ids": []}
            commands.append(Command.create(line))
        return cls.env["billing.proforma"].create(
            {"partner_id": (partner or cls.partner_a).id, "line_ids": commands, **values}
        )

    @classmethod
    def invoice(cls, proforma, mode="remaining", quantities=None, post=True, **values):
        """Make an invoice with the wizard, of what was sent at the latest now."""
        proforma._mark_sent()
        wizard = cls.env["billing.proforma.invoice"].create(
            {"proforma_id": proforma.id, "mode": mode, **values}
        )
        for line, quantity in zip(wizard.line_ids, quantities or (), strict=False):
            line.quantity = quantity
        invoice = cls.env["account.move"].browse(wizard.action_create_invoice()["res_id"])
        if post:
            invoice.action_post()
        cls.env.invalidate_all()
        return invoice


@tagged("post_install", "-at_install")
class TestProforma(ProformaCommon):
    def test_from_the_first_click_to_the_invoice(self):
        with Form(self.env["billing.proforma"]) as form:
            form.partner_id = self.partner_a
            with form.line_ids.new() as line:
                line.product_id = self.product_a
                line.quantity = 2
        proforma = form.save()
        self.assertRegex(proforma.name, r"PF/\d{4}/00001")
        self.assertEqual(proforma.status, "draft")
        self.assertEqual(proforma.line_ids.tax_ids, self.product_a.taxes_id)
        self.assertEqual((proforma.amount_untaxed, proforma.amount_total), (2000.0, 2300.0))
        proforma._mark_sent()
        proforma.action_accept()
        invoice = self.invoice(proforma)
        self.assertEqual(invoice.amount_total, 2300.0)
        self.assertEqual(invoice.invoice_line_ids.billing_proforma_line_id, proforma.line_ids)
        self.assertEqual(invoice.invoice_origin, proforma.name)
        self.assertEqual((proforma.status, proforma.amount_difference), ("invoiced", 0.0))

    def test_an_estimate_owes_nothing(self):
        entries = self.env["account.move"].search_count([])
        proforma = self.estimate()
        proforma._mark_sent()
        proforma.action_accept()
        self.assertEqual(self.env["account.move"].search_count([]), entries)
        self.assertFalse(
            self.env["billing.receivable"].search([("partner_id", "=", self.partner_a.id)])
        )

    def test_numbers_are_of_a_series_of_their_own(self):
        with freeze_time("2027-05-01"):
            names = [self.estimate().name for _i in range(2)]
        self.assertEqual(names, ["PF/2027/00001", "PF/2027/00002"])
        with freeze_time("2028-02-29"):
            self.assertEqual(self.estimate().name, "PF/2028/00001")
        offer = self.env["billing.invoice.type"].create(
            {"name": "Offer", "behavior": "proforma", "number_prefix": "OFF"}
        )
        self.assertRegex(self.estimate(billing_type_id=offer.id).name, r"OFF/\d{4}/00001")
        other = self.setup_other_company()["company"]
        theirs = (
            self.env["billing.proforma"]
            .with_company(other)
            .create({"partner_id": self.partner_a.id, "company_id": other.id, "date": "2027-01-01"})
        )
        self.assertEqual(theirs.name, "PF/2027/00001")

    def test_status_over_time(self):
        proforma = self.estimate(date=self.day(-40), validity_date=self.day(-1))
        self.assertEqual(proforma.status, "draft")
        proforma._mark_sent()
        self.assertEqual(proforma.status, "expired")
        proforma.validity_date = self.day(0)
        self.assertEqual(proforma.status, "sent", "the last day counts")
        found = self.env["billing.proforma"].search([("status", "=", "sent")])
        self.assertIn(proforma, found)
        groups = self.env["billing.proforma"]._read_group(
            [("id", "=", proforma.id)], ["status"], ["__count"]
        )
        self.assertEqual(groups, [("sent", 1)])
        proforma.action_accept()
        invoice = self.invoice(proforma, "percent", percent=40, post=False)
        self.assertEqual(proforma.status, "accepted", "a draft is no invoice yet")
        invoice.action_post()
        self.env.invalidate_all()
        self.assertEqual(proforma.status, "partly_invoiced")
        proforma.action_close()
        self.assertEqual(proforma.status, "invoiced")
        proforma.action_reopen()
        self.assertEqual(proforma.status, "partly_invoiced")

    def test_what_was_sent_is_not_changed_behind_the_customers_back(self):
        proforma = self.estimate()
        proforma._mark_sent()
        for change in (
            lambda: proforma.line_ids.write({"price_unit": 1.0}),
            lambda: proforma.write({"line_ids": [Command.create({"name": "More"})]}),
            lambda: self.env["billing.proforma.line"].create(
                {"proforma_id": proforma.id, "name": "More"}
            ),
            lambda: proforma.line_ids.unlink(),
            lambda: proforma.write({"partner_id": self.partner_b.id}),
        ):
            with self.assertRaises(UserError):
                change()
        proforma.action_draft()
        proforma.line_ids.price_unit = 1.0
        self.assertEqual(proforma.amount_untaxed, 10.0)

    def test_cancel_delete_duplicate(self):
        proforma = self.estimate(reference="Their 7")
        invoice = self.invoice(proforma)
        with self.assertRaises(UserError):
            proforma.action_cancel()
        with self.assertRaises(UserError):
            proforma.action_draft()
        copy = proforma.copy()
        self.assertNotEqual(copy.name, proforma.name)
        self.assertEqual((copy.status, copy.invoice_count, copy.reference), ("draft", 0, False))
        self.assertEqual(copy.amount_untaxed, 1000.0)
        copy._mark_sent()
        with self.assertRaises(UserError):
            copy.unlink()
        copy.action_cancel()
        copy.unlink()
        invoice.button_draft()
        invoice.button_cancel()
        with self.assertRaises(UserError):
            proforma.unlink()
        proforma.action_cancel()
        self.assertEqual(proforma.status, "cancelled")
        with self.assertRaises(UserError):
            self.invoice(proforma)

    def test_a_type_that_estimates_use_stays_what_it_is(self):
        kind = self.env["billing.invoice.type"].create({"name": "Offer", "behavior": "proforma"})
        self.assertEqual(kind._get_document_model(), "billing.proforma")
        self.estimate(billing_type_id=kind.id)
        self.assertEqual(kind.document_count, 1)
        with self.assertRaises(UserError):
            kind.behavior = "standard"
        with self.assertRaises(UserError):
            kind.unlink()
        standard = self.env["billing.invoice.type"]._get_default(self.company, "standard")
        with self.assertRaises(ValidationError):
            self.estimate(billing_type_id=standard.id)
        with self.assertRaises(ValidationError):
            standard.number_prefix = "PF"

    def test_bad_input_has_one_clear_answer(self):
        proforma = self.estimate()
        for percent in (0, -5, 101):
            with self.assertRaisesRegex(UserError, "up to 100"):
                self.invoice(proforma, "percent", percent=percent)
        with self.assertRaisesRegex(UserError, "wrong sign"):
            self.invoice(proforma, "quantities", quantities=[-1])
        with self.assertRaisesRegex(UserError, "Nothing is left"):
            self.invoice(proforma, "quantities", quantities=[0])
        self.assertFalse(proforma.invoice_ids)
        with self.assertRaises(ValidationError):
            self.estimate(date=self.day(0), validity_date=self.day(-1))
        with self.assertRaises(UserError):
            self.estimate(line_ids=False).action_send()
        self.invoice(proforma)
        with self.assertRaisesRegex(UserError, "Nothing is left"):
            self.invoice(proforma)

    def test_from_an_opportunity(self):
        self.env.user.group_ids += self.env.ref("sales_team.group_sale_salesman")
        lead = self.env["crm.lead"].create(
            {"name": "New roof", "type": "opportunity", "expected_revenue": 5000.0}
        )
        with self.assertRaises(UserError):
            lead.action_new_billing_proforma()
        lead.partner_id = self.partner_a
        action = lead.action_new_billing_proforma()
        proforma = Form(self.env["billing.proforma"].with_context(**action["context"])).save()
        self.assertEqual(proforma.partner_id, self.partner_a)
        self.assertEqual(proforma.amount_untaxed, 5000.0)
        self.assertEqual(proforma.line_ids.name, "New roof")
        self.env.invalidate_all()
        self.assertEqual(lead.billing_proforma_count, 1)
        self.assertEqual(self.partner_a.billing_proforma_count, 1)
