from odoo.tests import tagged

from .common_page import LinkPageCommon


@tagged("post_install", "-at_install")
class TestLinkPagePayment(LinkPageCommon):
    """Paying one invoice: what, how much, through whom, and once."""

    def test_paying_starts_a_transaction_of_what_is_owed(self):
        for amount in (0.01, 120.01, "120", None, [], 1e300):
            self.assertIn("error", self.transaction(amount=amount), "not what the page showed")
        self.assertFalse(self.document.transaction_ids)
        answer = self.transaction()
        self.assertIn("result", answer, answer)
        transaction = self.document.transaction_ids
        self.assertEqual((transaction.amount, transaction.currency_id),
                         (120.0, self.document.currency_id))  # fmt: skip
        self.assertEqual(transaction.landing_route, "/billing/paid",
                         "neither the secret nor an address of the browser's choice")  # fmt: skip
        self.assertEqual(self.kinds(), ["payment_started"])
        self.assertEqual(self.document.billing_status, "payment_started")

    def test_a_saved_card_cannot_be_used_by_whoever_holds_the_link(self):
        token = self._create_token(partner_id=self.partner_a.id)
        answer = self.transaction(flow="token", token_id=token.id)
        self.assertIn("error", answer)
        self.assertFalse(self.document.transaction_ids)
        self.assertNotIn(token.payment_details, self.get(self.path).text)

    def test_what_is_paid_cannot_be_paid_again(self):
        self.pay(self.document)
        self.assertIn("error", self.transaction())
        page = self.get(self.path).text
        self.assertNotIn("o_payment_form", page)
        self.assertIn("nothing left to pay", page)

    def test_after_paying_the_customer_comes_back_to_the_page(self):
        self.assertEqual(self.get("/billing/paid").status_code, 404, "a stranger sees nothing")
        self.transaction()
        response = self.get("/billing/paid")
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].endswith(f"{self.path}/{self.document.id}"))

    def test_no_payment_provider_shows_the_bank_account(self):
        self.provider.state = "disabled"
        bank = self.env["res.partner.bank"].create(
            {
                "acc_number": "BE68539007547034",
                "partner_id": self.company.partner_id.id,
                "allow_out_payment": True,
            }
        )
        self.document.partner_bank_id = bank
        page = self.get(self.path).text
        self.assertIn("BE68539007547034", page)
        self.assertIn(self.document.payment_reference, page)

    def test_a_second_tab_cannot_pay_while_the_first_is_being_booked(self):
        self.transaction()
        self.document.transaction_ids.write({"state": "done", "is_post_processed": False})
        self.assertIn("error", self.transaction())
        self.assertNotIn("o_payment_form", self.get(self.path).text)

    def test_what_waits_for_the_bank_cannot_be_paid_again(self):
        self.patch(
            self.env.registry["account.move"],
            "_get_invoice_in_payment_state",
            lambda move: "in_payment",
        )
        bank = self.company_data["default_journal_bank"]
        bank.inbound_payment_method_line_ids.payment_account_id = False
        self.pay(self.document)
        self.assertEqual(self.document.payment_state, "in_payment", "or this test shows nothing")
        self.assertIn("error", self.transaction())
        self.assertNotIn("o_payment_form", self.get(self.path).text)

    def test_only_what_the_page_offers_is_taken(self):
        hidden = self.provider.copy({"state": "disabled"})
        for provider_id in (hidden.id, 999999999, "x", None):
            self.assertIn("error", self.transaction(provider_id=provider_id))
        self.assertFalse(self.document.transaction_ids)

    def test_the_browser_decides_nothing_about_a_payment(self):
        self.provider.allow_tokenization = True
        self.payment_method.support_tokenization = True
        self.assertNotIn("o_payment_tokenize_checkbox", self.get(self.path).text)
        answer = self.transaction(tokenization_requested=True, is_validation=True)
        self.assertIn("result", answer, answer)
        transaction = self.document.transaction_ids
        self.assertFalse(transaction.tokenize)
        self.assertEqual((transaction.operation, transaction.amount), ("online_direct", 120.0))

    def test_an_invoice_paid_through_another_link_cannot(self):
        due, other = self.bill(amount=55.0, due=-10), self.bill(amount=44.0, due=-10)
        _reminder, path = self.remind()
        self.env["billing.event"]._log(due, "payment_started", link=self.link)
        self.pay(due)
        self.assertEqual(self.get(f"{path}/{other.id}").status_code, 200)
        self.assertEqual(self.get(f"{path}/{due.id}").status_code, 404)

    def test_a_customer_chooses_among_what_the_server_names(self):
        self.document = self.bill_in_halves()
        path = self.env["billing.link"].sudo()._mint(self.document, self.partner_a)
        self.assertIn('data-amount="150.0"', self.get(path).text)
        self.assertIn('data-amount="300.0"', self.get(f"{path}?pay=all").text)
        self.assertIn('data-amount="150.0"', self.get(f"{path}?pay=1").text, "no such choice")
        self.assertIn("error", self.transaction(path=path, choice="installment", amount=150.0))
        self.assertIn("error", self.transaction(path=path, choice="all", amount=150.0))
        self.assertIn("result", self.transaction(path=path, choice="all", amount=300.0))

    def test_an_installment_link_opens_with_it_and_pays_it(self):
        self.document = self.bill_in_halves(first=-10, second=30)
        first, second = self.terms(self.document)
        path = (
            self.env["billing.link"].sudo()._mint(self.document, self.partner_a, line_id=second.id)
        )
        self.assertIn(f"/{self.document.id}/pay/installment", self.get(path).text)
        answer = self.transaction(path=path, choice="installment", amount=150.0)
        self.assertIn("result", answer, answer)
        self.finish(self.document.transaction_ids)
        self.assertTrue(second.reconciled)
        self.assertFalse(first.reconciled, "Odoo alone would have paid this one")
        self.assertIn('data-amount="150.0"', self.get(path).text)
        self.assertIn("Overdue", self.get(path).text)

    def test_installments_that_are_due_together_are_paid_together(self):
        self.document = self.bill_in_halves(first=-40, second=-10)
        path = self.env["billing.link"].sudo()._mint(self.document, self.partner_a)
        page = self.get(path).text
        self.assertIn('data-amount="300.0"', page)
        self.assertNotIn("What do you want to pay now", page)

    def test_only_ways_to_pay_of_the_provider_are_taken(self):
        other = self.payment_method.copy({"code": "other", "provider_ids": False})
        for method in (other.id, 999999999, "x", None):
            self.assertIn("error", self.transaction(payment_method_id=method))
        for flow in ("token", "validation", None, 1):
            self.assertIn("error", self.transaction(flow=flow))
        self.assertFalse(self.document.transaction_ids)

    def bank_account(self):
        self.env.user.group_ids += self.env.ref("base.group_partner_manager")
        return self.env["res.partner.bank"].create(
            {
                "acc_number": "BE68539007547034",
                "partner_id": self.company.partner_id.id,
                "bank_id": self.env["res.bank"].create({"name": "Our Bank", "bic": "GEBABEBB"}).id,
                "acc_holder_name": "Our Holder",
                "allow_out_payment": True,
            }
        )

    def test_bank_details_stand_beside_the_payment_form(self):
        self.document.partner_bank_id = self.bank_account()
        page = self.get(self.path).text
        self.assertIn("o_payment_form", page)
        for text in ("BE68539007547034", "GEBABEBB", "Our Bank", "Our Holder"):
            self.assertIn(text, page)
        self.pay(self.document)
        self.assertNotIn("BE68539007547034", self.get(self.path).text)

    def test_the_qr_code_is_of_what_is_chosen_and_nothing_is_written(self):
        asked = []

        def build(account, amount, *args, **kwargs):
            asked.append((amount, *args))
            return "data:image/png;base64,AAAA"

        self.patch(self.env.registry["res.partner.bank"], "build_qr_code_base64", build)
        self.document = self.bill_in_halves()
        self.document.partner_bank_id = self.bank_account()
        path = self.env["billing.link"].sudo()._mint(self.document, self.partner_a)
        self.assertNotIn("base64,AAAA", self.get(path).text, "the company prints none")
        self.company.qr_code = True
        self.assertIn("base64,AAAA", self.get(path).text)
        self.get(f"{path}?pay=all")
        self.assertEqual([amount for amount, *_rest in asked], [150.0, 300.0])
        reference = self.document.payment_reference
        self.assertEqual(asked[0][1:3], (reference, reference))
        self.assertFalse(self.document.qr_code_method)

    def test_what_was_paid_is_told_in_the_customers_words(self):
        self.company_data["default_journal_bank"].name = "Internal 1"
        self.pay(self.document, amount=20.0)
        self._create_invoice_one_line(
            price_unit=30.0, tax_ids=[], move_type="out_refund", post=True
        )
        credit = self.env["account.move"].search([], order="id desc", limit=1)
        self.document.js_assign_outstanding_line(self.terms(credit).id)
        page = self.get(self.path).text
        self.assertRegex(page, r"(?s)Bank transfer.*20\.00")
        self.assertIn(credit.name, page)
        self.assertRegex(page, r"(?s)Still open.*70\.00")
        self.assertNotIn("Internal 1", page)

    def test_payments_are_told_in_the_currency_of_the_document(self):
        euro = self.setup_other_currency("EUR")
        invoice = self.bill(amount=100.0, due=5, currency_id=euro.id)
        self.pay(invoice, amount=40.0)
        [payment] = invoice._get_billing_payments()
        self.assertEqual((payment["amount"], invoice.amount_residual), (40.0, 60.0))
