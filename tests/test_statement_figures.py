from odoo.tests import tagged

from .common import BillingCommon


class StatementCommon(BillingCommon):
    """Words for telling stories about statements of account."""

    def ask(self, kind="open", as_of=0, date_from=None, partner=None, **values):
        """What is asked for, of ``partner``, as of ``as_of`` days from today."""
        return self.statement(kind, as_of, date_from, partner, **values)._to_ask()

    def statement(self, kind="open", as_of=0, date_from=None, partner=None, **values):
        """A statement that nobody wrote down."""
        return (
            self.env["billing.statement"]
            .sudo()
            .new(
                {
                    "company_id": self.company.id,
                    "partner_id": (partner or self.partner_a).id,
                    "kind": kind,
                    "scope": "customer",
                    "date_from": None if date_from is None else self.day(date_from),
                    "date_to": self.day(as_of),
                    **values,
                }
            )
        )

    def blocks(self, *args, **values):
        """The blocks of a statement, by currency."""
        blocks = self.statement(*args, **values)._get_blocks()
        return {block["currency"].name: block for block in blocks}

    def block(self, *args, **values):
        """The only block of a statement."""
        [block] = self.statement(*args, **values)._get_blocks()
        return block

    def amounts(self, block, *names):
        return [tuple(row[name] for name in names) for row in block["rows"]]

    def credit_note(self, amount=30.0, on=0, partner=None, **values):
        return self._create_invoice_one_line(
            price_unit=amount,
            tax_ids=[],
            move_type="out_refund",
            partner_id=(partner or self.partner_a).id,
            invoice_date=self.day(on),
            post=True,
            **values,
        )


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
