from odoo.tests import tagged

from .common_statement import StatementCommon


@tagged("post_install", "-at_install")
class TestStatementFigures(StatementCommon):
    """What the three kinds of statement say."""

    def test_open_items_with_original_amount_and_running_balance(self):
        self.pay(self.bill(amount=100.0, due=-40), amount=30.0, on=-20)
        self.bill(amount=50.0, due=10)
        self.credit_note(20.0, on=-5)
        block = self.block()
        self.assertEqual(
            self.amounts(block, "original", "amount", "balance"),
            [(100.0, 70.0, 70.0), (-20.0, -20.0, 50.0), (50.0, 50.0, 100.0)],
        )
        self.assertEqual((block["closing"], block["overdue"], block["credits"]), (100, 70, -20))
        self.assertEqual(block["not_due"], 50.0)

    def test_past_due_only_leads_to_the_same_balance(self):
        self.bill(amount=100.0, due=-40)
        self.bill(amount=50.0, due=10)
        self.credit_note(20.0, on=-5)
        block = self.block("overdue")
        self.assertEqual(self.amounts(block, "amount"), [(100.0,)])
        self.assertEqual(block["closing"], 130.0)
        self.assertEqual(block["overdue"] + block["not_due"] + block["credits"], block["closing"])

    def test_activity_brings_the_balance_forward(self):
        self.bill(amount=100.0, due=-40)  # entered 70 days ago
        paid = self.bill(amount=60.0, due=0)  # entered 30 days ago
        self.pay(paid, amount=25.0, on=-10)
        block = self.block("activity", date_from=-45)
        self.assertEqual(block["opening"], 100.0)
        self.assertEqual(
            self.amounts(block, "kind", "amount", "balance"),
            [("invoice", 60.0, 160.0), ("payment", -25.0, 135.0)],
        )
        self.assertEqual(block["closing"], 135.0)
        self.assertEqual(dict(block["buckets"])["60"], 100.0)

    def test_activity_of_all_time_brings_nothing_forward(self):
        self.bill(amount=100.0, due=-40)
        block = self.block("activity")
        self.assertEqual((block["opening"], len(block["rows"])), (0.0, 1))

    def test_an_invoice_in_installments_is_one_entry_and_several_open_items(self):
        self.bill(invoice_payment_term_id=self.pay_terms_b.id, invoice_date=self.day(-40))
        self.assertEqual(self.amounts(self.block("activity"), "amount"), [(100.0,)])
        self.assertEqual(len(self.block()["rows"]), len(self.pay_terms_b.line_ids))

    def test_what_was_settled_later_was_open_then(self):
        invoice = self.bill(amount=100.0, due=-40)
        self.pay(invoice, on=-10)
        for kind in ("open", "overdue", "activity"):
            self.assertEqual(self.block(kind, as_of=-11)["closing"], 100.0, kind)
            self.assertEqual(self.block(kind)["closing"], 0.0, kind)
        self.assertEqual(self.block(as_of=-11)["rows"][0]["days_overdue"], 29)

    def test_each_currency_is_a_block_of_its_own(self):
        euro = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        self.bill(amount=100.0, due=-10)
        self.bill(amount=70.0, due=-10, currency_id=euro.id)
        for kind in ("open", "activity", "overdue"):
            blocks = self.blocks(kind)
            self.assertEqual(list(blocks), [self.company.currency_id.name, "EUR"])
            self.assertEqual([block["closing"] for block in blocks.values()], [100.0, 70.0])

    def test_nothing_is_one_empty_block(self):
        block = self.block()
        self.assertEqual((block["closing"], block["rows"]), (0.0, []))
        self.assertEqual(block["currency"], self.company.currency_id)

    def test_the_aging_adds_up_to_the_balance(self):
        for due in (-100, -80, -40, -10, 5):
            self.bill(amount=10.0, due=due)
        self.credit_note(3.0, on=-50)
        block = self.block()
        self.assertEqual([amount for _key, amount in block["buckets"]], [10, 10, 10, 10, 10, -3])
        self.assertEqual(block["closing"], 47.0)
