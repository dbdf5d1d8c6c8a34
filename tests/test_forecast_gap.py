from odoo.tests import tagged

from .common_dispute import DisputeCommon
from .common_forecast import ForecastCommon


@tagged("post_install", "-at_install")
class TestForecastGap(ForecastCommon, DisputeCommon):
    """When cash runs short, who is told, and what would help."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.make_user("mona", "billing_crm.group_billing_manager")
        cls.put_in_the_bank(1000.0)

    def told(self):
        activity_type = self.env.ref("billing_crm.mail_activity_type_cash_gap")
        return (
            self.env["mail.activity"]
            .sudo()
            .search(
                [("activity_type_id", "=", activity_type.id), ("user_id", "=", self.manager.id)]
            )
        )

    def test_what_is_there_is_bank_and_cash_and_what_is_on_its_way(self):
        invoice = self.bill(300.0, due=-5)
        self.pay(invoice, amount=120.0)
        self.refresh()
        outlook = self.outlook()
        self.assertEqual(outlook.balance_bank, 1000)
        self.assertEqual(outlook.balance_underway, 120)
        self.assertEqual(outlook.balance, 1120)
        self.assertEqual(self.periods("day")[0].balance, 1120 + 180)

    def test_no_gap(self):
        self.vendor_bill(1000.0, due=5)
        self.refresh()
        self.assertFalse(self.outlook().gap_date)
        self.assertFalse(self.outlook().gap_text)
        self.assertFalse(self.told())
        self.assertFalse(any(self.periods("day").mapped("shortage")))

    def test_a_gap_is_found_told_once_and_taken_back(self):
        self.company.billing_minimum_balance = 200.0
        bill = self.vendor_bill(900.0, due=5)
        self.plan_cash(150.0, 7)
        self.refresh()
        outlook = self.outlook()
        self.assertEqual((outlook.gap_date, outlook.gap_balance), (self.day(5), 100))
        self.assertEqual((outlook.gap_missing, outlook.gap_worst), (100, 250))
        self.assertEqual(outlook.gap_worst_date, self.day(7))
        self.assertIn("No receivable", outlook.gap_text)
        activity = self.told()
        self.assertIn("2026", activity.summary)
        self.refresh()
        self.assertEqual(self.told(), activity, "once")
        activity.with_user(self.manager).action_done()
        self.refresh()
        self.assertFalse(self.told(), "they know")
        bill.button_draft()
        self.refresh()
        self.assertFalse(self.outlook().gap_date)
        bill.action_post()
        self.refresh()
        self.assertEqual(len(self.told()), 1, "this is a new one")

    def test_an_activity_goes_when_the_gap_is_closed(self):
        planned = self.plan_cash(1001.0, 7)
        self.refresh()
        self.assertTrue(self.told())
        planned.unlink()
        self.refresh()
        self.assertFalse(self.told())

    def test_which_receivables_would_close_it(self):
        self.plan_cash(2000.0, 9)
        late = self.bill(300.0, due=12, partner=self.partner_b)
        large = self.bill(800.0, due=20)
        early = self.bill(100.0, due=5)
        self.dispute(self.bill(700.0, due=15), amount=700.0)
        far = self.bill(5000.0, due=100)
        self.refresh()
        outlook = self.outlook()
        self.assertEqual((outlook.gap_date, outlook.gap_missing), (self.day(9), 900))
        rows = self.forecast.search(outlook.action_open_gap_items()["domain"], order="gap_rank")
        self.assertEqual(rows.move_id, large | late)
        self.assertEqual(rows.mapped("gap_rank"), [1, 2])
        self.assertEqual(outlook.gap_closed_by, 1100)
        self.assertIn("would close the gap", outlook.gap_text)
        self.assertNotIn(early, rows.move_id, "it comes before the gap anyway")
        self.assertNotIn(far, rows.move_id)

    def test_gaps_far_ahead_are_not_looked_at(self):
        self.plan_cash(5000.0, 33)
        self.refresh()
        self.assertFalse(self.outlook().gap_date)
        self.company.billing_gap_days = 33
        self.refresh()
        self.assertEqual(self.outlook().gap_date, self.day(33))
        shortage = self.periods("month").mapped("shortage")
        self.assertEqual(shortage[:2], [False, "short"])

    def test_without_a_manager_nobody_is_told_and_the_rest_stands(self):
        self.manager.active = False
        self.plan_cash(5000.0, 3)
        self.refresh()
        self.assertEqual(self.outlook().gap_missing, 4000)
