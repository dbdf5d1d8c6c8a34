from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ReminderCommon


@tagged("post_install", "-at_install")
class TestReminderVolume(ReminderCommon):
    """An unusual volume stops and asks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_people()
        cls.manager = cls.make_user("mia", "billing_crm.group_billing_manager")

    def owe(self, count, due=-7):
        """Let ``count`` new customers owe something."""
        partners = self.env["res.partner"].create(
            [{"name": f"C{n}", "email": f"c{n}@customers.example"} for n in range(count)]
        )
        moves = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_date": self.day(due),
                    "invoice_date_due": self.day(due),
                    "invoice_line_ids": [(0, 0, {"price_unit": 10.0, "tax_ids": []})],
                }
                for partner in partners
            ]
        )
        moves.action_post()
        return partners

    def write_history(self, *counts):
        """Let so many messages have gone out yesterday, the day before, and so on."""
        for number, count in enumerate(counts, 1):
            self.env["billing.reminder"].sudo().create(
                [
                    {
                        "company_id": self.company.id,
                        "partner_id": self.partner_a.id,
                        "currency_id": self.company.currency_id.id,
                        "decided_on": self.day(-number),
                        "state": "sent",
                        "sent_on": self.day(-number),
                    }
                ]
                * count
            )

    def decide(self, as_of=0):
        reminders = self.env["billing.reminder"].sudo().with_context(billing_as_of=self.day(as_of))
        reminders._decide(self.company)
        return self.env["billing.reminder.stop"].search([("company_id", "=", self.company.id)])

    def states(self):
        groups = self.env["billing.reminder"]._read_group(
            [("company_id", "=", self.company.id), ("decided_on", "=", self.today)],
            ["state"],
            ["__count"],
        )
        return dict(groups)

    def test_a_hundred_on_the_first_day_go_out(self):
        self.owe(100)
        self.assertFalse(self.decide())
        self.assertEqual(self.states(), {"planned": 100})

    def test_more_than_a_hundred_on_the_first_day_wait(self):
        self.owe(101)
        stop = self.decide()
        self.assertEqual(self.states(), {"proposed": 101})
        self.assertEqual((stop.reminder_count, stop.is_first, stop.state), (101, True, "waiting"))
        self.assertEqual(stop.waiting_count, 101)
        self.env["billing.reminder"].sudo()._process_planned()
        self.assertEqual(self.states(), {"proposed": 101}, "nothing was sent")

    def test_three_times_the_usual_waits(self):
        self.write_history(16, 18)
        self.owe(52)
        stop = self.decide()
        self.assertEqual((stop.reminder_count, stop.usual_count), (52, 17.0))
        self.assertFalse(stop.is_first)

    def test_three_times_the_usual_is_not_more_than_that(self):
        self.write_history(17, 17)
        self.owe(51)
        self.assertFalse(self.decide())

    def test_few_are_never_unusual(self):
        self.write_history(1)
        self.owe(49)
        self.assertFalse(self.decide())

    def test_long_ago_is_not_usual(self):
        """After months of silence a flood is a first day again."""
        self.write_history(*[0] * 30, 90)
        self.owe(101)
        self.assertTrue(self.decide().is_first)

    def test_what_is_proposed_anyway_does_not_count(self):
        self.owe(101)
        self.env.ref("billing_crm.reminder_policy_default").mode = "approve"
        self.plan().state = "proposed"
        self.assertFalse(self.decide())

    def test_the_managers_are_told_and_nobody_else(self):
        other = self.setup_other_company()["company"]
        stranger = self.make_user("zoe", "billing_crm.group_billing_manager", company=other)
        self.owe(101)
        users = self.decide().activity_ids.user_id
        self.assertIn(self.manager, users)
        self.assertFalse(users & (stranger | self.clerk))
        activity = self.decide().activity_ids.filtered(lambda a: a.user_id == self.manager)
        self.assertEqual(len(activity), 1)
        self.assertIn("101", activity.summary)

    def test_let_go(self):
        partners = self.owe(101)
        stop = self.decide()
        move = self.env["account.move"].search([("partner_id", "=", partners[0].id)])
        self.pay(move)
        stop.with_user(self.manager).action_release()
        self.assertEqual(self.states(), {"planned": 100, "cancelled": 1})
        self.assertEqual(stop.state, "released")
        self.assertFalse(stop.activity_ids)

    def test_thrown_away_and_decided_anew_with_the_next_run(self):
        self.owe(101)
        stop = self.decide()
        stop.with_user(self.manager).action_discard()
        self.assertEqual(self.states(), {"cancelled": 101})
        self.assertEqual((stop.state, stop.activity_ids), ("discarded", stop.activity_ids.browse()))
        self.assertEqual(len(self.plan(as_of=1)), 101)

    def test_only_a_manager_lets_go(self):
        self.owe(101)
        stop = self.decide()
        for action in ("action_release", "action_discard"):
            with self.assertRaises(AccessError):
                getattr(stop.with_user(self.clerk), action)()

    def test_approved_one_by_one_the_stop_is_settled(self):
        self.owe(101)
        stop = self.decide()
        waiting = stop.reminder_ids
        waiting[1:].with_user(self.clerk).action_approve()
        self.assertEqual((stop.state, stop.waiting_count), ("waiting", 1))
        waiting[0].with_user(self.clerk).action_reject()
        self.assertEqual(stop.state, "released")
        self.assertFalse(stop.activity_ids)

    def test_asking_costs_one_query(self):
        self.owe(2)
        reminders = self.plan()
        self.env.flush_all()
        with self.assertQueryCount(1):
            reminders._stop_unusual_volume(self.company, reminders)
