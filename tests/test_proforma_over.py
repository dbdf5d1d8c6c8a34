from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .test_proforma import ProformaCommon


@tagged("post_install", "-at_install")
class TestProformaOver(ProformaCommon):
    """What was estimated is not exceeded, or changed after it was invoiced, by mistake."""

    def test_percentages_that_come_to_more_than_the_estimate(self):
        proforma = self.estimate((10, 100.0), (1, 500.0))
        self.invoice(proforma, "percent", percent=60)
        self.invoice(proforma, "percent", percent=30, post=False)
        with self.assertRaisesRegex(UserError, "only 10.00 % of it is left.*Tick"):
            self.invoice(proforma, "percent", percent=11)
        self.assertEqual(len(proforma.invoice_ids), 2)
        self.invoice(proforma, "percent", percent=10)
        self.assertEqual(proforma.amount_difference, -450.0, "one of them is a draft")
        over = self.invoice(proforma, "percent", percent=20, allow_over=True)
        self.assertEqual(over.amount_untaxed, 300.0)

    def test_one_line_that_is_exceeded(self):
        proforma = self.estimate((10, 100.0), (1, 500.0))
        self.invoice(proforma, "quantities", quantities=[8, 0])
        with self.assertRaisesRegex(UserError, "only 20.00 %"):
            self.invoice(proforma, "percent", percent=50)
        with self.assertRaisesRegex(UserError, "only 20.00 %"):
            self.invoice(proforma, "quantities", quantities=[3, 0])
        self.invoice(proforma, "quantities", quantities=[5, 0], allow_over=True)
        with self.assertRaisesRegex(UserError, "only 0.00 %"):
            self.invoice(proforma, "quantities", quantities=[1, 0])
        self.assertEqual(self.invoice(proforma).amount_untaxed, 500.0)

    def test_the_wizard_asks(self):
        proforma = self.estimate((-2, 100.0), (0, 5.0), (10, 100.0))
        self.invoice(proforma, "percent", percent=60)
        form = Form(
            self.env["billing.proforma.invoice"].with_context(default_proforma_id=proforma.id)
        )
        self.assertFalse(form.is_over)
        form.mode = "percent"
        form.percent = 40
        self.assertFalse(form.is_over)
        form.percent = 41
        self.assertTrue(form.is_over)
        wizard = form.save()
        with self.assertRaisesRegex(UserError, "only 40.00 %"):
            wizard.action_create_invoice()
        wizard.allow_over = True
        self.assertEqual(
            self.env["account.move"].browse(wizard.action_create_invoice()["res_id"]).amount_total,
            328.0,
        )

    def test_a_draft_is_not_invoiced(self):
        proforma = self.estimate()
        wizard = self.env["billing.proforma.invoice"].create({"proforma_id": proforma.id})
        with self.assertRaisesRegex(UserError, "still a draft"):
            wizard.action_create_invoice()
        self.assertFalse(proforma.invoice_ids)
        proforma.action_mark_sent()
        wizard.action_create_invoice()

    def test_what_was_invoiced_stays_as_it_is(self):
        proforma = self.estimate()
        invoice = self.invoice(proforma, post=False)
        invoice.button_cancel()
        self.env.invalidate_all()
        proforma.action_draft()
        invoice.button_draft()
        self.env.invalidate_all()
        for change in (
            lambda: proforma.line_ids.write({"quantity": 5}),
            lambda: proforma.write({"line_ids": [Command.create({"name": "More"})]}),
            lambda: proforma.line_ids.unlink(),
        ):
            with self.assertRaisesRegex(UserError, "invoices were made"):
                change()
        self.assertEqual(proforma.line_ids.quantity, 10)
