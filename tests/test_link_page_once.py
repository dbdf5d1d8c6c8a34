from odoo.tests import tagged

from .common_page import LinkPageCommon


@tagged("post_install", "-at_install")
class TestLinkPageOnce(LinkPageCommon):
    """However often a customer clicks, reloads or opens a tab, an invoice is paid once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # a real provider: what waits with Odoo's "none" is a mere promise of the customer
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE payment_provider SET code = 'real' WHERE id = %s", [cls.provider.id]
        )
        cls.env.invalidate_all()

    def payments(self):
        return self.env["account.payment"].search([("partner_id", "=", self.partner_a.id)])

    def started(self, answer):
        self.assertIn("result", answer, answer)
        return self.env["payment.transaction"].search(
            [("reference", "=", answer["result"]["reference"])]
        )

    def test_two_tabs_that_pay_the_same_go_on_with_one_payment(self):
        first = self.started(self.transaction())
        second = self.started(self.transaction())
        self.assertEqual(first, second)
        self.finish(first)
        self.finish(second)
        self.assertEqual(len(self.payments()), 1)
        self.assertEqual(self.document.payment_state, "paid")
        self.assertIn("error", self.transaction(amount=120.0))

    def test_a_payment_of_something_else_replaces_the_one_begun(self):
        self.document = self.bill_in_halves()
        path = self.env["billing.link"].sudo()._mint(self.document, self.partner_a)
        first = self.started(self.transaction(path=path, amount=150.0))
        second = self.started(self.transaction(path=path, choice="all", amount=300.0))
        self.assertNotEqual(first, second)
        self.assertEqual((first.state, second.state), ("cancel", "draft"))
        self.finish(second)
        first._set_done()
        self.assertEqual(first.state, "cancel", "paid already: a person has to look at it")
        activity = self.document.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertIn(first.reference, activity.note)
        first._set_done()
        self.assertEqual(len(self.document.activity_ids), 1, "said once")
        self.assertEqual(self.payments().mapped("amount"), [300.0])

    def test_money_that_comes_late_counts_if_nothing_else_came(self):
        """A customer goes back to the first tab, and pays there after all."""
        self.document = self.bill_in_halves()
        path = self.env["billing.link"].sudo()._mint(self.document, self.partner_a)
        first = self.started(self.transaction(path=path, amount=150.0))
        second = self.started(self.transaction(path=path, choice="all", amount=300.0))
        self.finish(first)
        self.assertEqual((first.state, second.state), ("done", "cancel"))
        self.assertEqual(self.document.amount_residual, 150.0)
        second._set_done()
        self.assertEqual(second.state, "cancel")
        self.assertTrue(self.document.activity_ids)
        self.assertEqual(self.payments().mapped("amount"), [150.0])

    def test_a_later_installment_is_not_taken_for_a_second_payment(self):
        self.document = self.bill_in_halves()
        path = self.env["billing.link"].sudo()._mint(self.document, self.partner_a)
        self.finish(self.started(self.transaction(path=path, amount=150.0)))
        self.assertEqual(self.document.amount_residual, 150.0)
        self.finish(self.started(self.transaction(path=path, amount=150.0)))
        self.assertEqual(self.document.payment_state, "paid")
        self.assertFalse(self.document.activity_ids)

    def test_a_statement_and_a_single_link_do_not_both_take_the_money(self):
        due = self.bill(amount=80.0, due=-5)
        single = self.env["billing.link"].sudo()._mint(due, self.partner_a)
        statement = self.statement()
        ids = "-".join(map(str, self.terms(due, self.document).ids))
        both = self.started(self.start(f"{statement}/pay/{ids}", amount=200.0))
        self.document = due
        one = self.started(self.transaction(path=single, amount=80.0))
        self.assertEqual(both.state, "cancel")
        one._set_pending()
        self.assertIn("error", self.start(f"{statement}/pay/{ids}", amount=200.0))
        both._set_done()
        self.assertEqual(both.state, "cancel")
        self.assertNotIn("o_payment_form", self.get(single).text)

    def test_what_waits_for_the_bank_is_not_offered_on_the_statement(self):
        self.transaction()
        self.document.transaction_ids._set_pending()
        path = self.statement()
        page = self.get(path).text
        self.assertIn("being processed", page)
        self.assertNotIn("o_payment_form", page)
        ids = self.terms(self.document).id
        self.assertIn("error", self.start(f"{path}/pay/{ids}", amount=120.0))

    def test_a_payment_begun_long_ago_is_not_taken_up_again(self):
        first = self.started(self.transaction())
        self.env.cr.execute(
            "UPDATE payment_transaction SET create_date = create_date - interval '2 hours'"
        )
        self.env.invalidate_all()
        second = self.started(self.transaction())
        self.assertNotEqual(first, second)
        self.assertEqual(first.state, "cancel")

    def test_payments_begun_elsewhere_are_left_alone(self):
        other = self._create_transaction("direct", invoice_ids=[self.document.id], reference="X")
        self.transaction()
        self.assertEqual(other.state, "draft")
