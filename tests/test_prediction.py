from odoo.tests import tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestPrediction(BillingCommon):
    """When each open installment will be paid, and what is written on its invoice."""

    def refresh(self):
        self.env["billing.prediction"]._refresh(self.company)

    def predict(self, invoice):
        self.refresh()
        return self.env["billing.prediction"].search([("move_id", "=", invoice.id)])

    def pay_late(self, *delays, partner=None):
        """Settle one invoice for each delay, the payments all on the same day 40 days ago."""
        for days in delays:
            self.pay(self.bill(due=-40 - days, partner=partner), on=-40)

    def test_on_paper(self):
        """Three payments 10, 0 and 20 days late, 40 days ago, and nobody else."""
        self.pay_late(10, 0, 20)
        prediction = self.predict(self.bill(due=20))
        self.assertEqual(prediction.payment_count, 3)

    def test_smoke(self):
        invoice = self.bill(due=20)
        prediction = self.predict(invoice)
        self.assertTrue(prediction.expected_date)
        self.assertEqual(invoice.expected_payment_date, prediction.expected_date)
