from datetime import timedelta

from odoo.tests import tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestReceivable(BillingCommon):
    def rows(self, as_of=None, **filters):
        model = self.env["billing.receivable"]
        if as_of is not None:
            model = model.with_context(billing_as_of=self.day(as_of))
        return model.search(
            [("company_id", "=", self.company.id)]
            + [(fname, "=", value) for fname, value in filters.items()]
        )

    def ledger_balance(self, as_of=0):
        lines = self.env["account.move.line"].search(
            [
                ("company_id", "=", self.company.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("date", "<=", self.day(as_of)),
            ]
        )
        return sum(lines.mapped("balance"))

    def test_buckets_by_days_past_due(self):
        expected = {
            0: "current",
            -1: "30",
            -30: "30",
            -31: "60",
            -60: "60",
            -61: "90",
            -90: "90",
            -91: "old",
            5: "current",
        }
        for due, bucket in expected.items():
            row = self.rows(move_id=self.bill(due=due).id)
            self.assertEqual((row.bucket, row.days_overdue), (bucket, max(-due, 0)))
            self.assertEqual(row[f"amount_{bucket}"], 100.0)

    def test_an_open_credit_has_no_age(self):
        credit_note = self._create_invoice_one_line(
            price_unit=30.0,
            tax_ids=[],
            move_type="out_refund",
            post=True,
            invoice_date=self.day(-200),
        )
        row = self.rows(move_id=credit_note.id)
        self.assertEqual((row.bucket, row.residual, row.days_overdue), ("credit", -30.0, 0))
        self.assertFalse(row.is_overdue)
        self.assertEqual(row.kind, "credit")

    def test_an_instalment_is_a_row(self):
        term = self.pay_terms_b
        invoice = self.bill(invoice_payment_term_id=term.id, invoice_date=self.day(-40))
        rows = self.rows(move_id=invoice.id)
        self.assertEqual(len(rows), len(term.line_ids))
        self.assertEqual(sum(rows.mapped("residual")), 100.0)

    def test_contacts_are_added_to_their_company(self):
        contact = self.env["res.partner"].create(
            {"name": "Purchasing", "parent_id": self.partner_a.id}
        )
        invoice = self.bill(partner=contact)
        self.assertEqual(self.rows(move_id=invoice.id).partner_id, self.partner_a)

    def test_foreign_currency_keeps_both_amounts(self):
        gold = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        row = self.rows(move_id=self.bill(amount=100.0, currency_id=gold.id).id)
        self.assertEqual((row.residual_currency, row.residual), (100.0, 50.0))
        self.assertEqual(row.currency_id, gold)

    def test_the_total_equals_the_ledger_today_and_on_any_past_date(self):
        gold = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        self.bill(amount=250.0, due=-100)
        late = self.bill(amount=100.0, due=-60)
        foreign = self.bill(amount=70.0, due=-50, partner=self.partner_b, currency_id=gold.id)
        partial = self.bill(amount=300.0, due=-20)
        self.pay(late, on=-10)
        self.pay(foreign, amount=20.0, on=-15)
        self.pay(partial, amount=120.0, on=-5)
        self._create_invoice_one_line(
            price_unit=30.0,
            tax_ids=[],
            move_type="out_refund",
            post=True,
            invoice_date=self.day(-40),
        )
        for as_of in (0, -4, -5, -6, -10, -11, -15, -16, -30, -60, -200):
            rows = self.rows(as_of=as_of)
            self.assertAlmostEqual(
                sum(rows.mapped("residual")), self.ledger_balance(as_of), 2, f"as of {as_of}"
            )
        self.assertAlmostEqual(
            sum(self.rows().mapped("residual")), self.ledger_balance(), 2, "without a date"
        )

    def test_an_invoice_paid_later_was_open_then(self):
        invoice = self.bill(due=-60)
        self.pay(invoice, on=-10)
        self.assertFalse(self.rows(move_id=invoice.id))
        row = self.rows(as_of=-11, move_id=invoice.id)
        self.assertEqual((row.residual, row.days_overdue, row.bucket), (100.0, 49, "60"))

    def test_an_invoice_of_later_was_not_there_yet(self):
        invoice = self.bill(due=0)
        self.assertFalse(
            self.env["billing.receivable"]
            .with_context(billing_as_of=invoice.date - timedelta(days=1))
            .search([("move_id", "=", invoice.id)])
        )

    def test_the_list_sums_by_customer_in_one_query(self):
        self.bill(due=-10)
        self.bill(due=-40, partner=self.partner_b)
        groups = self.env["billing.receivable"]._read_group(
            [("company_id", "=", self.company.id)],
            ["partner_id"],
            ["amount_30:sum", "amount_60:sum", "residual:sum"],
        )
        self.assertEqual(
            {partner: values for partner, *values in groups},
            {self.partner_a: [100.0, 0.0, 100.0], self.partner_b: [0.0, 100.0, 100.0]},
        )

    def test_a_payment_used_later_was_an_open_credit_then(self):
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.partner_a.id,
                "amount": 100.0,
                "payment_type": "inbound",
                "partner_type": "customer",
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": self.day(-30),
            }
        )
        payment.action_post()
        invoice = self.bill(due=20)  # written ten days ago
        (payment.move_id | invoice).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        self.assertFalse(self.rows())
        row = self.rows(as_of=-20)
        self.assertEqual((row.move_id, row.kind), (payment.move_id, "payment"))
        self.assertEqual((row.residual, row.residual_currency), (-100.0, -100.0))

    def test_a_foreign_invoice_paid_later_was_open_in_its_currency_then(self):
        euro = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        invoice = self.bill(due=-60, currency_id=euro.id)
        self.pay(invoice, amount=40.0, on=-10)
        self.assertEqual(self.rows(move_id=invoice.id).residual_currency, 60.0)
        self.assertEqual(self.rows(as_of=-11, move_id=invoice.id).residual_currency, 100.0)

    def test_a_customer_who_becomes_a_contact_owes_as_its_company(self):
        customer = self.partner_a.copy({"name": "Bought up"})
        invoice = self.bill(partner=customer)
        customer.parent_id = self.partner_b
        self.assertEqual(self.rows(move_id=invoice.id).partner_id, self.partner_b)
