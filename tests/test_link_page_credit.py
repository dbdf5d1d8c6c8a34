from odoo.http import Request
from odoo.tests import tagged

from .common_page import BROWSER, LinkPageCommon


@tagged("post_install", "-at_install")
class TestLinkPageCredit(LinkPageCommon):
    """A customer may use their credits, if the company says so: theirs only, and once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.billing_link_use_credits = True
        cls.old = cls.bill(amount=100.0, due=-10)

    def setUp(self):
        super().setUp()
        self.statement_path = self.statement()

    def refund(self, amount=30.0, **values):
        self._create_invoice_one_line(
            price_unit=amount, tax_ids=[], move_type="out_refund", post=True, **values
        )
        return self.env["account.move"].search([], order="id desc", limit=1)

    def use(self, *lines, token=None):
        self.authenticate(None, None)
        return self.url_open(
            f"{self.statement_path}/credit",
            data={
                "csrf_token": token or Request.csrf_token(self),
                "item": [line.id for line in lines],
            },
            headers=BROWSER,
            allow_redirects=False,
        )

    def test_credit_is_used_once(self):
        credit = self.refund()
        self.assertIn("Use my credit", self.get(self.statement_path).text)
        response = self.use(self.terms(self.old))
        self.assertEqual(response.status_code, 303)
        self.assertEqual((self.old.amount_residual, credit.amount_residual), (70.0, 0.0))
        self.assertEqual(self.document.amount_residual, 120.0, "not ticked")
        self.assertIn("used their credit", "".join(self.old.message_ids.mapped("body")))
        again = self.use(self.terms(self.old))
        self.assertIn("no credit that can be used", again.text)
        self.assertEqual(self.old.amount_residual, 70.0)
        self.assertIn("70.00", self.get(self.statement_path).text)

    def test_only_if_the_company_says_so(self):
        self.company.billing_link_use_credits = False
        self.refund()
        self.assertNotIn("Use my credit", self.get(self.statement_path).text)
        self.use(self.terms(self.old))
        self.assertEqual(self.old.amount_residual, 100.0)

    def test_a_forged_request_does_nothing(self):
        self.refund()
        self.assertEqual(self.use(self.terms(self.old), token="x").status_code, 400)
        self.assertIn(self.get(f"{self.statement_path}/credit").status_code, (404, 405))
        self.assertEqual(self.old.amount_residual, 100.0)

    def test_only_money_that_is_free_to_use(self):
        self.refund(billing_credit_use="refund")
        self.refund(partner_id=self.partner_b.id)
        euro = self.setup_other_currency("EUR")
        self.refund(currency_id=euro.id)
        self.other_company_invoice(amount=-9.0).action_switch_move_type()
        self.env["account.move"].sudo().search([], order="id desc", limit=1).action_post()
        self.env["account.payment"].create(
            {"payment_type": "inbound", "partner_type": "customer", "amount": 11.0,
             "partner_id": self.partner_a.id}
        ).action_post()  # fmt: skip
        self._create_invoice_one_line(
            price_unit=12.0, tax_ids=[], move_type="in_refund", invoice_date=self.today, post=True
        )
        self.assertNotIn("Use my credit", self.get(self.statement_path).text)
        self.use(self.terms(self.old))
        self.assertEqual(self.old.amount_residual, 100.0)

    def test_money_that_has_arrived_is_free_to_use(self):
        payment = self.env["account.payment"].create(
            {"payment_type": "inbound", "partner_type": "customer", "amount": 11.0,
             "partner_id": self.partner_a.id}
        )  # fmt: skip
        payment.action_post()
        payment.state = "paid"
        self.use(self.terms(self.old))
        self.assertEqual(self.old.amount_residual, 89.0)

    def test_nothing_foreign_is_settled_with_it(self):
        self.refund()
        stranger = self.terms(self.bill(amount=10.0, due=-5, partner=self.partner_b))
        self.use(self.terms(self.old), stranger)
        self.use(stranger)
        self.assertEqual((self.old.amount_residual, stranger.amount_residual), (100.0, 10.0))

    def test_credit_replaces_a_payment_that_was_only_begun(self):
        line = self.terms(self.old)
        answer = self.start(f"{self.statement_path}/pay/{line.id}", amount=100.0)
        self.assertIn("result", answer, answer)
        self.refund()
        self.use(line)
        self.assertEqual(self.old.transaction_ids.state, "cancel")

    def test_staff_who_look_use_nothing(self):
        self.refund()
        self.authenticate("admin", "admin")
        response = self.url_open(
            f"{self.statement_path}/credit",
            data={"csrf_token": Request.csrf_token(self), "item": self.terms(self.old).id},
        )
        self.assertIn("Only they can do this", response.text)
        self.assertEqual(self.old.amount_residual, 100.0)
