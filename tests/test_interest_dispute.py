from datetime import timedelta
from decimal import Decimal

from odoo.addons.billing_crm.models.collections.interest.calculation import Debt
from odoo.addons.billing_crm.models.collections.interest.disputes import exclude_disputed
from odoo.fields import Command, Date
from odoo.tests import freeze_time, tagged

from .common_dispute import DisputeCommon
from .common_interest import InterestCommon


@tagged("post_install", "-at_install")
class TestInterestDispute(InterestCommon, DisputeCommon):
    """What customers say, and whether it stops interest."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.late = cls.policy(margin=36.5)  # 0.1 % a day
        cls.invoice = cls.bill_due(1000, "2025-03-31")

    def raise_on(self, day, amount, invoice=None):
        with freeze_time(f"{day} 12:00"):
            return self.dispute(invoice or self.invoice, amount=amount)

    def test_what_is_disputed_bears_none_while_it_is(self):
        self.raise_on("2025-04-11", 400)
        self.assertEqual(self.accrue(self.invoice, "2025-04-20").interest, 10 + 6)

    def test_a_dispute_that_was_rejected_stops_it_for_its_days(self):
        dispute = self.raise_on("2025-04-11", 400)
        with freeze_time("2025-04-16 12:00"):
            dispute.action_reject()
        self.assertEqual(self.accrue(self.invoice, "2025-04-20").interest, 10 + 3 + 5)

    def test_or_not_if_the_policy_says_so(self):
        self.late.dispute_rule = "resume"
        dispute = self.raise_on("2025-04-11", 400)
        self.assertEqual(self.accrue(self.invoice, "2025-04-20").interest, 16)
        with freeze_time("2025-04-16 12:00"):
            dispute.action_withdraw()
        self.assertEqual(self.accrue(self.invoice, "2025-04-20").interest, 20)

    def test_where_the_customer_was_right_it_was_never_owed(self):
        dispute = self.raise_on("2025-04-11", 400)
        with freeze_time("2025-04-16 12:00"):
            self.resolve(dispute)
        self.assertEqual(self.invoice.amount_residual, 600)
        accrual = self.accrue(self.invoice, "2025-04-20")
        self.assertEqual([float(part.base) for part in accrual.segments], [600])
        self.assertEqual(accrual.interest, 12)

    def test_where_the_customer_was_right_in_part(self):
        dispute = self.raise_on("2025-04-11", 400)
        with freeze_time("2025-04-16 12:00"):
            self.resolve(dispute, amount=100)
        # 900 was owed all the time; the other 300 were contested for five days
        self.assertEqual(self.accrue(self.invoice, "2025-04-20").interest, 9 + 3 + 4.5)

    def test_settled_without_a_document(self):
        dispute = self.raise_on("2025-04-11", 400)
        with freeze_time("2025-04-16 12:00"):
            self.resolve(dispute, resolution="none")
        self.assertEqual(self.accrue(self.invoice, "2025-04-20").interest, 15 * 0.6 + 5)

    def test_of_installments_those_due_first_are_disputed(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Halves",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (0, 5)
                ],
            }
        )
        invoice = self.bill(amount=1000, invoice_date="2025-03-31", invoice_payment_term_id=term.id)
        first, second = self.installments(invoice)
        self.raise_on("2025-04-02", 700, invoice)
        self.pay_line(first, 100, "2025-04-08")
        found = self.env["billing.accrual"]._accrue(
            first | second, until=Date.to_date("2025-04-10")
        )
        # one day of the first; five days of 300 of the second, as long as the first has 500 open:
        # until the payment, whose day counts; then the first takes only 400 of the 700
        self.assertEqual(found[first.id].interest, 0.5)
        self.assertEqual(found[second.id].interest, 1.3)  # 3 x 0.3 and 2 x 0.2

    def pay_line(self, line, amount, day):
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.partner_a.id,
                "amount": amount,
                "payment_type": "inbound",
                "partner_type": "customer",
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": day,
            }
        )
        payment.action_post()
        (line | self.installments(payment.move_id)).reconcile()

    def test_a_promise_does_not_stop_it_unless_the_policy_says_so(self):
        with freeze_time("2025-04-06 12:00"):
            rows = self.env["billing.promise"]._get_promisable(self.company, self.partner_a)
            self.env["billing.promise"]._record(rows, 1000, Date.to_date("2025-04-30"))
        self.assertEqual(self.accrue(self.invoice, "2025-04-10").interest, 10)
        self.late.promise_stops = True
        self.assertEqual(self.accrue(self.invoice, "2025-04-10").interest, 5)

    def test_a_payment_plan_does_not_stop_it_unless_the_policy_says_so(self):
        plan = self.env["billing.payment.plan"].create(
            {
                "partner_id": self.partner_a.id,
                "currency_id": self.invoice.currency_id.id,
                "item_ids": [Command.create({"line_id": self.installments(self.invoice).id})],
                "line_ids": [Command.create({"date": self.day(30), "amount": 1000})],
            }
        )
        plan.action_confirm()
        plan.sudo().date_start = "2025-04-06"
        self.assertEqual(self.accrue(self.invoice, "2025-04-10").interest, 10)
        self.late.plan_stops = True
        self.assertEqual(self.accrue(self.invoice, "2025-04-10").interest, 5)

    def test_a_payment_on_the_first_shifts_the_dispute_the_day_after(self):
        """What is disputed falls on the second as soon as the first is not open for it any more;
        the day of a payment still counts as open."""
        due, paid = Date.to_date("2025-03-31"), Date.to_date("2025-04-10")
        debts = [
            Debt(Decimal(500), due, [(paid, Decimal(500))]),
            Debt(Decimal(500), due + timedelta(days=1)),
        ]
        exclude_disputed(debts, [(due, None, Decimal(500))], timedelta(days=1))
        self.assertEqual(debts[0].excluded, [(due, Date.to_date("2025-04-11"), 500)])
        self.assertEqual(debts[1].excluded, [(Date.to_date("2025-04-11"), None, 500)])
