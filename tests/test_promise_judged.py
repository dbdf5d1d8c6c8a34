from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_promise import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromiseJudged(PromiseCommon):
    """Kept, partly kept, broken: read from the ledger."""

    def credit(self, invoice, amount):
        note = self._create_invoice_one_line(
            price_unit=amount, tax_ids=[], move_type="out_refund", post=True,
            partner_id=invoice.partner_id.id,
        )  # fmt: skip
        (note | invoice).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        return note

    def test_all_paid_is_kept_at_once(self):
        promise = self.promise(self.invoice)
        self.pay(self.invoice)
        self.judge()
        self.assertEqual((promise.state, promise.amount_paid), ("kept", 100.0))
        self.assertEqual(promise.kept_rate, 1)

    def test_paid_on_the_last_day_of_grace_is_kept_a_day_later_is_not(self):
        promise = self.promise(self.invoice)
        self.pay(self.invoice, on=8)
        self.judge(on=9)
        self.assertEqual(promise.state, "kept")
        late = self.bill(due=-10)
        promise = self.promise(late)
        self.pay(late, on=9)
        self.judge(on=9)
        self.assertEqual(promise.state, "broken")

    def test_some_paid_is_partly_kept_but_not_before_the_days_of_grace_are_over(self):
        promise = self.promise(self.invoice)
        self.pay(self.invoice, amount=99.99)
        self.judge(on=8)
        self.assertEqual((promise.state, promise.amount_paid), ("open", 99.99))
        self.judge(on=9)
        self.assertEqual(promise.state, "partly")
        self.assertFalse(self.hold(self.invoice, on=9).promise_broken_on, "no level up")

    def test_nothing_paid_is_broken(self):
        promise = self.promise(self.invoice)
        self.judge(on=9)
        self.assertEqual((promise.state, promise.closed_on), ("broken", self.day(9)))
        self.assertEqual(self.hold(self.invoice, on=9).promise_broken_on, self.day(9))
        self.assertFalse(self.hold(self.invoice, on=8).promise_broken_on, "not known then")

    def test_what_was_paid_before_keeps_nothing(self):
        self.pay(self.invoice, amount=60.0)
        promise = self.promise(self.invoice)
        self.assertEqual(promise.amount, 40.0)
        self.judge(on=9)
        self.assertEqual(promise.state, "broken")

    def test_a_payment_on_account_from_before_keeps_nothing(self):
        other = self.bill(amount=40.0, due=-10)
        payment = self.pay(other)
        other.line_ids.remove_move_reconcile()
        promise = self.promise(self.invoice)
        lines = (payment.move_id | self.invoice).line_ids
        lines.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        ).reconcile()
        self.assertEqual(self.invoice.amount_residual, 60.0)
        self.judge(on=9)
        self.assertEqual(promise.state, "broken")

    def test_a_payment_dated_before_but_booked_after_keeps_it(self):
        """The bank's statement of last week is imported today."""
        promise = self.promise(self.invoice)
        self.pay(self.invoice, on=-3)
        self.judge()
        self.assertEqual(promise.state, "kept")

    def test_a_payment_booked_late_changes_the_verdict(self):
        promise = self.promise(self.invoice)
        self.judge(on=9)
        self.assertEqual(promise.state, "broken")
        self.pay(self.invoice, on=7)
        self.judge(on=12)
        self.assertEqual(promise.state, "kept")
        self.assertFalse(self.hold(self.invoice, on=12).promise_broken_on)

    def test_a_payment_taken_back_changes_the_verdict(self):
        promise = self.promise(self.invoice)
        self.pay(self.invoice)
        self.judge()
        self.invoice.line_ids.remove_move_reconcile()
        self.judge(on=1)
        self.assertEqual(promise.state, "open", "there is still time")
        self.assertFalse(self.plan(1))
        self.judge(on=9)
        self.assertEqual(promise.state, "broken")

    def test_after_the_time_of_review_a_verdict_is_a_fact(self):
        promise = self.promise(self.invoice)
        self.pay(self.invoice)
        self.judge()
        self.invoice.line_ids.remove_move_reconcile()
        self.judge(on=8 + 61)
        self.assertEqual(promise.state, "kept")

    def test_a_payment_taken_back_does_not_reopen_what_is_promised_anew(self):
        self.promise(self.invoice, amount=40.0)
        payment = self.pay(self.invoice, amount=40.0)
        self.judge()
        first = self.env["billing.promise"].search([])
        self.promise(self.invoice, day=6)
        payment.move_id.line_ids.remove_move_reconcile()
        self.judge(on=1)
        self.assertEqual(first.state, "kept")
        self.judge(on=9)
        self.assertEqual(first.state, "broken")

    def test_a_credit_note_for_all_makes_it_needless_and_does_not_count(self):
        promise = self.promise(self.invoice)
        self.credit(self.invoice, 100.0)
        self.judge()
        self.assertEqual((promise.state, promise.is_moot), ("withdrawn", True))
        self.assertIn("Nothing is left to pay", self.notes(self.invoice))
        later = self.bill(due=-10)
        self.assertEqual(self.promise(later).rank, 1)

    def test_a_credit_note_for_a_part_lessens_what_has_to_come(self):
        promise = self.promise(self.invoice)
        self.credit(self.invoice, 30.0)
        self.judge()
        self.assertEqual(promise.state, "open", "a credit note is no payment")
        self.pay(self.invoice, amount=70.0)
        self.judge()
        self.assertEqual((promise.state, promise.amount_paid), ("kept", 70.0))

    def test_an_invoice_taken_back_makes_it_needless(self):
        promise = self.promise(self.invoice)
        self.invoice.button_draft()
        self.judge()
        self.assertEqual((promise.state, promise.is_moot), ("withdrawn", True))

    def test_a_foreign_currency_is_judged_in_itself(self):
        currency = self.setup_other_currency("EUR", rates=[("1900-01-01", 2.0)])
        foreign = self.bill(amount=100.0, due=-10, currency_id=currency.id)
        promise = self.promise(foreign)
        self.assertEqual((promise.currency_id, promise.amount), (currency, 100.0))
        self.assertEqual(self.rows().move_id, self.invoice, "the other currency is not promised")
        currency.rate_ids.create({"name": self.day(1), "rate": 4.0, "currency_id": currency.id})
        self.pay(foreign, amount=99.0, on=2)
        self.judge(on=9)
        self.assertEqual((promise.state, promise.amount_paid), ("partly", 99.0))
        self.pay(foreign, on=8)
        self.judge(on=9)
        self.assertEqual((promise.state, promise.amount_paid), ("kept", 100.0))

    def test_several_invoices_count_together(self):
        other = self.bill(amount=50.0, due=-20)
        promise = self.promise(self.invoice, other)
        self.assertEqual(promise.amount, 150.0)
        self.pay(self.invoice)
        self.judge(on=9)
        self.assertEqual((promise.state, promise.amount_paid), ("partly", 100.0))

    def test_one_company_at_a_time(self):
        foreign = self.other_company_invoice(due=-10)
        foreign.action_post()
        other = foreign.company_id
        rows = self.rows(company=other)
        self.assertEqual(rows.move_id, foreign)
        theirs = self.env["billing.promise"].with_company(other)._record(rows, 100.0, self.day(2))
        ours = self.promise(self.invoice)
        self.assertEqual((theirs.rank, ours.rank), (1, 1))
        self.judge(on=20)
        self.assertEqual((ours.state, theirs.state), ("broken", "open"))
        self.assertEqual(self.env["billing.promise"]._get_next_rank(other, self.partner_a), 1)

    def test_many_promises_are_judged_with_few_queries(self):
        self.company.billing_promise_limit = 0
        for number in range(12):
            self.promise(self.bill(due=-number - 1))
        self.judge()
        self.env.flush_all()
        with self.assertQueryCount(15):
            self.env["billing.promise"]._judge(self.company)

    def test_the_job_judges_every_company_and_survives_what_it_cannot_tell(self):
        promise = self.promise(self.invoice, day=0)
        other = self.bill(due=-10, partner=self.partner_b)
        second = self.promise(other, day=0, partner=self.partner_b)
        promises = self.env.registry["billing.promise"]
        tell = promises._tell_decided

        def fail(records, author=None):
            if promise in records:
                raise ValueError("no mail server, no chatter")
            return tell(records, author)

        self.patch(promises, "_tell_decided", fail)
        with (
            self.at(self.day(5)),
            self.enter_registry_test_mode(),
            self.assertLogs("odoo.addons.billing_crm.models.collections.promises", level="WARNING"),
        ):
            self.env.ref("billing_crm.ir_cron_promises").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((promise.state, second.state), ("broken", "broken"))
        self.assertIn("Promise broken", self.notes(other))

    def test_the_day_is_that_of_the_company(self):
        """At noon UTC it is already tomorrow on Kiritimati."""
        self.company.partner_id.tz = "Pacific/Kiritimati"
        with self.at(f"{self.day(0)} 12:00:00"):
            self.assertEqual(self.company._get_billing_today(), self.day(1))
            promise = self.promise(self.invoice, day=1)
            self.assertEqual(promise.promised_on, self.day(1))
            with self.assertRaises(UserError):
                self.promise(self.bill(due=-5), day=0)
        with self.at(f"{self.day(4)} 09:00:00"):
            self.env["billing.promise"]._judge(self.company)
            self.assertEqual(promise.state, "open")
        with self.at(f"{self.day(4)} 11:00:00"):
            self.env["billing.promise"]._judge(self.company)
            self.assertEqual(promise.state, "broken")

    def test_installments_of_one_invoice(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Halves",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 0}),
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 10}),
                ],
            }
        )
        invoice = self.bill(
            amount=300.0, invoice_date=self.day(-20), invoice_payment_term_id=term.id
        )
        rows = self.rows(invoice)
        self.env["billing.promise"]._record(rows[:1], 150.0, self.day(3))
        self.assertEqual(invoice.billing_status, "overdue", "the second one is")
        self.env["billing.promise"]._record(self.rows(invoice), 150.0, self.day(3))
        invoice.invalidate_recordset()
        self.assertEqual(invoice.billing_status, "promised")
