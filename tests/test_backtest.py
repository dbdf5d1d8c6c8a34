from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL, mute_logger

from .common_backtest import BacktestCommon

RUN = "odoo.addons.billing_crm.models.insight.backtest.billing_backtest_run"


@tagged("post_install", "-at_install")
class TestBacktest(BacktestCommon):
    """What the check says of a company's past."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_people()
        cls.make_past()

    def test_each_installment_is_predicted_as_of_its_invoice_date(self):
        """The same engine, asked about one day with what was known then, says the same."""
        check = self.check()
        self.assertEqual(check.line_ids.move_id, self.past)
        line = check.line_ids.filtered(lambda line: line.partner_id == self.slow).sorted(
            "invoice_date"
        )[-1]
        history = self.env["billing.settlement"]._select_installments(self.company)
        asked = SQL(
            "SELECT 1 AS id, %s AS partner_id, %s::date AS date_maturity, %s::date AS as_of",
            self.slow.id,
            line.date_maturity,
            line.invoice_date,
        )
        known = SQL(
            """
            SELECT id, partner_id, date_maturity, settled_date FROM (%s) history
             WHERE settled_date < %s AND is_payment
            """,
            history,
            line.invoice_date,
        )
        still_open = SQL(
            """
            SELECT id, partner_id, invoice_date, date_maturity, NULL::date AS settled_date
              FROM (%s) history WHERE settled_date >= %s AND invoice_date < %s
            """,
            history,
            line.invoice_date,
            line.invoice_date,
        )
        [expected] = self.env.execute_query_dict(
            self.env["billing.prediction"]._predict(asked, known, still_open)
        )
        for name in ("late_probability", "expected_days", "low_days", "high_days"):
            self.assertAlmostEqual(line[name], float(expected[name]), 6, name)
        self.assertEqual(line.payment_count, expected["payment_count"])

    def test_what_happened_is_the_ledger(self):
        late, open_one = self.bill(due=-100, amount=70), self.bill(due=-90, amount=50)
        self.pay(late, on=-60)
        self.pay(open_one, amount=10, on=-80)
        postdated = self.bill(due=-95, amount=20)
        self.pay(postdated, on=10)
        future = self.bill(due=20, amount=30, invoice_date=self.day(-70))
        lines = {line.move_id: line for line in self.check().line_ids}
        self.assertEqual(
            [(lines[move].outcome, lines[move].days_late, lines[move].amount)
             for move in (late, open_one, future)],
            [("very_late", 40, 70.0), ("unpaid", 0, 50.0), ("open", 0, 30.0)],
        )  # fmt: skip
        self.assertAlmostEqual(lines[late].error_days, 40 - lines[late].expected_days, 6)
        self.assertEqual(lines[open_one].days_so_far, 90)
        self.assertEqual(lines[postdated].outcome, "unpaid")
        self.assertFalse(lines[open_one].error_band)
        self.assertEqual((lines[late].within, lines[future].within), ("no", "open"))
        for line in lines.values():
            self.assertLessEqual(line.low_days, line.expected_days)
            self.assertLessEqual(line.expected_days, line.high_days)

    def test_figures_are_those_of_the_predictions(self):
        check = self.check()
        lines = check.line_ids
        self.assertEqual(check.state, "done")
        self.assertEqual((check.prediction_count, check.judged_count), (len(lines), len(lines)))
        self.assertEqual(check.late_count, len(lines) / 2)
        self.assertAlmostEqual(
            check.error_days, sum(abs(line.error_days) for line in lines) / len(lines), 2
        )
        within = lines.filtered(lambda line: line.within == "yes")
        self.assertAlmostEqual(check.within_share, len(within) / len(lines), 6)
        self.assertAlmostEqual(
            check.cash_within_share, sum(within.mapped("amount")) / sum(lines.mapped("amount")), 6
        )
        self.assertEqual(sum(check.bin_ids.mapped("number_judged")), len(lines))
        self.assertEqual(lines.sorted()[0].missed_by, max(lines.mapped("missed_by")))
        self.assertEqual(check.new_count, 4 + 5, "billed before the third payment of each")
        self.assertIn(f"in {round(check.auc * 100)} of 100 cases", check.summary)
        points = self.env["billing.backtest.point"].search([("backtest_id", "=", check.id)])
        self.assertEqual(len(points), 2 * len(check.bin_ids))

    def test_little_is_said_to_be_too_little(self):
        check = self.check(start=-200)
        self.assertTrue(0 < check.judged_count < 30)
        self.assertTrue(check.is_too_little)
        self.assertIn("Too little to judge", check.summary)
        self.assertNotIn("100 cases", check.summary)
        nothing = self.check(start=-5000, end=-4000)
        self.assertEqual((nothing.state, nothing.prediction_count), ("done", 0))
        self.assertIn("of 0 installments", nothing.summary)

    def test_what_was_credited_is_not_judged_but_was_open(self):
        """A bill that was overdue and later credited: nobody knew, when the next was predicted."""
        credited = self.bill(due=-200, amount=40)
        self._reverse_invoice(credited, is_modify=False, post=True, date=self.day(-50))
        self.assertEqual(credited.payment_state, "reversed")
        check = self.check()
        self.assertNotIn(credited, check.line_ids.move_id)
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT * FROM (%s) history WHERE NOT is_payment",
                self.env["billing.settlement"]._select_installments(self.company),
            )
        )
        self.assertEqual([row["settled_date"] for row in rows], [self.day(-50)])

    def test_installments_are_predicted_one_by_one(self):
        terms = self.env["account.payment.term"].create(
            {
                "name": "In two parts",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (10, 40)
                ],
            }
        )
        bill = self.bill(amount=90, invoice_date=self.day(-150), invoice_payment_term_id=terms.id)
        lines = self.check().line_ids.filtered(lambda line: line.move_id == bill)
        self.assertEqual(sorted(lines.mapped("date_maturity")), [self.day(-140), self.day(-110)])
        self.assertEqual(lines.mapped("amount"), [45, 45])

    def test_of_who_is_not_scored_nothing_is_predicted_or_kept(self):
        check = self.check()
        self.assertIn(self.slow, check.line_ids.partner_id)
        self.slow.billing_no_scoring = True
        self.assertEqual(check.line_ids.move_id.partner_id, self.prompt)
        self.assertEqual(self.check().line_ids.move_id.partner_id, self.prompt)
        self.slow.billing_no_scoring = False
        self.assertIn(self.slow, self.check().line_ids.partner_id)

    def test_who_is_not_scored_counts_in_the_companys_average(self):
        """A third customer, of whom nothing is known, is late because the second one is."""
        third = self.partner_a.copy({"name": "Third"})
        bill = self.bill(due=-100, partner=third)
        self.slow.billing_no_scoring = True
        line = self.check().line_ids.filtered(lambda line: line.move_id == bill)
        self.assertEqual(line.payment_count, 0)
        self.assertGreater(line.average_days, 0, "of both, the prompt and the slow")

    def test_only_the_newest_are_checked(self):
        self.patch_constant("MOST_INSTALLMENTS", 5)
        days = sorted(self.past.mapped("invoice_date"))
        self.assertEqual(sorted(self.check().line_ids.mapped("invoice_date")), days[-5:])

    def patch_constant(self, name, value):
        self.startPatcher(patch(f"{RUN}.{name}", value))

    def test_the_usual_period_is_a_year_until_two_months_ago(self):
        with freeze_time(datetime(2025, 5, 30, 12)):
            period = self.env["billing.backtest"]._get_usual_period(self.company)
        self.assertEqual([str(day) for day in period], ["2024-04-01", "2025-03-31"])

    def test_a_person_asks_for_a_period(self):
        ask = self.env["billing.backtest.ask"].with_user(self.clerk).create({})
        self.assertEqual(ask.date_to, self.day(-60))
        action = ask.action_check()
        check = self.env["billing.backtest"].browse(action["res_id"])
        self.assertEqual((check.date_from, check.date_to), (ask.date_from, ask.date_to))
        self.assertEqual(check.create_uid, self.clerk)
        with self.assertRaises(ValidationError):
            ask.date_from = self.today

    def test_a_large_company_is_checked_in_the_background(self):
        self.patch_constant("MOST_AT_ONCE", 5)
        check = self.check(user=self.clerk)
        self.assertEqual(check.state, "waiting")
        self.assertIn("Waiting", check.summary)
        self.run_cron()
        self.assertEqual(check.state, "done")
        self.assertTrue(check.line_ids)

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("billing_crm.ir_cron_backtest").method_direct_trigger()
        self.env.invalidate_all()

    def checks(self):
        return self.env["billing.backtest"].search([("company_id", "=", self.company.id)])

    def test_every_month_a_check_is_made(self):
        self.run_cron()
        self.run_cron()
        self.assertEqual(self.checks().mapped("is_automatic"), [True])
        with freeze_time(datetime.combine(self.day(32), datetime.min.time())):
            self.run_cron()
        self.assertEqual(self.checks().mapped("state"), ["done", "done"])

    @mute_logger(RUN)
    def test_one_that_fails_says_so_and_holds_up_nobody(self):
        self.patch_constant("MOST_AT_ONCE", 5)
        bad, good = self.check(), self.check()
        original = type(bad)._measure

        def measure(check):
            if check == bad:
                raise ValueError("bad")
            return original(check)

        self.patch(type(bad), "_measure", measure)
        self.run_cron()
        self.assertEqual((bad.state, good.state), ("failed", "done"))
        self.assertFalse(bad.line_ids)

    def test_old_checks_keep_their_figures_and_then_go(self):
        self.patch_constant("CHECKS_KEPT", 4)
        self.patch_constant("LINES_KEPT", 2)
        checks = self.env["billing.backtest"]
        for day in range(5):
            with freeze_time(datetime.combine(self.day(day), datetime.min.time())):
                checks |= self.check()
        self.assertEqual(checks.exists(), checks[1:])
        self.assertEqual([bool(check.line_ids) for check in checks[1:]], [False, False, True, True])
        self.assertEqual([bool(check.bin_ids) for check in checks[1:]], [True] * 4)
        self.assertEqual(checks[1:].mapped("has_lines"), [False, False, True, True])

    def test_another_companys_past_is_its_own(self):
        foreign = self.other_company_invoice(due=-100)
        foreign.action_post()
        self.assertNotIn(foreign, self.check().line_ids.move_id)
        other = foreign.company_id
        model = self.env["billing.backtest"]
        theirs = (
            model.with_context(allowed_company_ids=other.ids)
            .sudo()
            ._request(other, self.day(-500), self.day(-60))
        )
        self.assertEqual(theirs.line_ids.move_id, foreign)
        for name in ("", ".bin", ".point", ".line"):
            seen = self.env[f"billing.backtest{name}"].with_user(self.clerk).search([])
            self.assertEqual(seen.company_id, self.company, name)
        with self.assertRaises(AccessError):
            model.with_user(self.clerk)._request(other, self.day(-500), self.day(-60))

    def test_who_may_see_and_who_may_ask(self):
        check = self.check()
        reader = self.make_user("rita", "account.group_account_readonly")
        for user in (self.clerk, reader):
            self.assertTrue(check.with_user(user).summary)
            self.assertTrue(check.line_ids.with_user(user).mapped("expected_days"))
        for user in (self.accountant, self.salesperson, self.portal):
            with self.assertRaises(AccessError):
                self.env["billing.backtest.line"].with_user(user).search([])
        for user in (reader, self.salesperson, self.portal):
            with self.assertRaises(AccessError):
                self.check(user=user)
            with self.assertRaises(AccessError):
                self.env["billing.backtest.ask"].with_user(user).create({})

    def test_a_longer_past_costs_no_query_more(self):
        self.check()
        counts = []
        for start in (-300, -500):
            before = self.env.cr.sql_log_count
            self.check(start=start)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
