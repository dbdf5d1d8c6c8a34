from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import ReminderCommon


@tagged("post_install", "-at_install")
class TestReminderPolicyChoice(ReminderCommon):
    """Which ladder a customer climbs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.default = cls.env.ref("billing_crm.reminder_policy_default")
        cls.special = cls.policy("Special")

    @classmethod
    def policy(cls, name, **values):
        """A copy of the ladder that comes with the module, for customers it is chosen for."""
        values = {"name": name, "company_id": cls.company.id, "applies": "chosen", **values}
        return cls.default.copy(values)

    def rule(self, **conditions):
        """Let the special ladder be for customers who meet conditions."""
        self.special.write({"applies": "rule", **conditions})

    def in_use(self, partner=None):
        """The ladder that the reminder of an overdue invoice comes from; and the form says so."""
        partner = partner or self.partner_a
        self.bill(due=-10, partner=partner)
        reminder = self.plan()
        partner.invalidate_recordset()
        self.assertEqual(partner.billing_applied_policy_id, reminder.policy_id)
        return reminder.policy_id

    def test_without_anything_the_default(self):
        self.assertEqual(self.in_use(), self.default)

    def test_chosen_on_the_customer(self):
        self.partner_a.billing_reminder_policy_id = self.special
        self.assertEqual(self.in_use(), self.special)

    def test_chosen_on_the_company_of_a_contact(self):
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": self.partner_a.id})
        self.partner_a.billing_reminder_policy_id = self.special
        self.bill(due=-10, partner=contact)
        self.assertEqual(self.plan().policy_id, self.special)

    def test_chosen_in_another_company_means_nothing_here(self):
        other = self.setup_other_company()["company"]
        self.partner_a.with_company(other).billing_reminder_policy_id = self.special
        self.assertEqual(self.in_use(), self.default)

    def test_chosen_but_archived(self):
        self.partner_a.billing_reminder_policy_id = self.special
        self.special.active = False
        self.assertEqual(self.in_use(), self.default)

    def test_chosen_wins_over_a_rule(self):
        self.partner_a.country_id = self.env.ref("base.de")
        self.rule(country_ids=[fields.Command.set(self.env.ref("base.de").ids)])
        mine = self.policy("Mine")
        self.partner_a.billing_reminder_policy_id = mine
        self.assertEqual(self.in_use(), mine)

    def test_by_country(self):
        self.rule(country_ids=[fields.Command.set(self.env.ref("base.de").ids)])
        self.partner_a.country_id = self.env.ref("base.fr")
        self.partner_b.country_id = self.env.ref("base.de")
        self.assertEqual(self.in_use(), self.default)
        self.assertEqual(self.in_use(self.partner_b), self.special)

    def test_by_tag_or_a_tag_below_it(self):
        public = self.env["res.partner.category"].create({"name": "Public"})
        schools = self.env["res.partner.category"].create(
            {"name": "Schools", "parent_id": public.id}
        )
        self.rule(category_ids=[fields.Command.set(public.ids)])
        self.assertEqual(self.in_use(), self.default)
        self.partner_b.category_id = schools
        self.assertEqual(self.in_use(self.partner_b), self.special)

    def score(self, partner, grade, confidence="medium"):
        self.env["billing.score"].search([("partner_id", "=", partner.id)]).unlink()
        self.env["billing.score"].sudo().create(
            {
                "company_id": self.company.id,
                "partner_id": partner.id,
                "score": 1,
                "grade": grade,
                "confidence": confidence,
            }
        )

    def test_by_grade(self):
        self.rule(grade_best="C", grade_worst="D")
        for grade, policy in (("B", self.default), ("C", self.special), ("E", self.default)):
            partner = self.partner_a.copy({"name": grade})
            self.score(partner, grade)
            self.assertEqual(self.in_use(partner), policy, grade)
        self.assertEqual(self.in_use(), self.default, "nothing is known of them")

    def test_a_grade_that_rests_on_little_history_chooses_no_ladder(self):
        """Neither the harsh one nor the gentle one: the default, as if nothing were known."""
        self.rule(grade_best="A", grade_worst="E")
        for confidence, policy in (("low", self.default), ("medium", self.special)):
            partner = self.partner_a.copy({"name": confidence})
            self.score(partner, "E", confidence)
            self.assertEqual(self.in_use(partner), policy, confidence)

    def test_by_what_is_overdue_in_all_currencies(self):
        self.rule(minimum_overdue=150.0)
        euro = self.setup_other_currency("EUR", rates=[("1900-01-01", 2.0)])
        self.bill(due=-10, currency_id=euro.id, amount=98.0)
        self.bill(due=20, amount=1000.0)
        self.assertEqual(self.in_use(), self.default, "149.00, and the rest is not due")
        self.env["billing.reminder"].sudo().search([]).unlink()
        self.bill(due=-10, amount=1.0)
        self.assertEqual(self.plan().policy_id, self.special)

    def test_by_salesperson(self):
        salesperson = self.make_user("saul", "sales_team.group_sale_salesman")
        self.rule(salesperson_ids=[fields.Command.set(salesperson.ids)])
        self.partner_b.user_id = salesperson
        self.assertEqual(self.in_use(), self.default)
        self.assertEqual(self.in_use(self.partner_b), self.special)

    def test_all_conditions_must_be_met(self):
        germany = self.env.ref("base.de")
        self.rule(country_ids=[fields.Command.set(germany.ids)], minimum_overdue=500.0)
        self.partner_a.country_id = germany
        self.assertEqual(self.in_use(), self.default)

    def test_the_first_rule_wins(self):
        germany = self.env.ref("base.de")
        self.partner_a.country_id = germany
        self.rule(country_ids=[fields.Command.set(germany.ids)], sequence=5)
        self.policy(
            "Later", applies="rule", country_ids=[fields.Command.set(germany.ids)], sequence=6
        )
        self.assertEqual(self.in_use(), self.special)

    def test_a_rule_of_another_company_is_not_ours(self):
        other = self.setup_other_company()["company"]
        self.rule(company_id=other.id, minimum_overdue=1.0)
        self.assertEqual(self.in_use(), self.default)

    def test_a_rule_needs_a_condition(self):
        with self.assertRaises(ValidationError):
            self.rule()

    def test_a_policy_without_levels_reminds_nobody(self):
        never = self.policy("Never", level_ids=False)
        self.partner_a.billing_reminder_policy_id = never
        self.bill(due=-100)
        self.assertFalse(self.plan())

    def test_many_policies_cost_no_query_more(self):
        for number in range(10):
            self.policy(f"Rule {number}", applies="rule", minimum_overdue=1000.0 + number)
        self.bill(due=-10)
        self.env.flush_all()
        self.env["billing.payment.plan"]._has_any()  # remembered
        with self.assertQueryCount(6):  # two locks, companies, two settings, the statement
            self.plan()

    def test_approval_by_policy_and_by_customer(self):
        self.default.mode = "approve"
        self.partner_b.billing_reminder_mode = "automatic"
        self.bill(due=-10)
        self.bill(due=-10, partner=self.partner_b)
        states = {reminder.partner_id: reminder.state for reminder in self.plan()}
        self.assertEqual(states, {self.partner_a: "proposed", self.partner_b: "planned"})

    def test_approval_for_one_customer_only(self):
        self.partner_b.billing_reminder_mode = "approve"
        self.bill(due=-10, partner=self.partner_b)
        self.assertEqual(self.plan().state, "proposed")

    def test_the_hold_out_group_is_always_the_same(self):
        """About as many as asked for, never written to, and at the next rung the same ones."""
        self.default.holdout_percent = 20
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}", "email": "c@customers.example"} for number in range(60)]
        )
        for partner in partners:
            self.bill(due=-7, partner=partner)
        left_out = []
        for day in (0, 14):
            reminders = self.plan(as_of=day)
            self.assertEqual(len(reminders), 60)
            withheld = reminders.filtered(lambda reminder: reminder.state == "withheld")
            left_out.append(withheld.partner_id)
            (reminders - withheld).write({"state": "sent", "sent_on": self.day(day)})
        self.assertEqual(*left_out)
        self.assertIn(len(left_out[0]), range(4, 25))
