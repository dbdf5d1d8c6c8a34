from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common_promise import PromiseCommon


@tagged("post_install", "-at_install")
class TestPause(PromiseCommon):
    """OCA/credit-control#208: pause until a date, with a reason, and what was paused before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.make_user("carla", "billing_crm.group_billing_user")

    def pause(self, invoice=None, until=5, partner=None, **values):
        return (
            self.env["billing.pause"]
            .with_user(self.clerk)
            .create(
                {
                    "partner_id": (partner or self.partner_a).id,
                    "move_id": invoice.id if invoice else False,
                    "company_id": self.company.id,
                    "reason": "clearing",
                    "date_end": self.day(until),
                    **values,
                }
            )
        )

    def test_a_paused_customer_hears_nothing_and_is_reminded_again_by_itself(self):
        self.bill(due=-20)
        self.pause(until=5)
        self.assertFalse(self.plan(0))
        self.assertFalse(self.plan(5))
        self.assertEqual(self.plan(6).amount, 200.0)

    def test_what_falls_due_during_a_pause_waits_too(self):
        self.pause(until=5)
        self.bill(due=-1)
        self.assertFalse(self.plan(4))

    def test_an_invoice_alone(self):
        self.bill(amount=30.0, due=-10)
        self.pause(self.invoice)
        self.assertEqual(self.plan().amount, 30.0)

    def test_contacts_of_the_company_are_meant_too(self):
        contact = self.partner_a.copy({"name": "Anna", "parent_id": self.partner_a.id})
        invoice = self.bill(due=-10, partner=contact)
        pause = self.pause(partner=contact)
        self.assertEqual(pause.partner_id, self.partner_a)
        self.assertEqual(self.hold(invoice).paused_until, self.day(5))

    def test_a_mail_that_waits_is_not_sent_once_reminders_are_paused(self):
        reminder = self.plan()
        self.pause()
        reminder._send()
        self.assertEqual(reminder.state, "cancelled")

    def test_ended_early(self):
        pause = self.pause(until=5)
        pause.action_end()
        self.assertEqual((pause.state, pause.ended_by_id), ("ended", self.clerk))
        self.assertEqual(pause.date_end, self.day(5), "history stays")
        self.assertTrue(self.plan())

    def test_who_set_it_and_since_when_is_not_for_them_to_say(self):
        pause = self.pause(user_id=self.env.user.id, date_start=self.day(-90))
        self.assertEqual((pause.user_id, pause.date_start), (self.clerk, self.today))

    def test_no_end_no_reason_too_long_or_over_already(self):
        for values in ({"date_end": self.day(-1)}, {"date_end": self.day(367)}):
            with self.assertRaises(ValidationError):
                self.pause(**values)
        self.assertTrue(self.pause(until=365))

    def test_another_customers_invoice(self):
        with self.assertRaises(ValidationError):
            self.pause(self.bill(due=-1, partner=self.partner_b))

    def test_nobody_edits_a_pause(self):
        pause = self.pause()
        with self.assertRaises(AccessError):
            pause.date_end = self.day(300)
        with self.assertRaises(AccessError):
            pause.unlink()
        saul = self.make_user("saul", "sales_team.group_sale_salesman")
        self.partner_a.user_id = saul
        with self.assertRaises(UserError):
            pause.with_user(saul).action_end()
        with self.assertRaises(AccessError):
            pause.with_user(saul).create({"reason": "other"})

    def test_other_companies_go_on(self):
        foreign = self.other_company_invoice(due=-10)
        foreign.action_post()
        self.pause()
        rows = self.env["billing.receivable"].sudo().search([("move_id", "=", foreign.id)])
        self.assertFalse(rows.paused_until)
        self.assertTrue(rows.can_be_reminded)

    def test_the_form_says_so(self):
        pause = self.pause(note="waits for the order number")
        self.assertIn("order number", self.invoice.billing_pause_text)
        self.assertIn("order number", self.partner_a.billing_pause_text)
        self.assertFalse(self.bill(due=-1, partner=self.partner_b).billing_pause_text)
        self.invoice.with_user(self.clerk).action_end_pause()
        self.assertEqual(pause.state, "ended")
        self.env.invalidate_all()
        self.assertFalse(self.invoice.billing_pause_text)

    def test_notes_are_on_the_invoice_not_on_a_contact_that_companies_share(self):
        self.pause(self.invoice)
        self.assertIn("Reminders are paused", self.notes(self.invoice))
        before = self.notes(self.partner_a)
        self.pause()
        self.assertEqual(self.notes(self.partner_a), before)

    def test_in_force_and_over_can_be_looked_for(self):
        first, second = self.pause(), self.pause(self.invoice)
        second.action_end()
        pauses = self.env["billing.pause"]
        self.assertEqual(pauses.search([("state", "=", "active")]), first)
        self.assertEqual(pauses.search([("state", "=", "ended")]), second)
        self.assertEqual(pauses.search([("state", "!=", "ended")]), first)

    def test_no_follow_up_stays_what_it_is(self):
        self.invoice.no_followup = True
        self.pause(until=1)
        self.assertFalse(self.plan(3))

    def test_a_past_date_knows_the_pauses_of_then(self):
        with self.at(self.day(-8)):
            pause = self.pause(until=-5)
        self.assertEqual(self.hold(self.invoice, on=-6).paused_until, self.day(-5))
        self.assertFalse(self.hold(self.invoice, on=-4).paused_until)
        self.assertEqual(pause.state, "ended")
