from odoo.fields import Command
from odoo.tests import tagged

from .common_interest import InterestCommon


@tagged("post_install", "-at_install")
class TestInterest(InterestCommon):
    """The check figures that the law, public bodies and other programs give."""

    def segments(self, accrual):
        return [
            (str(part.date_from), str(part.date_to), part.days, float(part.base), float(part.rate))
            for part in accrual.segments
        ]

    def preset(self, name, **values):
        """Use one of the policies that come with the module, and check its rates."""
        policy = self.env.ref(f"billing_crm.late_fee_policy_{name}")
        policy.write({"active": True, "applies": "default", "customer_kind": False, **values})
        policy.reference_id.rate_ids.is_checked = True
        return policy

    def test_european_directive(self):
        self.preset("eu", tier_ids=[Command.clear()])
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
        self.assertEqual((accrual.interest, accrual.total), (88.99, 88.99))
        self.assertIn("European Central Bank", accrual.segments[0].source)

    def test_european_rates_of_each_half_year(self):
        self.preset("eu", tier_ids=[Command.clear()])
        invoice = self.bill_due(10000, "2023-12-31")
        accrual = self.accrue(invoice, "2026-06-30")
        self.assertEqual(
            [rate for *_others, rate in self.segments(accrual)],
            [12.5, 12.25, 11.15, 10.15, 10.15],
        )

    def test_germany(self):
        # 31 May 2025 is a Saturday: the figure is that of a debt whose due date does not move
        self.preset("de", shift_weekend=False, shift_holiday=False, tier_ids=[Command.clear()])
        invoice = self.bill_due(10000, "2025-05-31")
        self.pay_on(invoice, "2025-08-15")
        accrual = self.accrue(invoice)
        self.assertEqual(
            self.segments(accrual),
            [
                ("2025-06-01", "2025-06-30", 30, 10000, 11.27),
                ("2025-07-01", "2025-08-15", 46, 10000, 10.27),
            ],
        )
        self.assertEqual(
            [float(round(part.interest, 2)) for part in accrual.segments], [92.63, 129.43]
        )
        self.assertEqual(accrual.interest, 222.06)

    def test_germany_with_a_due_date_on_a_weekend(self):
        """BGH III ZR 159/06: what is due on a Saturday is due on Monday."""
        self.preset("de", tier_ids=[Command.clear()])
        self.company.country_id = self.env.ref("base.de")
        invoice = self.bill_due(10000, "2025-05-31")
        self.pay_on(invoice, "2025-08-15")
        self.assertEqual(
            self.segments(self.accrue(invoice))[0],
            ("2025-06-03", "2025-06-30", 28, 10000, 11.27),
        )

    def test_germany_with_a_due_date_on_a_holiday(self):
        self.preset("de", tier_ids=[Command.clear()])
        self.company.country_id = self.env.ref("base.de")
        # Good Friday, then the weekend, then Easter Monday
        accrual = self.accrue(self.bill_due(10000, "2025-04-18"), "2025-04-30")
        self.assertEqual((str(accrual.due), str(accrual.first)), ("2025-04-22", "2025-04-23"))

    def test_german_consumers_pay_less_and_no_fee(self):
        self.preset("de_consumer")
        accrual = self.accrue(self.bill_due(10000, "2025-07-01"), "2025-07-31")
        self.assertEqual(float(accrual.segments[0].rate), 6.27)
        self.assertEqual(accrual.fee, 0)

    def test_united_kingdom(self):
        """One rate for a debt, whatever the Bank does later: that of 31 December before it."""
        self.preset("uk", tier_ids=[Command.clear()])
        invoice = self.bill_due(10000, "2024-05-31")
        self.pay_on(invoice, "2024-08-15")
        accrual = self.accrue(invoice)
        self.assertEqual(self.segments(accrual), [("2024-06-01", "2024-08-15", 76, 10000, 13.25)])
        self.assertEqual(accrual.interest, 275.89)
        # 30 June had 4.25 in 2025, but interest began before
        later = self.accrue(self.bill_due(10000, "2025-06-29"), "2025-09-01")
        self.assertEqual({float(part.rate) for part in later.segments}, {12.75})

    def test_interest_is_rounded_once(self):
        """gov.uk rounds each day (23p x 50 = 11.50)."""
        self.policy(margin=8.5)
        accrual = self.accrue(self.bill_due(1000, "2025-01-01"), "2025-02-20")
        self.assertEqual((accrual.segments[0].days, accrual.interest), (50, 11.64))

    def test_finance_charges_of_netsuite(self):
        self.policy()
        amounts = [
            self.accrue(self.bill_due(500, "2025-01-01"), "2025-06-26").interest,
            self.accrue(self.bill_due(1000, "2025-01-01"), "2025-04-28").interest,
        ]
        self.assertEqual(amounts, [28.93, 38.47])
        self.assertAlmostEqual(sum(amounts), 67.40)

    def test_ireland(self):
        """One rate, that of the day of payment; each part of a debt has its own."""
        self.preset("ie", tier_ids=[Command.clear()])
        invoice = self.bill_due(10000, "2024-12-30")
        self.pay_on(invoice, "2024-12-31", 4000)
        self.pay_on(invoice, "2025-06-30", 1000)  # the rate changes on the day after
        accrual = self.accrue(invoice, "2025-07-10")
        self.assertEqual(
            self.segments(accrual),
            [
                ("2024-12-31", "2024-12-31", 1, 4000, 12.25),
                ("2024-12-31", "2025-06-30", 182, 1000, 11.15),
                ("2024-12-31", "2025-07-10", 192, 5000, 10.15),
            ],
        )

    def test_months_of_thirty_days(self):
        self.policy(day_count="thirty_360", margin=3.6)
        accrual = self.accrue(self.bill_due(1000, "2025-01-30"), "2025-03-31")
        # the 31st is no day, February has thirty
        self.assertEqual((accrual.segments[0].days, accrual.interest), (60, 6.0))

    def test_leap_years_have_a_day_more(self):
        self.policy(day_count="act_act", margin=3.66)
        accrual = self.accrue(self.bill_due(1000, "2023-12-30"), "2024-01-10")
        self.assertEqual(
            [(part.days, part.year) for part in accrual.segments], [(1, 365), (10, 366)]
        )
        self.assertEqual(accrual.interest, 1.1)  # 0.1003 + 1.0
