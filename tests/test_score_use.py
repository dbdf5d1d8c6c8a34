from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_score import ScoreCommon

WARNING = "poor payer"


@tagged("post_install", "-at_install")
class TestScoreUse(ScoreCommon):
    """What the score is good for: quiet warnings, and a proposal whom to trust."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_people()
        cls.env.user.group_ids += cls.env.ref("base.group_partner_manager")
        cls.overdue(cls.partner_a, 120, 120, 120, 120)
        cls.paid(cls.partner_b, 0, 0, 0)
        cls.refresh()
        cls.score = cls.env["billing.score"].search([("partner_id", "=", cls.partner_a.id)])
        cls.draft = cls._create_invoice_one_line(price_unit=10.0, partner_id=cls.partner_a.id)

    def lead(self, partner, **values):
        return (
            self.env["crm.lead"]
            .sudo()
            .create({"name": "Desks", "type": "opportunity", "partner_id": partner.id, **values})
        )

    def test_a_poor_payer_is_said_to_be_one_with_what_would_help(self):
        self.assertIn(self.score.grade, ("D", "E"))
        warning = self.lead(self.partner_a).billing_score_warning
        self.assertIn("partner_a is a poor payer", warning)
        self.assertIn("4 overdue now, the oldest for 120 days.", warning)
        self.assertIn("What would help: Payment in advance or a pro forma, shorter", warning)
        self.assertFalse(self.lead(self.partner_b).billing_score_warning)
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": self.partner_a.id})
        self.assertIn(WARNING, self.lead(contact).billing_score_warning)

    def test_a_slipping_one_too(self):
        self.score.sudo().write(
            {"grade": "C", "score": 60, "trend": "slipping", "trend_points": -9}
        )
        warning = self.lead(self.partner_a).billing_score_warning
        self.assertIn("pays worse than three months ago: -9 points", warning)
        self.assertIn("lower credit limit for a while", warning)

    def test_the_opportunity_of_another_company_asks_that_one(self):
        other = self.other_company_invoice(due=-5)
        other.action_post()
        self.env.user.company_ids += other.company_id
        lead = self.lead(self.partner_a, company_id=other.company_id.id)
        self.refresh(other.company_id)
        both = (self.company | other.company_id).ids
        self.assertFalse(lead.with_context(allowed_company_ids=both).billing_score_warning)

    def test_on_a_draft_invoice(self):
        alerts = self.draft.with_user(self.clerk).alerts
        self.assertIn(WARNING, alerts["billing_score"]["message"])
        self.assertEqual(alerts["billing_score"]["action"]["res_id"], self.score.id)
        self.draft.partner_id = self.partner_b
        self.assertNotIn("billing_score", self.draft.with_user(self.clerk).alerts or {})
        self.draft.partner_id = self.partner_a
        self.draft.action_post()
        self.assertNotIn("billing_score", self.draft.with_user(self.clerk).alerts or {})

    def test_not_on_a_bill_or_a_credit_note(self):
        for move_type in ("in_invoice", "out_refund"):
            move = self._create_invoice_one_line(
                price_unit=10.0, partner_id=self.partner_a.id, move_type=move_type
            )
            self.assertNotIn("billing_score", move.alerts or {}, move_type)

    def test_who_may_not_see_scores_is_told_nothing_and_costs_nothing(self):
        queries = []
        execute = self.env.cr.execute

        def recorder(query, params=None, log_exceptions=True):
            queries.append(str(query.code if hasattr(query, "code") else query))
            return execute(query, params, log_exceptions)

        self.env.invalidate_all()
        self.patch(self.env.cr, "execute", recorder)
        self.assertNotIn("billing_score", self.draft.with_user(self.accountant).alerts or {})
        self.assertTrue(queries)
        self.assertFalse([query for query in queries if "billing_score" in query])
        with self.assertRaises(AccessError):
            self.lead(self.partner_a).sudo(False).with_user(self.accountant).read(
                ["billing_score_warning"]
            )

    def test_a_salesperson_is_warned_of_their_own_customers(self):
        lead = self.lead(self.partner_a, user_id=self.salesperson.id)
        self.assertFalse(lead.sudo(False).with_user(self.salesperson).billing_score_warning)
        self.partner_a.user_id = self.salesperson
        self.env.invalidate_all()
        self.assertIn(WARNING, lead.sudo(False).with_user(self.salesperson).billing_score_warning)

    def test_many_opportunities_cost_one_query(self):
        leads = self.env["crm.lead"].sudo().concat(*(self.lead(self.partner_a) for _i in range(4)))
        self.env.flush_all()
        leads.mapped("partner_id.commercial_partner_id.name")
        leads.mapped("company_id")
        self.env["billing.score"].search([]).mapped("partner_id.name")
        with self.assertQueryCount(1):
            leads.mapped("billing_score_warning")

    def test_trust_is_proposed_and_written_only_on_request(self):
        self.assertEqual(self.partner_a.billing_trust_proposal, "bad")
        self.assertEqual(self.partner_a.trust or "normal", "normal", "not by the refresh")
        self.partner_a.action_accept_billing_trust()
        self.assertEqual(self.partner_a.trust, "bad")
        self.assertFalse(self.partner_a.billing_trust_proposal)
        other = self.setup_other_company()["company"]
        self.assertNotEqual(self.partner_a.with_company(other).trust, "bad")

    def test_trust_is_written_in_the_company_of_the_score(self):
        first = self.other_company_invoice(due=-120, partner=self.partner_b)
        other = first.company_id
        for invoice in (first, first.copy(), first.copy()):
            invoice.write({"invoice_date": first.invoice_date, "invoice_date_due": self.day(-120)})
            invoice.action_post()
        self.env.user.company_ids += other
        both = (self.company | other).ids
        score = self.refresh(other)[self.partner_b].sudo(False)
        score.with_context(allowed_company_ids=both).action_accept_trust()
        self.assertEqual(self.partner_b.with_company(other).trust, "bad")
        self.assertNotEqual(self.partner_b.trust, "bad")

    def test_trust_by_grade(self):
        low, nobody = (
            self.score.sudo().copy({"partner_id": self.customer("Low").id}),
            False,
        )
        for grade, confidence, trust, proposal in (
            ("A", "high", "normal", "good"),
            ("A", "medium", "good", nobody),
            ("B", "medium", "good", "normal"),
            ("C", "medium", "normal", nobody),
            ("D", "medium", "normal", "bad"),
            ("E", "medium", False, "bad"),
            ("A", "low", "normal", nobody),
            ("E", "low", "good", nobody),
        ):
            low.sudo().write({"grade": grade, "confidence": confidence})
            low.partner_id.trust = trust
            self.assertEqual(low.trust_proposal, proposal, (grade, confidence, trust))

    def test_trust_for_several_at_once(self):
        scores = self.env["billing.score"].search([])
        scores.action_accept_trust()
        self.assertEqual((self.partner_a.trust, self.partner_b.trust), ("bad", "good"))

    def test_only_managers_decide_whom_to_trust(self):
        for user in (self.clerk, self.salesperson, self.accountant):
            with self.assertRaises(AccessError):
                self.score.with_user(user).action_accept_trust()
        self.assertNotEqual(self.partner_a.trust, "bad")
        manager = self.make_user("mia", "billing_crm.group_billing_manager")
        self.score.with_user(manager).action_accept_trust()
        self.assertEqual(self.partner_a.trust, "bad")

    def test_who_sees_the_history(self):
        self.partner_a.user_id = self.salesperson
        history = self.env["billing.score.history"]
        for user, customers in (
            (self.clerk, self.partner_a | self.partner_b),
            (self.salesperson, self.partner_a),
        ):
            self.assertEqual(history.with_user(user).search([]).partner_id, customers)
        for user in (self.accountant, self.portal, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                history.with_user(user).search([])
        for method in ("write", "unlink"):
            with self.assertRaises(AccessError):
                history.with_user(self.clerk).search([]).check_access(method)

    def test_what_really_happened_counts(self):
        """A promise, a dispute and a mail, through the buttons and the nightly job."""
        self.env["billing.promise"]._record(
            self.env["billing.promise"]._get_promisable(self.company, self.partner_a)[0],
            100.0,
            self.day(1),
        )
        self.env["billing.promise"].with_context(billing_as_of=self.day(30))._judge(self.company)
        self.env["billing.promise"].search([]).sudo().closed_on = self.today
        dispute = self.env["billing.dispute"].create(
            {"move_id": self.bill(due=-5).id, "reason": "price"}
        )
        dispute.action_reject()
        score = self.refresh()[self.partner_a]
        self.assertEqual((score.promise_points, score.dispute_points), (4, 3))

    def test_the_score_opens_its_months_and_its_payments(self):
        for action in (self.score.action_open_history(), self.score.action_open_payments()):
            rows = self.env[action["res_model"]].search(action["domain"])
            self.assertLessEqual(rows.partner_id, self.partner_a)
        self.assertEqual(self.partner_a.action_open_billing_score()["res_id"], self.score.id)

    def test_the_form_of_a_customer_for_each_of_us(self):
        for user in (self.clerk, self.salesperson, self.accountant):
            view = self.env["res.partner"].with_user(user).get_view(view_type="form")["arch"]
            self.assertEqual("billing_trend" in view, user != self.accountant, user.name)
        self.accountant.group_ids += self.env.ref("sales_team.group_sale_salesman")
        self.env.invalidate_all()
        self.partner_a.with_user(self.accountant).write(
            {"comment": "Works", "child_ids": [Command.create({"name": "Contact"})]}
        )
