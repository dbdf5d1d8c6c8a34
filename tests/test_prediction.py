from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import BillingCommon
from .common_promise import PromiseCommon


@tagged("post_install", "-at_install")
class TestPrediction(BillingCommon):
    """When each open installment will be paid, and what is written on its invoice."""

    def refresh(self):
        self.env["billing.prediction"]._refresh(self.company)

    def predict(self, invoice):
        self.refresh()
        return self.env["billing.prediction"].search([("move_id", "=", invoice.id)])

    def pay_late(self, *delays, partner=None):
        """Settle one invoice for each delay, all of them 40 days ago."""
        for days in delays:
            self.pay(self.bill(due=-40 - days, partner=partner), on=-40)

    def test_on_paper(self):
        """Paid 10, 0 and 20 days late, 40 days ago, and nobody else: every day is a banking day.

        Each payment weighs 0.5 ^ (40 / 180) = 0.8572. The company's average is made of these three
        and of the two that stand for knowing nothing (0 and 5 days): two payments of it give 0.4 to
        each, so 0.8 to day 0. The tail gives 0.01 to each of 0, 5, 10, 22, 44, 88, 175, 350, 700.

            days late    0       5       10      20      22     44 and later
            weight       1.6672  0.4100  1.2672  1.2572  0.01   0.05           sum 4.6616

        Late: (4.6616 - 1.6672) / 4.6616 = 0.642. Very late: 0.05 / 4.6616 = 0.0107.
        Half (2.3308) is reached on day 10: 1.6672 + 0.41 + 1.2672 = 3.3444.
        A tenth (0.4662) is reached in the part of day 0 that may be left out (0.6 * 1.6672), so the
        range begins there; nine tenths (4.1954) lie after the part of day 20 that counts
        (4.6016 - 0.4 * 1.2572 = 4.0987) and before day 22, so it ends on day 20.
        """
        self.pay_late(10, 0, 20)
        invoice = self.bill(due=20)
        prediction = self.predict(invoice)
        self.assertEqual((prediction.late_probability, prediction.late30_probability), (0.64, 0.01))
        self.assertEqual(prediction.expected_date, self.day(30))
        self.assertEqual(
            (prediction.earliest_date, prediction.latest_date), (self.day(20), self.day(40))
        )
        self.assertEqual((prediction.expected_days, prediction.payment_count), (10, 3))
        self.assertEqual(invoice.late_probability, 0.64)
        self.assertEqual(invoice.expected_payment_date, self.day(30))
        self.assertIn("Judged by 3 payments of this customer.", invoice.billing_expectation)

    def test_a_paid_invoice_forgets(self):
        invoice, other = self.bill(due=20), self.bill(due=20)
        self.refresh()
        self.assertTrue(invoice.expected_payment_date)
        self.pay(invoice)
        self.refresh()
        self.assertFalse(invoice.expected_payment_date)
        self.assertEqual(invoice.late_probability, 0)
        self.assertTrue(other.expected_payment_date)

    def test_a_draft_again_forgets(self):
        invoice = self.bill(due=20)
        self.refresh()
        invoice.button_draft()
        self.refresh()
        self.assertFalse(invoice.expected_payment_date)
        self.assertFalse(self.env["billing.prediction"].search([("move_id", "=", invoice.id)]))

    def test_never_in_the_past(self):
        self.pay_late(0, 0, 0, 0)
        invoice = self.bill(due=-15)
        prediction = self.predict(invoice)
        self.assertEqual(invoice.late_probability, 1)
        self.assertGreaterEqual(prediction.earliest_date, self.today)
        self.assertGreaterEqual(prediction.expected_date, self.today)

    def test_partly_paid_is_still_expected(self):
        invoice = self.bill(due=20)
        self.pay(invoice, amount=40)
        self.assertTrue(self.predict(invoice).expected_date)

    def test_an_invoice_is_paid_with_its_last_installment(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two parts",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 10}),
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 60}),
                ],
            }
        )
        self.pay_late(5, 5, 5, 5, 5)
        invoice = self.bill(invoice_date=self.today, invoice_payment_term_id=term.id)
        first, last = self.predict(invoice).sorted("date_maturity")
        self.assertEqual(first.expected_date, self.day(15))
        self.assertEqual(last.expected_date, self.day(65))
        self.assertEqual(invoice.expected_payment_date, self.day(65))

    def test_credit_notes_are_not_expected_and_settle_nothing(self):
        """What a credit note settled is no payment: the customer has paid nothing yet."""
        credited = self.bill(due=-60)
        credited._reverse_moves([{"invoice_date": self.today}], cancel=True)
        credit = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.partner_a.id,
                "invoice_date": self.today,
                "invoice_line_ids": [Command.create({"name": "Back", "price_unit": 5})],
            }
        )
        credit.action_post()
        prediction = self.predict(self.bill(due=20))
        self.assertEqual(prediction.payment_count, 0)
        self.assertFalse(credit.expected_payment_date)

    def test_companies_do_not_learn_from_each_other(self):
        other = self.other_company_invoice(due=20)
        other.action_post()
        self.pay_late(*[30] * 4)
        self.env["billing.prediction"]._refresh(self.company | other.company_id)
        theirs = self.env["billing.prediction"].sudo().search([("move_id", "=", other.id)])
        self.assertEqual(theirs.payment_count, 0)
        self.assertLess(theirs.expected_days, 10)
        self.assertFalse(
            self.env["billing.prediction"]
            .with_company(self.company)
            .search_count([("move_id", "=", other.id)])
        )

    def test_who_must_not_be_scored_is_expected_like_anybody(self):
        """Always 30 days late; the others pay on the day. Off: forgotten at once, and at night."""
        self.pay_late(*[30] * 4)
        self.pay_late(*[0] * 6, partner=self.partner_b)
        invoice = self.bill(due=20)
        self.assertEqual(self.predict(invoice).expected_days, 30)
        self.assertGreater(invoice.late_probability, 0.7)
        self.partner_a.billing_no_scoring = True
        self.assertFalse(invoice.expected_payment_date)
        prediction = self.predict(invoice)
        self.assertEqual((prediction.expected_days, prediction.payment_count), (0, 0))
        self.assertFalse(invoice.expected_payment_date)
        self.assertEqual(invoice.late_probability, 0)
        self.partner_a.billing_no_scoring = False
        self.assertEqual(self.predict(invoice).expected_days, 30)
        self.assertEqual(invoice.expected_payment_date, self.day(50))

    def test_the_nightly_job_predicts(self):
        invoice = self.bill(due=20)
        with self.enter_registry_test_mode():
            self.env.ref("billing_crm.ir_cron_refresh_scores").method_direct_trigger()
        self.env.invalidate_all()
        self.assertTrue(invoice.expected_payment_date)

    def test_a_company_that_fails_holds_back_nobody(self):
        invoice = self.bill(due=20)
        other = self.other_company_invoice(due=20).company_id
        model = self.env.registry["billing.prediction"]
        update = model._update_moves

        def fail_for_the_other(predictions, company):
            if company == other:
                raise ValueError("broken")
            return update(predictions, company)

        with (
            patch.object(model, "_update_moves", fail_for_the_other),
            self.assertLogs("odoo.addons.billing_crm.models.insight.prediction", "ERROR"),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("billing_crm.ir_cron_refresh_scores").method_direct_trigger()
        self.env.invalidate_all()
        self.assertTrue(invoice.expected_payment_date)

    def test_the_button_predicts(self):
        self.make_people()
        invoice = self.bill(due=20)
        scores = self.env["billing.score"].with_user(self.clerk)
        scores.with_context(allowed_company_ids=self.company.ids).action_refresh()
        self.env.invalidate_all()
        self.assertTrue(invoice.expected_payment_date)

    def test_a_refresh_writes_only_what_changed(self):
        invoices = self.bill(due=20) | self.bill(due=40)
        self.refresh()
        before = invoices.billing_prediction_ids.mapped("refreshed_on")
        self.assertFalse(
            self.env.execute_query(
                self.env["billing.prediction"]._select_and_update_moves(self.company)
            )
        )
        self.refresh()
        self.assertEqual(invoices.billing_prediction_ids.mapped("refreshed_on"), before)

    def test_queries_do_not_grow_with_invoices(self):
        def count():
            self.env.flush_all()
            start = self.env.cr.sql_log_count
            self.refresh()
            return self.env.cr.sql_log_count - start

        self.bill(due=20)
        count()
        self.bill(due=21)
        few = count()
        for due in range(10):
            self.bill(due=due, partner=self.partner_b if due % 2 else self.partner_a)
        self.assertEqual(count(), few)

    def test_who_may_see_it(self):
        self.make_people()
        self.partner_a.user_id = self.salesperson
        invoice, foreign = self.bill(due=20), self.bill(due=20, partner=self.partner_b)
        self.refresh()
        seen = self.env["billing.prediction"].with_user(self.salesperson).search([])
        self.assertEqual(seen.move_id, invoice)
        seen = self.env["billing.prediction"].with_user(self.clerk).search([])
        self.assertEqual(seen.move_id, invoice | foreign)
        for person in (self.portal, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                self.env["billing.prediction"].with_user(person).search([])
        invoice.message_subscribe(self.portal.partner_id.ids)
        self.partner_a.child_ids = self.portal.partner_id
        self.assertNotIn("late_probability", invoice.with_user(self.portal).fields_get())

    def test_the_form_says_it(self):
        self.pay_late(10, 10, 10)
        invoice = self.bill(due=20)
        self.refresh()
        with Form(invoice) as form:
            self.assertEqual(form.expected_payment_date, str(self.day(30)))
            self.assertIn("In 8 of 10 cases between", form.billing_expectation)


@tagged("post_install", "-at_install")
class TestPredictionPromise(PromiseCommon):
    """What a customer promised is believed as far as they kept their word."""

    def predict(self, invoice):
        self.env["billing.prediction"]._refresh(self.company)
        return self.env["billing.prediction"].search([("move_id", "=", invoice.id)])

    def judged(self, state, count):
        """Promises of the past that ended so."""
        for _i in range(count):
            promise = self.promise(self.bill(due=-90), day=5)
            promise.write({"state": state, "closed_on": self.today})
            promise.item_ids.is_open = False

    def test_a_promise_is_the_expected_day(self):
        self.judged("kept", 2)
        invoice = self.bill(due=-10)
        self.promise(invoice, day=6)
        prediction = self.predict(invoice)
        self.assertEqual(prediction.promised_date, self.day(6))
        self.assertEqual(prediction.expected_date, self.day(6))
        self.assertLessEqual(prediction.earliest_date, self.day(6))
        self.assertGreaterEqual(prediction.latest_date, self.day(6))
        self.assertIn("Promised for", invoice.billing_expectation)

    def test_who_breaks_promises_is_believed_to_the_letter_only(self):
        """Three broken, none kept: (0 + 2 * 1/5) / (3 + 2) = 0.08. Not before the promised day."""
        self.judged("broken", 3)
        invoice = self.bill(due=-10)
        model = self.predict(invoice).expected_date
        self.promise(invoice, day=3)
        prediction = self.predict(invoice)
        self.assertEqual(prediction.expected_date, max(model, self.day(3)))
        self.assertGreater(prediction.expected_date, self.day(3))

    def test_promised_after_the_due_date_is_late(self):
        """All promises kept: (2 + 2 * 3/4) / (2 + 2) = 0.875."""
        self.judged("kept", 2)
        invoice = self.bill(due=4)
        self.promise(invoice, day=9)
        self.assertEqual(self.predict(invoice).late_probability, 0.88)
