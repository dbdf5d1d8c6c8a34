from datetime import timedelta

from odoo import fields
from odoo.addons.mail.tests.common import MailCase
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_worklist import WorklistCommon


@tagged("post_install", "-at_install")
class TestWorklistContact(WorklistCommon, MailCase):
    """Calling, writing, passing on."""

    def setUp(self):
        super().setUp()
        self.partner_a.write({"phone": "+1 555 0100", "user_id": self.salesperson.id})
        self.invoice = self.bill(100.0, due=-45)
        self.mine = self.row()

    def call(self, user=None, **values):
        """Log a call to the customer, as the clerk unless somebody else is said."""
        row = self.mine.with_user(user or self.clerk)
        action = row.action_call()
        with Form(
            self.env[action["res_model"]]
            .with_user(user or self.clerk)
            .with_context(**action["context"])
        ) as form:
            for name, value in values.items():
                form[name] = value
        form.record.action_log()
        return form.record

    def get_event(self):
        return self.env["billing.event"].search([("kind", "=", "called")], limit=1)

    def test_the_window_shows_whom_to_call_and_what_to_say(self):
        form = self.call(note="Talked to Anna")
        self.assertEqual((form.phone, form.contact_id), ("+1 555 0100", self.partner_a))
        self.assertIn(self.invoice.name, form.talking_points)
        self.assertIn("100.00", form.talking_points)

    def test_a_call_is_written_down_everywhere(self):
        self.call(outcome="reached", note="Pays on Friday")
        event = self.get_event()
        self.assertEqual(
            (event.outcome, event.user_id, event.recipient_id, event.partner_id, event.company_id),
            ("reached", self.clerk, self.partner_a, self.partner_a, self.company),
        )
        entry = self.env["billing.timeline"].search([("kind", "=", "called")])
        self.assertEqual(
            entry.summary, f"{self.clerk.name} called partner_a: Reached (Pays on Friday)"
        )
        self.assertIn("Pays on Friday", self.mine.message_ids[0].body)
        self.assertEqual(self.mine.message_ids[0].subtype_id, self.env.ref("mail.mt_note"))
        self.assertEqual((self.mine.stage, self.mine.user_id), ("contacted", self.clerk))
        self.assertEqual(self.mine.last_contact_by, "call")
        self.assertAlmostEqual(
            self.mine.last_contact_on, fields.Datetime.now(), delta=timedelta(minutes=1)
        )
        self.assertEqual(self.mine.points, 0, "others first")

    def test_the_next_step_is_an_activity_on_its_day(self):
        for outcome, days in (("reached", 7), ("no_answer", 1), ("will_pay", 3)):
            self.call(outcome=outcome)
            activity = self.mine.activity_ids
            self.assertEqual(len(activity), 1, "the former one is done")
            self.assertEqual(
                (activity.date_deadline, activity.user_id), (self.day(days), self.clerk), outcome
            )
        self.call(outcome="reached", next_on=self.day(14))
        self.assertEqual(self.mine.activity_ids.date_deadline, self.day(14))
        self.assertEqual(self.mine.next_contact_on, self.day(14))

    def test_a_wrong_number_is_to_be_found_today(self):
        self.call(outcome="wrong_number")
        self.assertEqual(self.mine.stage, "to_contact")
        self.assertEqual(self.mine.activity_ids.date_deadline, self.today)

    def test_a_salesperson_calls_their_own_customers_only(self):
        self.call(user=self.salesperson)
        self.assertEqual(self.get_event().user_id, self.salesperson)
        self.bill(100.0, due=-45, partner=self.partner_b)
        theirs = self.row(self.partner_b)
        call = self.env["billing.collection.call"].with_user(self.salesperson)
        with self.assertRaises(AccessError):
            call.create({"collection_id": theirs.id, "contact_id": self.partner_b.id}).action_log()

    def test_only_the_customers_own_people_are_called(self):
        call = self.env["billing.collection.call"].with_user(self.clerk)
        with self.assertRaises(UserError):
            call.create(
                {"collection_id": self.mine.id, "contact_id": self.partner_b.id}
            ).action_log()

    def test_the_owner_stays_when_somebody_else_calls(self):
        self.mine.user_id = self.env.user
        self.call()
        self.assertEqual(self.mine.user_id, self.env.user)

    def test_a_mail_has_a_link_of_its_own_and_is_a_contact(self):
        euros = self.bill(90.0, due=-3, currency_id=self.foreign.id)
        self.assertEqual(euros.amount_residual, 90.0)
        action = self.mine.with_user(self.clerk).action_mail()
        composer = Form(
            self.env["mail.compose.message"].with_user(self.clerk).with_context(**action["context"])
        ).save()
        self.assertIn("100.00", composer.body)
        self.assertIn("90.00", composer.body, "in the currency it is owed in")
        self.assertNotIn("130.00", composer.body)
        with self.mock_mail_gateway():
            composer._action_send_mail()
            self.env["mail.mail"].search([("model", "=", "billing.collection")]).send()
        [mail] = self._mails
        self.assertIn("anna@customers.example", mail["email_to"][0])
        self.assertNotIn("your-personal-link", mail["body"])
        self.assertIn("/billing/l/", mail["body"])
        link = self.env["billing.link"].search([("partner_id", "=", self.partner_a.id)])
        self.assertEqual((link.recipient_id, link.move_id.ids), (self.partner_a, []))
        self.assertEqual((self.mine.stage, self.mine.last_contact_by), ("contacted", "mail"))
        self.refresh()
        self.assertEqual(self.mine.last_contact_by, "mail", "a refresh keeps it")

    def test_a_note_among_colleagues_is_no_contact(self):
        self.mine.with_user(self.clerk).message_post(
            body="Strange", partner_ids=self.salesperson.partner_id.ids
        )
        self.assertEqual(self.mine.stage, "to_contact")

    def test_passing_on(self):
        action = self.mine.with_user(self.clerk).action_pass_on()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.clerk)
            .with_context(**action["context"])
            .create({"user_id": self.salesperson.id, "note": "Knows you", "is_escalated": True})
        )
        self.assertEqual(wizard.collection_ids, self.mine)
        wizard.action_pass_on()
        self.assertEqual((self.mine.user_id, self.mine.stage), (self.salesperson, "escalated"))
        self.assertIn("Knows you", self.mine.activity_ids.note)
        self.assertEqual(self.mine.activity_ids.user_id, self.salesperson)

    def test_talking_points_are_of_now_and_of_this_company(self):
        foreign = self.other_company_invoice(777.0, due=-10)
        foreign.action_post()
        self.assertNotIn("777", self.mine.talking_points)
        self.assertIn("100.00", self.mine.talking_points)
        self.pay(self.invoice, 40.0)
        self.env.invalidate_all()
        self.assertIn("60.00", self.mine.talking_points)
        self.assertIn("Last payment", self.mine.talking_points)

    def test_what_was_read_since_the_last_reminder(self):
        reminder = (
            self.env["billing.reminder"]
            .sudo()
            .create(
                {
                    "company_id": self.company.id,
                    "partner_id": self.partner_a.id,
                    "currency_id": self.company.currency_id.id,
                    "decided_on": self.day(-2),
                    "state": "sent",
                    "sent_on": fields.Datetime.subtract(fields.Datetime.now(), days=2),
                }
            )
        )
        line = self.invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
        self.env["billing.reminder.item"].sudo().create(
            {
                "reminder_id": reminder.id,
                "company_id": self.company.id,
                "line_id": line.id,
                "currency_id": line.currency_id.id,
                "amount": 100.0,
            }
        )
        self.assertIn("nothing read since", self.mine.talking_points)
        self.env["billing.event"]._log(self.invoice, "viewed", agent="human")
        self.env.invalidate_all()
        self.assertIn("read since", self.mine.talking_points)
        self.assertNotIn("nothing read", self.mine.talking_points)
        self.refresh()
        self.assertEqual(self.mine.last_contact_by, "reminder")
