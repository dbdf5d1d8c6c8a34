from odoo.tests import tagged

from .common_backtest import BacktestCommon


@tagged("post_install", "-at_install")
class TestBacktestLeak(BacktestCommon):
    """What happened after a day changes; what would have been predicted before it does not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_past()

    def unpay(self, invoice):
        """Take the payment of an invoice back altogether."""
        receivable = invoice.line_ids.filtered(lambda line: line.amount_currency > 0)
        payment = receivable.matched_credit_ids.credit_move_id.move_id
        receivable.remove_move_reconcile()
        payment.button_draft()
        payment.button_cancel()

    def paid_on(self, invoice):
        receivable = invoice.line_ids.filtered(lambda line: line.amount_currency > 0)
        return receivable.matched_credit_ids.max_date

    def test_no_outcome_after_a_day_moves_a_prediction_before_it(self):
        day = self.day(-200)
        before = self.predictions(self.check(), until=day)
        self.assertGreater(len(before), 15)
        after = self.predictions(self.check())
        later = self.past.filtered(lambda move: move.invoice_date > day)
        known = self.past - later

        # paid on or after the day: paid otherwise, or not at all
        changed = 0
        for number, invoice in enumerate(known):
            if self.paid_on(invoice) >= day:
                self.unpay(invoice)
                changed += 1
                if number % 2:
                    self._register_payment(invoice, payment_date=self.day(-3))
        self.assertGreaterEqual(changed, 2)
        # invoiced after the day: never
        for invoice in later:
            self.unpay(invoice)
        gone, credited = later[::2], later[1::2]
        gone.button_draft()
        gone.unlink()
        for invoice in credited:
            self._reverse_invoice(invoice, is_modify=False, post=True)

        check = self.check()
        self.assertEqual(self.predictions(check, until=day), before)
        self.assertNotEqual(self.predictions(check), after)

    def test_what_happened_before_a_day_does_move_it(self):
        """The test above could not fail if nothing ever moved a prediction."""
        first = self.past.filtered(lambda move: move.partner_id == self.prompt)[0]
        day = self.day(-200)
        before = self.predictions(self.check(), until=day)
        self.unpay(first)
        self.assertNotEqual(self.predictions(self.check(), until=day), before)
