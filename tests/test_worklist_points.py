from odoo import fields
from odoo.tests import tagged

from .common_worklist import WorklistCommon


@tagged("post_install", "-at_install")
class TestWorklistPoints(WorklistCommon):
    """What a contact is worth, recomputed on paper."""

    def test_recomputed_on_paper(self):
        """The customer in the middle, 45 days, no score: 10 * log2(1 + 1) + 20 * 45 / 90 = 20."""
        self.bill(100.0, due=-45)
        self.assertEqual(self.row().points, 20)

    def test_the_amount_counts_by_its_logarithm_against_the_median(self):
        """One and three medians, and very much: 10 * log2(1 + x), and 20 / 90 for a day."""
        customers = [self.partner_a.copy({"name": name}) for name in "ABCDE"]
        for customer, amount in zip(customers, (100, 100, 100, 300, 9900), strict=True):
            self.bill(amount, due=-9, partner=customer)
        points = {row.partner_id: row.points for row in self.refresh()}
        # 10 + 2, 20 + 2, and 50 at most + 2
        self.assertEqual([points[customer] for customer in customers], [12, 12, 12, 22, 52])

    def test_age_stops_counting_at_90_days(self):
        self.bill(100.0, due=-90)
        self.bill(100.0, due=-400, partner=self.partner_b)
        self.assertEqual([row.points for row in self.refresh()], [30, 30])

    def test_a_poor_score_counts(self):
        """A score of 40 is half the way from 80 to 0: 10 points."""
        self.bill(100.0, due=-9)
        self.env["billing.score"]._refresh(self.company)
        self.env.flush_all()
        self.env.cr.execute("UPDATE billing_score SET score = 40")
        self.assertEqual(self.row().points, 10 + 2 + 10)

    def test_unread_counts_up_to_three(self):
        invoices = [self.bill(25.0, due=-9) for _i in range(4)]
        for count, points in ((1, 5), (3, 15), (4, 15)):
            missing = count - self.row().unread_count
            for invoice in invoices[count - missing : count]:
                self.env["billing.event"]._log(invoice, "sent")
            self.assertEqual(self.row().points, 10 + 2 + points, f"{count} unread")

    def test_a_limit_nearly_used_counts(self):
        self.bill(100.0, due=-9)
        self.company.account_use_credit_limit = True
        for limit, points in ((112.0, 0), (111.0, 10)):
            self.partner_a.credit_limit = limit
            self.assertEqual(self.row().points, 10 + 2 + points, f"limit {limit}")

    def test_a_contact_of_the_last_days_makes_room_for_others(self):
        """At 90 days and the median: 30; less 30 today, 20 yesterday, 10 the day before."""
        self.bill(100.0, due=-90)
        row = self.row()
        for days, points in ((0, 0), (1, 10), (2, 20), (3, 30)):
            row.sudo().last_contact_on = fields.Datetime.subtract(fields.Datetime.now(), days=days)
            self.assertEqual(self.row().points, points, f"{days} days ago")

    def test_those_worth_most_come_first(self):
        self.bill(100.0, due=-9)
        self.bill(900.0, due=-60, partner=self.partner_b)
        self.assertEqual(self.refresh().partner_id.ids, (self.partner_b | self.partner_a).ids)

    def test_a_refresh_of_one_customer_measures_with_the_median_of_all(self):
        for name, amount in (("A", 100.0), ("B", 100.0), ("C", 300.0)):
            self.bill(amount, due=-9, partner=self.partner_a.copy({"name": name}))
        rows = self.refresh()
        before = [(row.partner_id, row.points) for row in rows]
        self.Collection.sudo()._refresh(self.company, rows[:1].partner_id)
        self.assertEqual([(row.partner_id, row.points) for row in rows], before)
