from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common_interest import InterestCommon


@tagged("post_install", "-at_install")
class TestInterestRate(InterestCommon):
    """A rate that is missing, wrong or unchecked: a clear message, and nothing charged."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_people()
        cls.series = cls.reference(("2024-01-01", 2.0), ("2024-07-01", 3.0))
        cls.first, cls.second = cls.series.rate_ids.sorted("date_from")
        cls.late = cls.policy(reference_id=cls.series.id, margin=8.0)

    def assertRefused(self, accrual, *words):
        self.assertEqual((accrual.total, accrual.increment, accrual.segments), (0, 0, []))
        with self.assertRaises(UserError) as caught:
            accrual.ensure_chargeable()
        for word in words:
            self.assertIn(word, str(caught.exception))

    def test_before_the_first_rate(self):
        invoice = self.bill_due(1000, "2023-11-30")
        self.assertRefused(
            self.accrue(invoice, "2024-03-01"), invoice.name, "Reference", "07/01/2023"
        )

    def test_in_a_gap(self):
        self.first.date_to = "2024-06-15"
        self.late.reference_days = "daily"
        invoice = self.bill_due(1000, "2024-05-31")
        self.assertTrue(self.accrue(invoice, "2024-06-15").interest)
        self.assertRefused(self.accrue(invoice, "2024-06-16"), "06/16/2024")

    def test_after_the_last_one_if_it_ends(self):
        self.second.date_to = "2024-12-31"
        invoice = self.bill_due(1000, "2024-11-30")
        self.assertTrue(self.accrue(invoice, "2024-12-31").interest)
        self.assertRefused(self.accrue(invoice, "2025-01-01"), "01/01/2025")

    def test_one_bad_debt_does_not_hold_back_the_others(self):
        bad, good = self.bill_due(1000, "2023-11-30"), self.bill_due(1000, "2024-05-31")
        lines = self.installments(bad) | self.installments(good)
        found = self.env["billing.accrual"]._accrue(lines)
        self.assertTrue(found[self.installments(bad).id].problem)
        self.assertFalse(found[self.installments(good).id].problem)

    def test_a_rate_nobody_has_checked_is_shown_but_not_charged(self):
        self.second.is_checked = False
        invoice = self.bill_due(1000, "2024-05-31")
        self.accrue(invoice, "2024-06-30").ensure_chargeable()
        accrual = self.accrue(invoice, "2024-07-01")
        self.assertTrue(accrual.interest)
        with self.assertRaisesRegex(UserError, "has not been checked"):
            accrual.ensure_chargeable()
        self.series.rate_ids.action_check()
        self.accrue(invoice, "2024-07-01").ensure_chargeable()

    def test_what_comes_with_the_module_and_nobody_has_checked_says_so(self):
        """No rate is known to be right for the second half of 2026."""
        for rate in self.env["billing.interest.rate"].search([("company_id", "=", False)]):
            if str(rate.date_from) >= "2026-06-30":
                self.assertFalse(rate.is_checked, rate.display_name)
                self.assertTrue(rate.date_to, "nothing is taken to go on for ever")

    def test_rates_do_not_overlap(self):
        with self.assertRaisesRegex(ValidationError, "overlap"):
            self.first.date_to = "2024-07-01"
        with self.assertRaisesRegex(ValidationError, "overlap"):
            self.first.date_to = "2024-06-30"
            self.second.date_from = "2024-06-30"

    @mute_logger("odoo.sql_db")
    def test_no_two_rates_of_one_day(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env["billing.interest.rate"].create(
                {"reference_id": self.series.id, "date_from": "2024-07-01", "rate": 4.0}
            )

    @mute_logger("odoo.sql_db")
    def test_a_rate_ends_after_it_begins(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.second.date_to = "2024-06-01"
            self.env.flush_all()

    def test_a_negative_rate_reduces_the_margin_but_nobody_is_paid_for_being_late(self):
        self.series.rate_ids.rate = -0.88
        accrual = self.accrue(self.bill_due(1000, "2024-01-31"), "2024-02-29")
        self.assertEqual(float(accrual.segments[0].rate), 7.12)
        self.late.margin = 0.5
        accrual = self.accrue(self.bill_due(1000, "2024-01-31"), "2024-02-29")
        self.assertEqual(accrual.interest, 0)

    def test_the_rate_of_today(self):
        self.assertEqual(self.series.current_rate, 3.0)
        self.second.date_to = self.day(-1)
        self.assertFalse(self.series.is_current_known)

    def test_a_reference_in_use_stays(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.series.unlink()

    def test_clerks_read_managers_write_others_nothing(self):
        models = ("billing.interest.reference", "billing.interest.rate", "billing.late.fee.policy")
        for name in models:
            self.assertTrue(self.env[name].with_user(self.clerk).search([]))
            for user in (self.accountant, self.salesperson, self.portal):
                with self.assertRaises(AccessError):
                    self.env[name].with_user(user).search([])
        with self.assertRaises(AccessError):
            self.series.with_user(self.clerk).name = "Mine"
        with self.assertRaises(AccessError):
            self.second.with_user(self.clerk).rate = 99
        self.clerk.group_ids += self.env.ref("billing_crm.group_billing_manager")
        self.second.with_user(self.clerk).rate = 4

    def test_rates_and_policies_of_another_company_are_not_seen(self):
        other = self.setup_other_company()["company"]
        theirs = (
            self.env["billing.interest.reference"]
            .sudo()
            .create({"name": "Theirs", "company_id": other.id})
        )
        policy = (
            self.env["billing.late.fee.policy"]
            .sudo()
            .create({"name": "Theirs", "company_id": other.id, "margin": 99, "applies": "default"})
        )
        seen = self.env["billing.interest.reference"].with_user(self.clerk).search([])
        self.assertNotIn(theirs, seen)
        seen = self.env["billing.late.fee.policy"].with_user(self.clerk).search([])
        self.assertNotIn(policy, seen)
        self.assertEqual(self.accrue(self.bill_due(1000, "2024-05-31")).policy, self.late)
        with self.assertRaises(UserError):
            self.policy(reference_id=theirs.id, company_id=self.company.id, applies="chosen")
