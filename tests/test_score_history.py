from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from odoo.tests import freeze_time, tagged

from .common_score import ScoreCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-25 12:00:00")
class TestScoreHistory(ScoreCommon):
    """What the score was, month by month, and what became of it."""

    def rebuild(self):
        """As the nightly job does."""
        with self.enter_registry_test_mode():
            self.env.ref("billing_crm.ir_cron_refresh_scores").method_direct_trigger()
        self.env.invalidate_all()

    def months(self, partner=None):
        rows = self.env["billing.score.history"].search(
            [("partner_id", "=", (partner or self.partner_a).id)], order="month"
        )
        return {f"{row.month:%Y-%m}": row for row in rows}

    def on(self, day):
        """How many days from today a date is."""
        return (self.env["account.move"]._fields["date"].to_date(day) - self.today).days

    def test_the_months_before_are_formed_from_the_ledger(self):
        """Paid on time in May; since 11 August, three months late; paid in October."""
        self.paid(self.partner_a, 0, 0, 0, on=self.on("2026-05-20"))
        late = self.bill(due=self.on("2026-07-10"))
        self.pay(late, on=self.on("2026-10-08"))
        self.rebuild()
        months = self.months()
        self.assertEqual(
            list(months),
            ["2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "2026-11"],
            "nothing before the first invoice was settled",
        )
        self.assertEqual(months["2026-06"].score, 80)
        # 31 July: open for 21 days though it is paid today; 30 June to 31 July are within 0.85
        self.assertLess(months["2026-07"].score, 80)
        self.assertLess(months["2026-08"].score, months["2026-07"].score)
        self.assertEqual(months["2026-11"].score, self.score_of(self.partner_a).score)

    def score_of(self, partner):
        return self.env["billing.score"].search([("partner_id", "=", partner.id)])

    def test_a_month_on_paper(self):
        """31 August, one payment 10 days late that day, one invoice open for 40 days:
        (10 + 40 + 3 x 10) / 5 = 16 days; 70 - 1 x 10/7 = 68.57; little history."""
        self.paid(self.partner_a, 10, on=self.on("2026-08-31"))
        late = self.bill(due=self.on("2026-07-22"))
        self.pay(late, on=self.on("2026-09-01"))
        self.rebuild()
        august = self.months()["2026-08"]
        self.assertAlmostEqual(august.expected_delay, 16, 4)
        self.assertEqual((august.score, august.grade, august.confidence), (69, "B", "low"))

    def test_facts_count_from_their_day(self):
        self.paid(self.partner_a, 0, 0, 0, on=self.on("2026-06-15"))
        self.promised(self.partner_a, "broken", -self.on("2026-09-02"))
        self.rebuild()
        scores = {month: row.score for month, row in self.months().items()}
        self.assertEqual((scores["2026-08"], scores["2026-09"]), (80, 76))

    def test_the_trend_is_against_three_months_ago(self):
        """Paid on time until August; what is overdue now makes the difference."""
        for partner in (self.partner_a, self.partner_b):
            self.paid(partner, 0, 0, 0, 0, on=self.on("2026-08-20"))
        self.overdue(self.partner_a, 70, 70)
        self.rebuild()
        score = self.score_of(self.partner_a)
        before = self.months()["2026-08"].score
        self.assertEqual((before, score.trend_points), (80, score.score - 80))
        self.assertEqual(score.trend, "slipping")
        self.assertEqual(self.score_of(self.partner_b).trend, "stable")
        self.assertEqual(self.partner_a.billing_trend, "slipping")
        slipping = self.env["res.partner"].search([("billing_trend", "=", "slipping")])
        self.assertEqual(slipping & (self.partner_a | self.partner_b), self.partner_a)

    def test_five_points_are_a_trend_and_four_are_none(self):
        self.paid(self.partner_a, 0, 0, 0, on=self.on("2026-08-20"))
        self.rebuild()
        for before, trend in ((84, "stable"), (85, "slipping"), (76, "stable"), (75, "improving")):
            self.months()["2026-08"].sudo().write({"score": before, "own_score": before})
            self.refresh()
            self.assertEqual(self.score_of(self.partner_a).trend, trend, before)

    def test_that_others_pay_worse_makes_nobody_slip(self):
        """Three payments on time in August, none since. The company's average was 0 days, and is
        (6 x 60 + 3 x 0.69 x 0) / 8.06: the score falls, and says nothing of this customer."""
        self.paid(self.partner_a, 0, 0, 0, on=self.on("2026-08-20"))
        self.rebuild()
        self.paid(self.partner_b, *[60] * 6)
        score = self.refresh()[self.partner_a]
        self.assertLess(score.trend_points, -5)
        self.assertEqual(score.trend, "stable")

    def test_with_little_history_then_or_now_there_is_no_trend(self):
        self.paid(self.partner_a, 30, on=self.on("2026-08-20"))
        self.paid(self.partner_a, 0, 0, 0)
        self.rebuild()
        self.assertEqual(self.months()["2026-08"].confidence, "low")
        self.assertFalse(self.score_of(self.partner_a).trend)

    def test_new_risks(self):
        """Poor now and not in August; or little known, and three times the usual owed."""
        newly, always, big, small = (self.customer(n) for n in ("New", "Old", "Big", "Small"))
        for partner in (newly, always):
            self.paid(partner, 0, 0, 0, on=self.on("2026-08-20"))
        self.overdue(always, *[300] * 4)
        self.overdue(newly, *[80] * 20)
        self.bill(amount=20000.0, due=-3, partner=big)
        self.bill(amount=900.0, due=-3, partner=small)
        self.rebuild()
        risks = self.env["billing.score"].search([("is_new_risk", "=", True)]).partner_id
        self.assertEqual(self.score_of(newly).grade, "D")
        self.assertIn(self.score_of(always).grade, ("D", "E"))
        self.assertEqual(risks, newly | big)
        found = self.env["res.partner"].search([("billing_new_risk", "=", True)])
        self.assertEqual(found, risks)

    def test_a_month_without_a_refresh_is_made_up_for(self):
        self.paid(self.partner_a, 0, 0, 0, on=self.on("2026-06-15"))
        self.rebuild()
        history = self.env["billing.score.history"].sudo()
        history.search([("month", ">=", "2026-09-01")]).unlink()
        months = self.env["billing.score"]._get_missing_months(self.company)
        self.assertEqual([f"{month:%Y-%m}" for month in months], ["2026-09", "2026-10"])
        self.rebuild()
        self.assertIn("2026-10", self.months())
        self.assertFalse(self.env["billing.score"]._get_missing_months(self.company))

    def test_what_was_is_not_rewritten(self):
        """The months that are over stay as they were told, whatever is booked later."""
        self.paid(self.partner_a, 0, 0, 0, on=self.on("2026-06-15"))
        self.rebuild()
        self.months()["2026-08"].sudo().score = 12
        self.rebuild()
        self.assertEqual(self.months()["2026-08"].score, 12)

    def test_two_years_are_kept(self):
        self.paid(self.partner_a, 0)
        self.refresh()
        history = self.env["billing.score.history"].sudo()
        first = self.today.replace(day=1)
        for back in (23, 24):
            self.months()["2026-11"].sudo().copy({"month": first - relativedelta(months=back)})
        history._gc_old_months()
        self.assertEqual(list(self.months()), ["2024-12", "2026-11"])

    def test_a_company_that_fails_does_not_stop_the_others(self):
        other = self.other_company_invoice(due=-40)
        other.action_post()
        self.overdue(self.partner_a, 10)
        model = self.env.registry["billing.score"]
        whole = model._refresh_company

        def fail(self, company):
            if company == other.company_id:
                raise ValueError
            return whole(self, company)

        with (
            patch.object(model, "_refresh_company", fail),
            self.assertLogs("odoo.addons.billing_crm", "ERROR"),
        ):
            self.rebuild()
        self.assertEqual(
            self.env["billing.score"].sudo().search([]).company_id
            & (self.company | other.company_id),
            self.company,
        )

    def test_a_score_that_is_gone_is_gone_from_this_month(self):
        invoice = self.bill(due=-20)
        self.refresh()
        self.assertIn("2026-11", self.months())
        invoice.button_draft()
        self.refresh()
        self.assertFalse(self.months())
