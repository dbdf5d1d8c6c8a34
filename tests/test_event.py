from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestEvent(BillingCommon):
    def test_an_event_cannot_be_changed(self):
        event = self.env["billing.event"]._log(self.bill(), "sent")
        with self.assertRaises(UserError):
            event.sudo().write({"kind": "paid"})

    def test_paying_an_invoice_is_an_event(self):
        invoice = self.bill()
        self.pay(invoice, amount=40.0)
        self.assertFalse(invoice.billing_event_ids)
        self.pay(invoice)
        self.assertEqual(invoice.billing_event_ids.mapped("kind"), ["paid"])

    def test_an_event_costs_one_query(self):
        invoices = self.bill() | self.bill()
        self.env["billing.event"]._log(invoices, "sent")  # fills Odoo's own caches
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.env["billing.event"]._log(invoices, "sent")
