from dateutil.relativedelta import relativedelta
from odoo.tests import tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestAgingLedger(BillingCommon):
    """A year with everything that makes agings miss the ledger, asked about at 12 month ends."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gold = cls.setup_other_currency(
            "EUR", rates=[("2016-01-01", 2.0), (str(cls.day(-200)), 3.0), (str(cls.day(-90)), 1.7)]
        )
        cls.write_off = cls.env["account.account"].create(
            {"name": "Bad debts", "code": "BAD", "account_type": "expense"}
        )
        for number, due in enumerate(range(-360, 20, 19)):
            partner = cls.partner_a if number % 2 else cls.partner_b
            foreign = {"currency_id": cls.gold.id} if number % 3 == 0 else {}
            invoice = cls.bill(100.01 + number, due=due, partner=partner, **foreign)
            cls.settle(invoice, number, due)
        cls._create_invoice_one_line(
            price_unit=33.33, tax_ids=[], move_type="out_refund", post=True,
            partner_id=cls.partner_a.id, invoice_date=cls.day(-170),
        )  # fmt: skip
        cls.pay_on_account(77.07, on=-250, matched_with=cls.bill(120.0, due=-30))
        cls.pay_on_account(12.12, on=-100)

    @classmethod
    def settle(cls, invoice, number, due):
        """Pay on time, late, in part, with a write-off, by credit note, or not at all."""
        late = min(due + 45, 0)
        match number % 6:
            case 0:
                cls.pay(invoice, on=late)
            case 1:
                cls.pay(invoice, amount=33.33, on=min(due + 10, 0))
            case 2:
                cls._register_payment(
                    invoice, payment_date=cls.day(late), amount=invoice.amount_total - 3.21,
                    payment_difference_handling="reconcile",
                    writeoff_account_id=cls.write_off.id,
                )  # fmt: skip
            case 3:
                cls.pay(invoice, amount=20.0, on=min(due + 5, 0))
                cls.pay(invoice, on=late)
            case 4:
                wizard = (
                    cls.env["account.move.reversal"]
                    .with_context(active_model="account.move", active_ids=invoice.ids)
                    .create({"date": cls.day(late), "journal_id": invoice.journal_id.id})
                )
                wizard.refund_moves()

    @classmethod
    def pay_on_account(cls, amount, on, matched_with=None):
        payment = cls.env["account.payment"].create(
            {
                "partner_id": cls.partner_a.id,
                "amount": amount,
                "payment_type": "inbound",
                "partner_type": "customer",
                "journal_id": cls.company_data["default_journal_bank"].id,
                "date": cls.day(on),
            }
        )
        payment.action_post()
        if matched_with:
            (payment.move_id | matched_with).line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            ).reconcile()

    def month_ends(self):
        first = self.today.replace(day=1)
        return [first - relativedelta(months=back, days=1) for back in range(12)]

    def ledger(self, day, groupby):
        domain = [
            ("company_id", "=", self.company.id),
            ("account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
            ("date", "<=", day),
        ]
        return self.env["account.move.line"]._read_group(
            domain, [groupby], ["balance:sum", "amount_currency:sum"]
        )

    def aging(self, day, groupby):
        rows = self.env["billing.receivable"].with_context(billing_as_of=day)
        aggregates = [f"amount_{key}:sum" for key in rows._get_aging_buckets()]
        return {
            group: figures
            for group, *figures in rows._read_group(
                [("company_id", "=", self.company.id)],
                [groupby],
                ["residual:sum", "residual_currency:sum", *aggregates],
            )
        }

    def check(self, day):
        currency = self.company.currency_id
        for groupby in ("partner_id", "currency_id"):
            aged = self.aging(day, groupby)
            for group, balance, in_currency in self.ledger(day, groupby):
                residual, residual_currency, *buckets = aged.pop(group, [0.0] * 8)
                said = f"{group.display_name} on {day}"
                self.assertEqual(currency.round(residual), currency.round(balance), said)
                self.assertEqual(currency.round(sum(buckets)), currency.round(balance), said)
                if groupby == "currency_id":
                    self.assertEqual(group.round(residual_currency), group.round(in_currency), said)
            self.assertFalse(aged, "who owes and is not in the ledger")

    def test_the_aging_is_the_ledger_at_twelve_month_ends(self):
        for day in self.month_ends():
            self.assertTrue(self.ledger(day, "partner_id"))
            self.check(day)
        self.check(self.today)

    def test_counted_from_the_invoice_date_too(self):
        self.company.billing_aging_by = "invoice"
        for day in self.month_ends()[::4]:
            self.check(day)

    def test_a_month_end_stays_what_it_was_when_more_is_settled_later(self):
        day = self.month_ends()[5]
        before = self.aging(day, "partner_id")
        still_open = self.env["billing.receivable"].search(
            [("kind", "=", "invoice"), ("company_id", "=", self.company.id)]
        )
        for invoice in still_open.move_id:
            self.pay(invoice)
        self.env.invalidate_all()
        self.assertEqual(self.aging(day, "partner_id"), before)
