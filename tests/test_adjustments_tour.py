from odoo.tests import HttpCase, tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestAdjustmentsTour(BillingCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.write({"login": "adjustments_tour", "password": "adjustments_tour"})
        cls.customer = cls.env["res.partner"].create(
            {"name": "Tour Customer", "customer_rank": 1, "property_payment_term_id": False}
        )
        cls.invoice = cls.bill(amount=100.0, partner=cls.customer)

    def documents(self):
        return self.env["account.move"].search(
            [("partner_id", "=", self.customer.id), ("id", "!=", self.invoice.id)], order="id"
        )

    def test_from_a_credited_invoice_to_the_next_one(self):
        self.company.account_sale_tax_id = False
        self.start_tour(
            f"/odoo/customer-invoices/{self.invoice.id}",
            "billing_kept_credit_tour",
            login="adjustments_tour",
        )
        credit_note, invoice = self.documents()
        self.assertEqual(credit_note.billing_credit_use, "keep")
        self.assertEqual((credit_note.amount_residual, invoice.amount_residual), (0.0, 50.0))
        self.assertEqual(self.invoice.amount_residual, 100.0)

    def test_a_mixed_document_from_new_to_posted(self):
        self.company.account_sale_tax_id = False
        self.start_tour("/odoo/customer-invoices", "billing_mixed_tour", login="adjustments_tour")
        document = self.documents()
        self.assertEqual((document.move_type, document.billing_type), ("out_refund", "mixed"))
        self.assertEqual((document.amount_total, document.state), (50.0, "posted"))
        self.assertEqual(self.invoice.billing_adjustment_amount, -150.0)
