from odoo.fields import Command
from odoo.tests import tagged

from .test_proforma import ProformaCommon


@tagged("post_install", "-at_install")
class TestProformaActual(ProformaCommon):
    """What was estimated and what it came to, side by side."""

    def test_altered_to_real_numbers(self):
        proforma = self.estimate((10, 100.0), (1, 500.0))
        hours, travel = proforma.line_ids
        invoice = self.invoice(proforma, post=False)
        self.assertEqual((proforma.amount_in_draft, proforma.amount_invoiced), (1500.0, 0.0))
        invoice.invoice_line_ids[0].quantity = 12
        invoice.invoice_line_ids[1].price_unit = 450.0
        invoice.write(
            {
                "invoice_line_ids": [
                    Command.create({"name": "Parking", "price_unit": 30.0, "tax_ids": []})
                ]
            }
        )
        invoice.action_post()
        self.env.invalidate_all()
        self.assertEqual((hours.quantity_invoiced, hours.amount_difference), (12.0, 200.0))
        self.assertEqual((travel.amount_invoiced, travel.amount_difference), (450.0, -50.0))
        self.assertEqual(proforma.amount_not_estimated, 30.0)
        self.assertEqual(proforma.unplanned_line_ids.name, "Parking")
        self.assertEqual(proforma.amount_invoiced, invoice.amount_untaxed)
        self.assertEqual(proforma.amount_difference, 180.0)
        self.assertEqual(proforma.amount_untaxed, 1500.0, "the estimate stays")
        rows = proforma._get_comparison()
        self.assertEqual([row["difference"] for row in rows], [200.0, -50.0, 30.0])

    def test_a_credit_note_is_deducted(self):
        proforma = self.estimate()
        invoice = self.invoice(proforma)
        credit_note = self._reverse_invoice(invoice, reason="Wrong")
        self.assertEqual(credit_note.billing_proforma_id, proforma)
        self.assertEqual(credit_note.invoice_line_ids.billing_proforma_line_id, proforma.line_ids)
        credit_note.invoice_line_ids.quantity = 4
        credit_note.action_post()
        self.env.invalidate_all()
        self.assertEqual((proforma.line_ids.quantity_invoiced, proforma.amount_invoiced), (6, 600))
        self.assertEqual(proforma.status, "partly_invoiced")
        self.assertEqual(self.invoice(proforma).amount_total, 400.0)
        self.assertEqual(proforma.status, "invoiced")

    def test_a_corrected_invoice_counts_once(self):
        proforma = self.estimate()
        invoice = self.invoice(proforma)
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        wizard.modify_moves()
        self.env.invalidate_all()
        self.assertEqual((proforma.amount_invoiced, proforma.amount_in_draft), (0.0, 1000.0))
        self.assertEqual(proforma.invoice_count, 3)

    def test_a_duplicate_does_not_count_and_a_debit_note_does(self):
        proforma = self.estimate()
        invoice = self.invoice(proforma)
        duplicate = invoice.copy()
        self.assertFalse(duplicate.billing_proforma_id)
        self.assertFalse(duplicate.invoice_line_ids.billing_proforma_line_id)
        debit_note = self._create_debit_note(invoice, copy_lines=True, reason="More")
        debit_note.invoice_line_ids.quantity = 2
        debit_note.action_post()
        self.env.invalidate_all()
        self.assertEqual(proforma.amount_invoiced, 1200.0)
        self.assertEqual(proforma.line_ids.quantity_invoiced, 12.0)

    def test_a_cancelled_invoice_does_not_count(self):
        proforma = self.estimate()
        invoice = self.invoice(proforma)
        invoice.button_draft()
        self.env.invalidate_all()
        self.assertEqual((proforma.amount_invoiced, proforma.amount_in_draft), (0.0, 1000.0))
        invoice.button_cancel()
        self.env.invalidate_all()
        self.assertEqual((proforma.amount_invoiced, proforma.amount_in_draft), (0.0, 0.0))
        self.assertEqual(proforma._get_open_quantities(), {proforma.line_ids: 10.0})
        invoice.unlink()
        self.assertEqual(self.invoice(proforma).amount_total, 1000.0)

    def test_more_than_estimated_is_allowed_and_visible(self):
        proforma = self.estimate()
        self.invoice(proforma, "quantities", quantities=[13], allow_over=True)
        self.assertEqual((proforma.status, proforma.amount_difference), ("invoiced", 300.0))
        self.assertEqual(proforma._get_open_quantities(), {proforma.line_ids: 0.0})

    def test_another_currency_on_the_invoice(self):
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        proforma = self.estimate()
        invoice = self.invoice(proforma, post=False)
        invoice.currency_id = euro
        invoice.invoice_line_ids.price_unit = 200.0
        invoice.action_post()
        self.env.invalidate_all()
        self.assertEqual(invoice.amount_total, 2000.0)
        self.assertEqual((proforma.amount_invoiced, proforma.amount_difference), (1000.0, 0.0))

    def test_another_unit_on_the_invoice(self):
        day = self.env["uom.uom"].create(
            {
                "name": "Day of eight",
                "relative_factor": 8.0,
                "relative_uom_id": self.env.ref("uom.product_uom_hour").id,
            }
        )
        hour = self.env.ref("uom.product_uom_hour")
        proforma = self.estimate(
            {
                "name": "Work",
                "quantity": 16,
                "product_uom_id": hour.id,
                "price_unit": 10.0,
                "tax_ids": [],
            }
        )
        invoice = self.invoice(proforma, post=False)
        invoice.invoice_line_ids.write({"product_uom_id": day.id, "quantity": 2, "price_unit": 80})
        invoice.action_post()
        self.env.invalidate_all()
        self.assertEqual(proforma.line_ids.quantity_invoiced, 16.0)
        self.assertEqual(proforma.status, "invoiced")

    def test_headings_and_notes_come_along(self):
        work = {"quantity": 1, "price_unit": 10.0, "tax_ids": []}
        proforma = self.estimate(
            {"display_type": "line_section", "name": "House"},
            {"name": "Roof", **work},
            {"display_type": "line_note", "name": "Slate"},
            {"display_type": "line_section", "name": "Garden"},
            {"name": "Pond", **work},
        )
        invoice = self.invoice(proforma, "quantities", quantities=[1, 0])
        self.assertEqual(invoice.invoice_line_ids.mapped("name"), ["House", "Roof", "Slate"])
        rest = self.invoice(proforma)
        self.assertEqual(rest.invoice_line_ids.mapped("name"), ["Garden", "Pond"])

    def test_lists_cost_few_queries(self):
        proformas = self.env["billing.proforma"]
        for _i in range(5):
            proforma = self.estimate((1, 10.0), (2, 20.0))
            self.invoice(proforma, "percent", percent=50)
            proformas |= proforma

        def read(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.read(["amount_invoiced", "amount_difference", "status", "invoice_count"])
            records.line_ids.read(["amount_invoiced"])
            return self.env.cr.sql_log_count - before

        read(proformas)
        self.assertEqual(read(proformas), read(proformas[0]))
