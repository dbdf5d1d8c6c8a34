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

    def test_a_visit_costs_two_queries(self):
        invoice = self.bill()
        links = self.env["billing.link"].sudo()
        token = links._mint(invoice, self.partner_a).split("/")[-1]

        def visit():
            return self.env["billing.event"]._log_visit(
                links._find(token),
                invoice,
                "viewed",
                address="192.0.2.1",
                headers={"User-Agent": f"Browser {len(invoice.billing_event_ids)}"},
                is_scripted=bool(invoice.billing_event_ids),
            )

        self.assertTrue(visit())  # fills Odoo's own caches
        links._find(token)
        self.env.flush_all()
        invoice.billing_event_ids  # noqa: B018
        with self.assertQueryCount(3):  # one of them finds the link
            self.assertTrue(visit())

    def test_what_happens_to_a_contact_happens_to_its_company(self):
        contact = self.env["res.partner"].create({"name": "Bea", "parent_id": self.partner_a.id})
        event = self.env["billing.event"]._log(self.bill(partner=contact), "sent")
        self.assertEqual(event.partner_id, self.partner_a)

    def test_a_settled_credit_note_is_not_an_invoice_paid(self):
        credit_note = self._reverse_invoice(self.bill(), post=True)
        self.assertEqual(credit_note.payment_state, "paid")
        self.assertFalse(credit_note.billing_event_ids)
