import re

from odoo.tests import tagged

from .common_page import BROWSER, LinkPageCommon


@tagged("post_install", "-at_install")
class TestPromisePage(LinkPageCommon):
    """Promising a date on the page behind a link, as a stranger with a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.overdue = cls.bill(amount=500.0, due=-10)
        cls.link_path = cls.env["billing.link"].sudo()._mint(cls.overdue, cls.partner_a)

    def post(self, path, session=True, **values):
        if session:
            page = self.get(self.link_path).text
            values["csrf_token"] = re.search(r'csrf_token: "([^"]+)"', page)[1]
        return self.url_open(path, data=values, headers=BROWSER, allow_redirects=False)

    def send(self, path=None, day=5, amount="500.00", **values):
        currency = str(self.company.currency_id.id)
        return self.post(
            f"{path or self.link_path}/promise",
            **{"day": str(self.day(day)), "amount": amount, "currency": currency, **values},
        )

    def promises(self):
        self.env.invalidate_all()
        return self.env["billing.promise"].search([], order="id")

    def test_a_customer_promises_and_the_page_says_so(self):
        page = self.get(self.link_path).text
        self.assertIn("Promise a date", page)
        answer = self.send()
        self.assertEqual(answer.status_code, 303)
        promise = self.promises()
        self.assertEqual(
            (promise.amount, promise.date_promised, promise.source, promise.contact_id),
            (500.0, self.day(5), "page", self.partner_a),
        )
        self.assertFalse(promise.user_id)
        page = self.get(self.link_path).text
        self.assertIn("You have promised to pay", page)
        self.assertNotIn("Cannot pay now?", page)
        self.assertIn("promised", self.kinds(self.overdue))
        event = self.overdue.billing_event_ids.filtered(lambda event: event.kind == "promised")
        self.assertEqual((event.agent, event.reason), ("human", "acted"))

    def test_a_part(self):
        self.send(amount="120.5")
        self.assertEqual(self.promises().amount, 120.5)
        self.assertFalse(self.overdue.line_ids.move_id.line_ids.filtered("no_followup"))

    def test_only_what_is_due_can_be_promised(self):
        self.assertNotIn("Promise a date", self.get(self.path).text)
        self.assertIn("nothing here", self.send(self.path, amount="1.00").text)
        self.assertFalse(self.promises())

    def test_the_page_offers_what_the_ledger_has_open(self):
        """The page reads the invoice itself, a promise the open items: both must say the same."""
        invoice = self.bill(
            amount=300.0, due=-20, invoice_payment_term_id=self.pay_terms_b.id,
            invoice_date=self.day(-120),
        )  # fmt: skip
        link = (
            self.env["billing.link"]
            .sudo()
            ._find(self.env["billing.link"].sudo()._mint(invoice, self.partner_a).split("/")[-1])
        )

        def offered():
            offer = link._get_promise_offer(invoice, link._get_promises(invoice))
            rows = link._get_promise_rows(invoice)
            total = sum(choice["open"] for choice in offer["choices"]) if offer else 0.0
            self.assertEqual(total, sum(rows.mapped("residual_currency")))
            return total

        self.assertEqual(offered(), 300.0)
        self.pay(invoice, 40.0)
        self.assertEqual(offered(), 260.0)
        rows = link._get_promise_rows(invoice)
        self.env["billing.promise"]._record(rows[0], 50.0, self.day(3))
        self.assertEqual(offered(), 210.0)
        self.env["billing.promise"]._record(rows[1], 210.0, self.day(3))
        self.assertEqual(offered(), 0.0)

    def test_wrong_input_gets_an_answer_in_words(self):
        nasty = (
            {"day": 15}, {"day": -1}, {"amount": "500.01"}, {"amount": "0"}, {"amount": "-3"},
            {"amount": "1e3"}, {"amount": "nan"}, {"amount": "٣"}, {"amount": ""},
            {"currency": "999999"}, {"currency": ""},
        )  # fmt: skip
        for values in nasty:
            answer = self.send(**values)
            self.assertEqual(answer.status_code, 200, values)
            self.assertIn('role="alert"', answer.text, values)
        for day in ("", "tomorrow", "2026-02-30", "0000-00-00", "20260101", "2026-1-1"):
            answer = self.post(
                f"{self.link_path}/promise", day=day, amount="5",
                currency=str(self.company.currency_id.id),
            )  # fmt: skip
            self.assertEqual(answer.status_code, 200, day)
            self.assertIn("choose a day", answer.text, day)
        self.assertFalse(self.promises())

    def test_what_was_entered_is_still_there(self):
        page = self.send(amount="700.00").text
        self.assertIn('value="700.00"', page)
        self.assertIn(f'value="{self.day(5)}"', page)
        self.assertIn("more than is open", page)

    def test_a_get_and_a_forged_post_promise_nothing(self):
        path = f"{self.link_path}/promise?day={self.day(2)}&amount=5"
        self.assertIn(self.get(path).status_code, (404, 405))
        answer = self.post(
            f"{self.link_path}/promise", session=False, day=str(self.day(2)), amount="5"
        )
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self.promises())

    def test_withdrawn(self):
        self.send()
        promise = self.promises()
        answer = self.post(f"{self.link_path}/promise/withdraw", promise=str(promise.id))
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(self.promises().state, "withdrawn")
        self.assertIn("Promise withdrawn", str(self.overdue.message_ids.mapped("body")))
        again = self.post(f"{self.link_path}/promise/withdraw", promise=str(promise.id))
        self.assertIn("has changed", again.text)

    def test_changed_once_but_not_for_ever(self):
        self.send()
        first = self.promises()
        self.send(day=7, amount="300", promise=str(first.id))
        first, second = self.promises()
        self.assertEqual((first.state, second.state), ("withdrawn", "open"))
        self.assertEqual((second.amount, second.rank), (300.0, 2))
        self.assertNotIn("Change it", self.get(self.link_path).text)
        page = self.send(day=8, promise=str(second.id)).text
        self.assertIn('role="alert"', page)
        self.assertEqual(self.promises().mapped("state"), ["withdrawn", "open"], "nothing is lost")

    def test_a_wrong_change_leaves_the_promise(self):
        self.send()
        self.send(day=30, promise=str(self.promises().id))
        self.assertEqual(self.promises().mapped("state"), ["open"])

    def test_after_too_many_promises_the_page_asks_to_get_in_touch(self):
        for _number in range(2):
            self.send()
            self.promises().sudo().filtered(lambda one: one.state == "open")._withdraw()
        self.assertIn("get in touch", self.get(self.link_path).text)
        self.send()
        self.assertEqual(len(self.promises()), 2)

    def test_a_statement_promises_all_that_is_due_in_one_currency(self):
        other = self.bill(amount=40.0, due=-3)
        path = self.statement()
        self.link_path = path
        answer = self.send(path, amount="540.00")
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(self.promises().move_ids, self.overdue | other)
        self.assertIn("540.00", self.get(path).text)

    def test_a_statement_offers_each_currency_by_itself(self):
        currency = self.setup_other_currency("EUR", rates=[("1900-01-01", 2.0)])
        foreign = self.bill(amount=70.0, due=-3, currency_id=currency.id)
        path = self.link_path = self.statement()
        page = self.get(path).text
        self.assertEqual(page.count('name="billing_promise"'), 2)
        self.send(path, amount="70", currency=str(currency.id))
        self.assertEqual(self.promises().move_ids, foreign)

    def test_credits_are_deducted_from_what_is_proposed(self):
        self._create_invoice_one_line(
            price_unit=30.0, tax_ids=[], move_type="out_refund", post=True
        )
        self.assertIn('value="470.00"', self.get(self.statement()).text)

    def test_the_link_of_one_invoice_tells_nothing_of_others(self):
        other = self.bill(amount=40.0, due=-3)
        statement = self.statement()
        own = self.link_path
        self.link_path = statement
        self.send(statement, amount="540.00")
        page = self.get(own).text
        self.assertIn("You have promised to pay this by", page)
        self.assertNotIn("540.00", page)
        self.assertNotIn("Withdraw it", page)
        self.assertNotIn(other.name, page)
        answer = self.post(f"{own}/promise/withdraw", promise=str(self.promises().id))
        self.assertIn("has changed", answer.text)
        self.assertEqual(self.promises().state, "open")

    def test_nobody_withdraws_another_customers_promise(self):
        foreign = self.bill(due=-10, partner=self.partner_b)
        rows = self.env["billing.promise"]._get_promisable(self.company, self.partner_b)
        theirs = self.env["billing.promise"]._record(rows, 100.0, self.day(2))
        self.post(f"{self.link_path}/promise/withdraw", promise=str(theirs.id))
        self.send(promise=str(theirs.id))
        self.post(f"{self.link_path}/{foreign.id}/promise/withdraw", promise=str(theirs.id))
        self.assertEqual(self.promises(), theirs)
        self.assertEqual(theirs.state, "open")

    def test_staff_only_look(self):
        self.authenticate("admin", "admin")
        answer = self.send()
        self.assertIn("Only they can answer", answer.text)
        self.assertFalse(self.promises())

    def test_customers_cannot_promise_where_the_company_does_not_want_it(self):
        self.company.billing_promise_days = 0
        self.assertNotIn("Promise a date", self.get(self.link_path).text)

    def test_in_the_language_of_the_recipient(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.partner_a.lang = "fr_FR"
        self.send()
        page = self.get(self.link_path).text
        self.assertIn(self.day(5).strftime("%d/%m/%Y"), page)

    def test_a_dead_link_promises_nothing(self):
        currency = str(self.company.currency_id.id)
        page = self.get(self.link_path).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        self.env["billing.link"].sudo().search([]).action_revoke()
        answer = self.post(
            f"{self.link_path}/promise", session=False, csrf_token=token,
            day=str(self.day(2)), amount="5", currency=currency,
        )  # fmt: skip
        self.assertEqual(answer.status_code, 404)
        self.assertFalse(self.promises())

    def test_often_is_too_often(self):
        codes = [self.send(day=99).status_code for _number in range(21)]
        self.assertEqual(set(codes[:20]), {200})
        self.assertEqual(codes[-1], 429)
