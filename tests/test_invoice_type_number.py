from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestInvoiceTypeNumber(BillingCommon):
    """A number prefix that comes, changes or goes while the type is in use."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.types = cls.env["billing.invoice.type"]
        cls.retainer = cls.types.create({"name": "Retainer", "behavior": "standard"})

    def number(self, invoice_type=None):
        """Post an invoice of March 2026 and return its number."""
        values = {"billing_type_id": invoice_type.id} if invoice_type else {}
        return self.bill(invoice_date="2026-03-01", **values).name

    def test_a_prefix_given_later_counts_from_the_next_document(self):
        self.assertEqual(self.number(self.retainer), "INV/2026/00001")
        self.assertEqual(self.number(), "INV/2026/00002")
        self.retainer.number_prefix = "RET"
        self.assertEqual(self.number(self.retainer), "RET/2026/00001")
        self.assertEqual(self.number(self.retainer), "RET/2026/00002")
        self.assertEqual(self.number(), "INV/2026/00003")

    def test_the_others_go_on_where_the_type_was_numbered_with_them(self):
        for _round in range(3):
            self.number(self.retainer)
        self.retainer.number_prefix = "RET"
        move = self.init_invoice("out_invoice", invoice_date="2026-03-01", amounts=[100.0])
        self.assertEqual(move._get_last_sequence(), "INV/2026/00003")

    def test_a_prefix_that_is_not_used_yet_can_change(self):
        self.retainer.number_prefix = "RET"
        self.retainer.number_prefix = "HON"
        self.assertEqual(self.number(self.retainer), "HON/2026/00001")
        self.retainer.write({"number_prefix": "HON", "name": "Honorarium"})
        self.assertEqual(self.number(), "INV/2026/00001")

    def test_a_prefix_in_use_stays(self):
        self.retainer.number_prefix = "RET"
        self.number()
        self.number(self.retainer)
        for prefix in (False, "HON"):
            with self.assertRaisesRegex(UserError, "numbered"):
                self.retainer.number_prefix = prefix
        self.retainer.active = False
        self.assertEqual(self.number(), "INV/2026/00002")
