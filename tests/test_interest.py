from odoo.tests import tagged

from .common_interest import InterestCommon


@tagged("post_install", "-at_install")
class TestInterest(InterestCommon):
    """The check figures that the law and other programs give."""

    def segments(self, accrual):
        return [
            (str(part.date_from), str(part.date_to), part.days, float(part.base), float(part.rate))
            for part in accrual.segments
        ]

    def test_european_directive(self):
        self.policy(reference_id=self.ecb.id, margin=8)
        invoice = self.bill_due(10000, "2025-09-30")
        self.pay_on(invoice, "2025-10-20", 4000)
        self.pay_on(invoice, "2025-11-09")
        accrual = self.accrue(invoice)
        self.assertEqual(
            self.segments(accrual),
            [
                ("2025-10-01", "2025-10-20", 20, 10000, 10.15),
                ("2025-10-21", "2025-11-09", 20, 6000, 10.15),
            ],
        )
        self.assertEqual(accrual.interest, 88.99)
