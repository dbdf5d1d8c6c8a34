from itertools import compress

from hypothesis import HealthCheck, given, settings, strategies
from odoo.tests import tagged

from .common_page import LinkPageCommon


@tagged("post_install", "-at_install")
class TestLinkPageSelection(LinkPageCommon):
    """Several open items are ticked and paid at once; the server decides how much that is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old = cls.bill(amount=55.5, due=-10)
        cls.older = cls.bill(amount=44.5, due=-20)

    def setUp(self):
        super().setUp()
        self.statement_path = self.statement()

    def pay_items(self, lines, amount, path=None):
        ids = "-".join(map(str, lines.ids))
        return self.start(f"{path or self.statement_path}/pay/{ids}", amount=amount)

    def booked(self, answer):
        """Book the payment that was started."""
        self.assertIn("result", answer, answer)
        transaction = self.env["payment.transaction"].search(
            [("reference", "=", answer["result"]["reference"])]
        )
        self.finish(transaction)
        return transaction

    def ticked(self, page):
        """Return the route that the page's payment form calls, and its amount."""
        route = page.split('data-transaction-route="')[1].split('"')[0]
        return route.split("/")[-1], float(page.split('data-amount="')[-1].split('"')[0])

    def form(self, page):
        return page[page.index('id="o_payment_form"') :]

    def test_everything_due_is_ticked_and_paid_in_one_go(self):
        page = self.get(self.statement_path).text
        due = self.terms(self.older, self.old)
        self.assertIn(f"/pay/{due[0].id}-{due[1].id}", page)
        self.assertIn('data-amount="100.0"', self.form(page))
        transaction = self.booked(self.pay_items(due, 100.0))
        self.assertEqual(
            (transaction.amount, transaction.invoice_ids), (100.0, self.old + self.older)
        )
        self.assertEqual(set((self.old + self.older).mapped("payment_state")), {"paid"})
        self.assertEqual(self.document.payment_state, "not_paid")
        self.assertEqual(len(transaction.payment_id), 1)
        self.assertEqual(self.kinds(self.old), ["link_clicked", "payment_started", "paid"])
        response = self.get("/billing/paid")
        self.assertTrue(response.headers["Location"].endswith(self.statement_path))

    def test_ticking_is_a_get_that_changes_nothing(self):
        line = self.terms(self.document)
        before = self.env["payment.transaction"].search_count([])
        page = self.get(f"{self.statement_path}?sel=1&item={line.id}").text
        self.assertIn(f'/pay/{line.id}"', page)
        self.assertIn('data-amount="120.0"', self.form(page))
        self.assertNotIn("o_payment_form", self.get(f"{self.statement_path}?sel=1").text)
        self.assertEqual(self.env["payment.transaction"].search_count([]), before)

    def test_the_page_shows_and_takes_nothing_foreign(self):
        stranger = self.terms(self.bill(amount=66.0, due=-5, partner=self.partner_b))
        company = self.other_company_invoice(amount=77.0)
        company.action_post()
        draft = self.bill(amount=88.0, due=-5)
        draft.button_draft()
        income = self.old.line_ids.filtered(lambda line: line.display_type == "product")
        mine = self.terms(self.old)
        for line in (stranger, self.terms(company), self.terms(draft), income):
            for wanted in (line, line + mine):
                self.assertIn("error", self.pay_items(wanted, 55.5))
            page = self.get(f"{self.statement_path}?sel=1&item={line.id}&item={mine.id}").text
            self.assertIn(f'/pay/{mine.id}"', page)
            for foreign in ("66.00", "77.00", "88.00"):
                self.assertNotIn(foreign, page)
        for text in ("", "-", "0", "x", "1e9", "-5", "9" * 5000, "1;2", "²"):
            self.get(f"{self.statement_path}?sel=1&item={text}")
            self.assertIn("error", self.start(f"{self.statement_path}/pay/{text}x", amount=1.0))
        self.assertFalse(self.old.transaction_ids)

    def test_the_link_of_one_invoice_pays_no_others(self):
        self.assertIn("error", self.pay_items(self.terms(self.old), 55.5, path=self.path))

    def test_an_installment_is_paid_though_another_invoice_is_due_later(self):
        """Odoo alone would spend the money on the second installment."""
        halves = self.bill_in_halves(amount=200.0, first=-30, second=-15)
        first, second = self.terms(halves)
        page = self.get(self.statement_path).text
        self.assertIn("installment 1 of 2", " ".join(page.split()))
        chosen = first + self.terms(self.old)
        self.booked(self.pay_items(chosen, 155.5))
        self.assertTrue(first.reconciled and self.terms(self.old).reconciled)
        self.assertEqual(second.amount_residual, 100.0)

    def test_credits_are_deducted_once_as_in_a_reminder(self):
        self._create_invoice_one_line(
            price_unit=30.0, tax_ids=[], move_type="out_refund", post=True
        )
        reminder, path = self.remind()
        self.assertEqual(reminder.amount, 70.0)
        self.assertIn('data-amount="70.0"', self.form(self.get(path).text))
        due = self.terms(self.old, self.older)
        self.assertIn("error", self.pay_items(due, 100.0))
        self.booked(self.pay_items(due, 70.0))
        self.assertEqual(sum((self.old + self.older).mapped("amount_residual")), 30.0)
        self.assertNotIn("o_payment_form", self.get(self.statement_path).text, "credit covers it")

    def test_other_currencies_stand_apart(self):
        euro = self.setup_other_currency("EUR")
        foreign = self.bill(amount=33.0, due=-3, currency_id=euro.id)
        page = self.get(self.statement_path).text
        self.assertIn(foreign.name, page)
        self.assertIn('data-amount="100.0"', self.form(page))
        line = self.terms(foreign)
        mixed = self.pay_items(line + self.terms(self.old), 88.5)
        self.assertIn("error", mixed)
        page = self.get(f"{self.statement_path}?sel=1&item={line.id}").text
        self.assertIn('data-amount="33.0"', self.form(page))
        transaction = self.booked(self.pay_items(line, 33.0))
        self.assertEqual(transaction.currency_id, euro)
        self.assertEqual(foreign.payment_state, "paid")
        self.assertEqual(self.get(f"{self.statement_path}/{foreign.id}").status_code, 200)

    def test_items_on_different_accounts_are_paid_apart(self):
        account = self.company_data["default_account_receivable"].copy()
        partner_account = self.partner_a.property_account_receivable_id
        self.partner_a.property_account_receivable_id = account
        other = self.terms(self.bill(amount=10.0, due=-1))
        self.partner_a.property_account_receivable_id = partner_account
        self.assertIn("error", self.pay_items(other + self.terms(self.old), 65.5))
        self.booked(self.pay_items(other, 10.0))
        self.assertTrue(other.reconciled)

    def test_earlier_balances_are_shown_but_not_paid_online(self):
        data = self.company_data
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "ref": "Internal words",
                "line_ids": [
                    (0, 0, {"account_id": data["default_account_receivable"].id, "debit": 9.0,
                            "partner_id": self.partner_a.id, "name": "Internal words"}),
                    (0, 0, {"account_id": data["default_account_revenue"].id, "credit": 9.0}),
                ],
            }
        )  # fmt: skip
        entry.action_post()
        page = self.get(self.statement_path).text
        self.assertIn("Earlier balance", page)
        self.assertNotIn("Internal words", page)
        self.assertIn('data-amount="100.0"', self.form(page))
        line = entry.line_ids.filtered("debit")
        self.assertIn("error", self.pay_items(line, 9.0))

    def test_many_items_cost_no_more_queries_than_few(self):
        link = self.env["billing.link"]._find(self.statement_path.split("/")[-1])

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            link._get_statement()
            return self.env.cr.sql_log_count - before

        few = count()
        for _number in range(6):
            self.bill(amount=10.0, due=-5)
        self.assertLessEqual(count(), few)

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        ticks=strategies.lists(strategies.booleans(), min_size=5, max_size=5),
        credit=strategies.integers(0, 30000),
    )
    def check_amounts(self, link, blocks, lines, ticks, credit):
        blocks[0]["credit"] = credit / 100
        chosen = list(compress(lines, ticks))
        selection = link._get_selection(blocks, {line.id for line in chosen})
        cents = sum(round(line.amount_residual_currency * 100) for line in chosen)
        self.assertEqual(set(selection["lines"].ids), {line.id for line in chosen})
        self.assertEqual(round(selection["selected"] * 100), cents)
        self.assertEqual(round(selection["amount"] * 100), max(cents - credit, 0))

    def test_whatever_is_ticked_is_what_is_asked_for(self):
        halves = self.bill_in_halves(amount=0.3)
        link = self.env["billing.link"]._find(self.statement_path.split("/")[-1])
        lines = self.terms(self.old, self.older, self.document, halves)
        self.check_amounts(link, link._get_statement(), lines)
