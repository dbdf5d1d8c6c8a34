import random
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo.fields import Command
from odoo.tests import tagged

from .common_statement import StatementCommon


@tagged("post_install", "-at_install")
class TestStatementLedger(StatementCommon):
    """The closing balance is the ledger's, on every past date, whatever was matched since."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency(
            "EUR", rates=[("2016-01-01", 2.0), (cls.day(-180), 3.0), (cls.day(-60), 2.5)]
        )
        cls.receivable = cls.company_data["default_account_receivable"]
        cls.month_ends = [
            cls.today + relativedelta(months=-months, day=31) for months in range(12, 0, -1)
        ]

    def ledger(self, day, partner=None, addressee=None):
        """What Odoo's accounts say, by currency, and in the company's currency altogether."""
        domain = [
            ("company_id", "=", self.company.id),
            ("account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
            ("date", "<=", day),
            ("partner_id", "=", (partner or self.partner_a).id),
        ]
        if addressee:
            domain.append(("move_id.partner_id", "=", addressee.id))
        groups = self.env["account.move.line"]._read_group(
            domain, ["currency_id"], ["amount_currency:sum", "balance:sum"]
        )
        by_currency = {
            currency.name: currency.round(amount)
            for currency, amount, _balance in groups
            if not currency.is_zero(amount)
        }
        return by_currency, sum(balance for *_others, balance in groups)

    def closing(self, kind, day, **values):
        blocks = self.blocks(kind, date_to=day, **values)
        return {name: block["closing"] for name, block in blocks.items() if block["closing"]}

    def shown(self, day, **values):
        """The last running balance of each currency of the activity."""
        blocks = self.blocks("activity", date_to=day, **values)
        return {
            name: block["rows"][-1]["balance"] if block["rows"] else block["opening"]
            for name, block in blocks.items()
            if block["closing"] or (block["rows"] and block["rows"][-1]["balance"])
        }

    def total(self, day, partner=None):
        ask = self.ask(date_to=day, partner=partner)
        reader = self.env["billing.statement.reader"]
        return self.company.currency_id.round(reader._read_totals([ask])[ask]["balance"])

    def live(self, seed):
        """A year of invoices, credit notes, payments, partial payments and write-offs."""
        chance = random.Random(seed)
        for _number in range(18):
            due = chance.randrange(-330, 20)
            invoice = self.bill(
                amount=chance.choice((100.0, 99.99, 1234.56, 0.03)),
                due=due,
                partner=chance.choice((self.partner_a, self.partner_b)),
                currency_id=chance.choice((self.company.currency_id, self.euro)).id,
            )
            fate = chance.choice(("open", "paid", "partial", "credited", "written off"))
            day = self.day(min(due + chance.randrange(-20, 150), 0))
            if fate == "paid":
                self._register_payment(invoice, payment_date=day)
            elif fate == "partial":
                amount = invoice.currency_id.round(invoice.amount_residual / 3)
                self._register_payment(
                    invoice, payment_date=day, amount=amount, payment_difference_handling="open"
                )
            elif fate == "credited":
                self._reverse_invoice(invoice, date=day, post=True)
            elif fate == "written off":
                self._register_payment(
                    invoice,
                    payment_date=day,
                    amount=invoice.currency_id.round(invoice.amount_residual * 0.9),
                    payment_difference_handling="reconcile",
                    writeoff_account_id=self.company_data["default_account_expense"].id,
                )

    def test_twelve_month_ends_of_random_years(self):
        for seed in (6, 19):
            self.live(seed)
        # or PostgreSQL, which has seen none of these rows yet, goes through all of them for each
        self.env.flush_all()
        self.env.cr.execute("ANALYZE account_move, account_move_line, account_partial_reconcile")
        for partner in (self.partner_a, self.partner_b):
            for day in [*self.month_ends, self.today]:
                by_currency, balance = self.ledger(day, partner)
                for kind in ("open", "activity", "overdue"):
                    self.assertEqual(
                        self.closing(kind, day, partner=partner), by_currency, (kind, day)
                    )
                for start in (None, day - timedelta(days=31), day - timedelta(days=200)):
                    offset = start and (start - self.today).days
                    self.assertEqual(
                        self.shown(day, partner=partner, date_from=offset),
                        by_currency,
                        (start, day),
                    )
                self.assertAlmostEqual(self.total(day, partner), balance, 2)

    def pay_in(self, invoice, currency, on):
        """Pay an invoice with money of another currency."""
        return self._register_payment(invoice, payment_date=self.day(on), currency_id=currency.id)

    def test_what_was_paid_in_another_currency_is_owed_in_neither(self):
        invoice = self.bill(amount=100.0, due=-60, currency_id=self.euro.id)
        self.pay_in(invoice, self.company.currency_id, on=-20)
        self.assertEqual(invoice.payment_state, "paid")
        for kind in ("open", "activity", "overdue"):
            self.assertEqual(self.closing(kind, self.today), {}, kind)
            self.assertEqual(self.closing(kind, self.day(-21)), {"EUR": 100.0}, kind)
        self.assertEqual(self.shown(self.today), {})
        rows = self.blocks("activity")["EUR"]["rows"]
        self.assertEqual(
            [(row["kind"], row["amount"]) for row in rows],
            [("invoice", 100.0), ("transfer", -100.0)],
        )

    def entry(self, debtor, amount, on):
        """Money that was entered on a customer's account by hand."""
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": self.day(on),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.receivable.id,
                            "partner_id": debtor.id,
                            "credit": amount,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.company_data["default_account_revenue"].id,
                            "debit": amount,
                        }
                    ),
                ],
            }
        )
        move.action_post()
        return move

    def test_what_another_customer_paid_is_owed_by_nobody(self):
        invoice = self.bill(amount=100.0, due=-60)
        money = self.entry(self.partner_b, 100.0, on=-20)
        (invoice | money).line_ids.filtered(
            lambda line: line.account_id == self.receivable
        ).reconcile()
        for partner in (self.partner_a, self.partner_b):
            for kind in ("open", "activity"):
                self.assertEqual(self.closing(kind, self.today, partner=partner), {}, kind)
            self.assertEqual(self.shown(self.today, partner=partner), {})
        self.assertEqual(self.shown(self.day(-21)), {self.company.currency_id.name: 100.0})

    def test_entries_of_the_future_are_not_there_yet(self):
        invoice = self.bill(amount=100.0, due=-10)
        self.pay(invoice, on=5)
        self.bill(amount=7.0, due=40, invoice_date=self.day(3))
        self.assertEqual(self.closing("open", self.today), {self.company.currency_id.name: 100.0})
        self.assertEqual(self.closing("open", self.day(5)), {self.company.currency_id.name: 7.0})

    def test_drafts_and_vendors_do_not_count(self):
        self._create_invoice_one_line(price_unit=9.0, tax_ids=[], partner_id=self.partner_a.id)
        self._create_invoice_one_line(
            price_unit=9.0,
            tax_ids=[],
            move_type="in_invoice",
            partner_id=self.partner_a.id,
            invoice_date=self.today,
            post=True,
        )
        self.assertEqual(self.closing("activity", self.today), {})
