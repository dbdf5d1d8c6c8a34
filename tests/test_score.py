from odoo.addons.billing_crm.hooks import post_init_hook
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestScore(BillingCommon):
    def refresh(self):
        self.env["billing.score"]._refresh(self.company)
        return self.env["billing.score"].search([("company_id", "=", self.company.id)])

    def score(self, partner):
        return self.refresh().filtered(lambda score: score.partner_id == partner)

    def scale(self, days):
        """What the scale makes of an expected delay."""
        score = self.env["billing.score"]._delay_to_score(SQL("%s", days))
        return self.env.execute_query(SQL("SELECT %s", score))[0][0]

    def test_the_scale_is_paydex(self):
        for days, score in (
            (-60, 100),
            (-30, 100),
            (-20, 90),
            (-10, 85),
            (0, 80),
            (15, 70),
            (22, 60),
            (30, 50),
            (45, 45),
            (60, 40),
            (90, 30),
            (120, 20),
            (150, 10),
            (180, 0),
            (999, 0),
        ):
            self.assertAlmostEqual(float(self.scale(days)), score, 6, f"{days} days")

    def test_recomputed_on_paper(self):
        """Two payments today, 10 and 30 days late, and nobody else: the house average is theirs.

        (10 + 30 + 3 * 20) / (2 + 3) = 20 days; 70 + (20 - 15) * (60 - 70) / (22 - 15) = 62.86.
        """
        for due in (-10, -30):
            self.pay(self.bill(due=due), on=0)
        score = self.score(self.partner_a)
        self.assertAlmostEqual(score.expected_delay, 20.0, 1)
        self.assertEqual((score.score, score.grade), (63, "C"))

    def test_little_history_leans_on_the_company(self):
        """Twelve prompt payments of one customer pull a single late one of another up."""
        for _i in range(12):
            self.pay(self.bill(due=0, partner=self.partner_b), on=0)
        self.pay(self.bill(due=-65), on=0)
        # house: 65 / 13 = 5 days; customer: (65 + 3 * 5) / 4 = 20 days
        score = self.score(self.partner_a)
        self.assertAlmostEqual(score.expected_delay, 20.0, 1)
        self.assertEqual(score.confidence, "low")
        self.assertIn("Little history", score.reasons)

    def test_little_history_is_never_a_poor_grade(self):
        """Two invoices seven years overdue: (180 + 180 + 3 * 0) / 5 = 72 days, a 36; it is C, 50.
        With a third one it is (3 * 180) / 6 = 90 days, a 30."""
        self.bill(due=-2555)
        self.bill(due=-2555)
        score = self.score(self.partner_a)
        self.assertAlmostEqual(score.expected_delay, 72.0, 1)
        self.assertEqual((score.score, score.grade, score.confidence), (50, "C", "low"))
        self.bill(due=-2555)
        score = self.score(self.partner_a)
        self.assertEqual((score.score, score.grade, score.confidence), (30, "D", "medium"))

    def test_recent_behaviour_weighs_more(self):
        """Late half a year ago, prompt today: better than the other way round."""
        self.pay(self.bill(due=-220), on=-180)
        self.pay(self.bill(due=0), on=0)
        self.pay(self.bill(due=-180, partner=self.partner_b), on=-180)
        self.pay(self.bill(due=-40, partner=self.partner_b), on=0)
        scores = {score.partner_id: score for score in self.refresh()}
        self.assertGreater(scores[self.partner_a].score, scores[self.partner_b].score)

    def test_what_is_overdue_now_counts(self):
        self.pay(self.bill(due=0), on=0)
        before = self.score(self.partner_a).score
        self.bill(due=-80)
        after = self.score(self.partner_a)
        self.assertLess(after.score, before)
        self.assertEqual((after.overdue_count, after.overdue_days), (1, 80))
        self.assertIn("1 overdue now, the oldest for 80 days.", after.reasons)

    def test_one_ancient_debt_is_not_worse_than_the_scale_and_nobody_elses_fault(self):
        """Seven years overdue counts as 180 days: (0 + 180 + 3 * 0) / 5 = 36 days."""
        self.pay(self.bill(due=0), on=0)
        self.bill(due=-2555)
        self.pay(self.bill(due=0, partner=self.partner_b), on=0)
        scores = {score.partner_id: score for score in self.refresh()}
        self.assertAlmostEqual(scores[self.partner_a].expected_delay, 36.0, 1)
        self.assertEqual(scores[self.partner_a].overdue_days, 2555)
        self.assertEqual(scores[self.partner_b].score, 80)

    def test_reasons_have_numbers(self):
        for due in (-10, -20, 5):
            self.pay(self.bill(due=due), on=0)
        self.assertIn(
            "Paid 2 of 3 invoices late, 8 days late on average.", self.score(self.partner_a).reasons
        )

    def test_a_refresh_can_be_repeated_and_forgets_who_is_gone(self):
        invoice = self.bill(due=-20)
        first = self.score(self.partner_a)
        self.assertEqual(self.score(self.partner_a), first)
        invoice.button_draft()
        self.assertFalse(self.score(self.partner_a))

    def test_companies_have_opinions_of_their_own(self):
        self.bill(due=-20)
        other = self.other_company_invoice(due=-100)
        other.action_post()
        self.env["billing.score"]._refresh(self.company | other.company_id)
        scores = self.env["billing.score"].sudo().search([("partner_id", "=", self.partner_a.id)])
        self.assertEqual(
            {score.company_id: score.overdue_days for score in scores},
            {self.company: 20, other.company_id: 100},
        )

    def test_two_customers_with_a_score_can_be_merged(self):
        self.bill(due=-10)
        self.bill(due=-10, partner=self.partner_b)
        self.refresh()
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo().create({})
        wizard._merge((self.partner_a | self.partner_b).ids, self.partner_a)
        self.assertFalse(self.partner_b.exists())

    def test_only_billing_users_refresh_and_only_as_of_today(self):
        self.bill(due=-10)
        score = self.score(self.partner_a)
        portal = new_test_user(self.env, "score_portal", groups="base.group_portal")
        with self.assertRaises(AccessError):
            score.browse().with_user(portal).action_refresh()
        score.browse().with_context(billing_as_of="1990-01-01").action_refresh()
        self.assertTrue(score.exists())

    def test_any_number_of_customers_costs_one_statement(self):
        for _i in range(3):
            self.bill(due=-20, partner=self.partner_a.copy({"name": "Customer"}))
        self.env.flush_all()
        self.env["billing.payment.plan"]._has_any()  # remembered
        self.env["billing.score"]._refresh(self.company)
        with self.assertQueryCount(3):  # two settings, and the statement
            self.env["billing.score"]._refresh(self.company)

    def test_half_a_year_ago_counts_half(self):
        """(30 + 0 / 2 + 3 * 20) / (1 + 1 / 2 + 3) = 20 days, the house being (30 + 0) / 1.5."""
        self.pay(self.bill(due=-180), on=-180)
        self.pay(self.bill(due=-30), on=0)
        self.assertAlmostEqual(self.score(self.partner_a).expected_delay, 20.0, 1)

    def test_the_grades_have_their_limits(self):
        for score, grade in (
            (100, "A"), (75, "A"), (74, "B"), (65, "B"), (64, "C"), (50, "C"),
            (49, "D"), (30, "D"), (29, "E"), (0, "E"),
        ):  # fmt: skip
            sql = self.env["billing.score"]._score_to_grade(SQL("%s", score))
            self.assertEqual(self.env.execute_query(SQL("SELECT %s", sql))[0][0], grade, score)

    def test_confidence_grows_with_history(self):
        confidences = []
        for _i in range(10):
            self.pay(self.bill(due=0), on=0)
            confidences.append(self.score(self.partner_a).confidence)
        self.assertEqual(confidences, ["low"] * 2 + ["medium"] * 7 + ["high"])

    def test_on_the_due_date_is_not_late(self):
        for due in (0, -10):
            self.pay(self.bill(due=due), on=0)
        self.assertEqual(self.score(self.partner_a).late_count, 1)

    def test_a_debt_nobody_asks_for_is_not_held_against_the_customer(self):
        self.bill(due=-80).no_followup = True
        self.assertFalse(self.score(self.partner_a))

    def test_payments_to_another_company_say_nothing_here(self):
        other = self.other_company_invoice(due=-100)
        other.action_post()
        self.pay(other.with_company(other.company_id), on=0)
        self.assertFalse(self.score(self.partner_a))
        self.env["billing.score"]._refresh(other.company_id)
        theirs = self.env["billing.score"].sudo().search([("company_id", "=", other.company_id.id)])
        self.assertEqual((theirs.partner_id, theirs.late_count), (self.partner_a, 1))

    def test_a_refresh_leaves_other_companies_their_opinions(self):
        other = self.other_company_invoice(due=-100)
        other.action_post()
        self.env["billing.score"]._refresh(other.company_id)
        self.refresh()
        self.assertTrue(
            self.env["billing.score"].sudo().search([("company_id", "=", other.company_id.id)])
        )

    def test_there_are_opinions_from_the_first_day(self):
        self.bill(due=-20)
        post_init_hook(self.env(su=True))  # as Odoo calls it
        self.assertTrue(self.partner_a.billing_score_id)
