from odoo.tests import tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestSettlement(BillingCommon):
    def settlements(self, move, as_of=None):
        model = self.env["billing.settlement"]
        if as_of is not None:
            model = model.with_context(billing_as_of=self.day(as_of))
        return model.search([("move_id", "=", move.id)])

    def test_a_payment_settles_on_its_date(self):
        invoice = self.bill(due=-20)
        self.pay(invoice, on=-8)
        row = self.settlements(invoice)
        self.assertEqual((row.settled_date, row.days_late), (self.day(-8), 12))
        self.assertEqual((row.partner_id, row.amount), (self.partner_a, 100.0))

    def test_paid_early_is_negative(self):
        invoice = self.bill(due=-5)
        self.pay(invoice, on=-12)
        self.assertEqual(self.settlements(invoice).days_late, -7)

    def test_the_last_partial_payment_settles(self):
        invoice = self.bill(due=-30)
        self.pay(invoice, amount=60.0, on=-25)
        self.assertFalse(self.settlements(invoice))
        self.pay(invoice, on=-10)
        self.assertEqual(self.settlements(invoice).days_late, 20)

    def test_a_credit_note_is_not_a_payment(self):
        invoice = self.bill(due=-30)
        self._reverse_invoice(invoice, post=True)
        self.assertEqual(invoice.payment_state, "reversed")
        self.assertFalse(self.settlements(invoice))

    def test_what_is_settled_later_was_not_settled_then(self):
        invoice = self.bill(due=-30)
        self.pay(invoice, on=-10)
        self.assertFalse(self.settlements(invoice, as_of=-11))
        self.assertTrue(self.settlements(invoice, as_of=-10))

    def test_a_customer_who_becomes_a_contact_has_paid_as_its_company(self):
        customer = self.partner_a.copy({"name": "Bought up"})
        invoice = self.bill(due=-20, partner=customer)
        self.pay(invoice)
        customer.parent_id = self.partner_b
        self.assertEqual(self.settlements(invoice).partner_id, self.partner_b)
