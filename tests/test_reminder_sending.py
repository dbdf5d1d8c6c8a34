from unittest.mock import patch

import psycopg2
from odoo.addons.mail.tests.common import MailCommon
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ReminderCommon

LOGGER = "odoo.addons.billing_crm.models.collections.reminders.billing_reminder_send"


@tagged("post_install", "-at_install")
class TestReminderSending(ReminderCommon, MailCommon):
    """How a reminder leaves the house, and what is known of it afterwards."""

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("billing_crm.ir_cron_remind").method_direct_trigger()
        return self.env["billing.reminder"].search([("company_id", "=", self.company.id)])

    def send_mails(self):
        with self.mock_mail_gateway():
            self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
        return self._mails

    def test_the_cron_sends_once(self):
        self.bill(due=-10)
        reminder = self.run_cron()
        self.assertEqual(reminder.state, "queued")
        self.assertEqual(self.run_cron(), reminder)
        mails = self.send_mails()
        self.assertEqual(
            [mail["email_to"] for mail in mails], [['"partner_a" <anna@customers.example>']]
        )
        self.assertEqual(reminder.state, "sent")
        self.run_cron()
        self.assertFalse(self.send_mails())

    def test_each_customer_gets_the_one_message_of_their_own_level(self):
        """One run, three levels: nobody hears what somebody else is told."""
        self.bill(due=-7)
        self.remind()
        self.remind(as_of=14)
        self.bill(due=-7, partner=self.partner_b)
        self.remind(as_of=14)
        third = self.partner_a.copy({"name": "Third", "email": "third@customers.example"})
        self.bill(due=20, partner=third)
        reminders = self.plan(as_of=28)
        reminders._send()
        told = {
            (reminder.partner_id.name, reminder.level_id.name): reminder.message_ids.filtered(
                lambda message: message.partner_ids
            ).mapped("subject")
            for reminder in reminders
        }
        self.assertEqual(
            {key: [subject.split(":")[0] for subject in said] for key, said in told.items()},
            {
                ("partner_a", "Final reminder"): ["Final reminder"],
                ("partner_b", "Second reminder"): ["Second reminder"],
                ("Third", "Friendly reminder"): ["Reminder"],
            },
        )
        mails = self.env["mail.mail"].search([("model", "=", "billing.reminder")])
        mails = mails.filtered(lambda mail: mail.res_id in reminders.ids)
        self.assertEqual(len(mails), 3)

    def test_the_mail_lists_what_is_due_and_carries_a_personal_link(self):
        invoice = self.bill(due=-10)
        self.run_cron()
        body = self.send_mails()[0]["body"]
        self.assertIn(invoice.name, body)
        self.assertIn("100.00", body)
        self.assertRegex(body, r"/billing/l/[\w-]{43}\"")
        self.assertNotIn("your-personal-link", body)

    def test_delivery_is_recorded_on_every_invoice(self):
        invoices = self.bill(due=-10) | self.bill(due=-12)
        self.run_cron()
        self.send_mails()
        events = self.env["billing.event"].search([("kind", "=", "reminded")])
        self.assertEqual(events.move_id, invoices)
        self.assertEqual(events.recipient_id, self.partner_a)

    def test_the_invoice_address_is_written_to(self):
        self.env["res.partner"].create(
            {
                "name": "Accounts payable",
                "type": "invoice",
                "parent_id": self.partner_a.id,
                "email": "ap@customers.example",
            }
        )
        self.bill(due=-10)
        self.run_cron()
        self.assertIn("ap@customers.example", self.send_mails()[0]["email_to"][0])

    def test_the_customers_language_is_spoken(self):
        """OCA/credit-control PR#571: the table came in the cron's language."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.partner_a.lang = "fr_FR"
        self.bill(amount=1234.5, due=-10)
        self.run_cron()
        body = self.send_mails()[0]["body"]
        self.assertRegex(body, r"1\s234,50")
        self.assertNotIn("1,234.50", body)

    def test_the_issuing_company_signs(self):
        """odoo/odoo#82364: a reminder of one company under the name of another."""
        self.bill(due=-10)
        other = self.setup_other_company()["company"]
        self.env.user.company_id = other
        self.company.email = "billing@company.example"
        self.run_cron()
        mail = self.send_mails()[0]
        self.assertIn(self.company.name, mail["body"])
        self.assertNotIn(other.name, mail["body"])
        self.assertIn("billing@company.example", mail["email_from"])

    def test_no_address_is_a_failure_that_stops_nobody_else(self):
        self.partner_a.email = False
        self.bill(due=-10)
        self.bill(due=-10, partner=self.partner_b)
        with mute_logger(LOGGER):
            reminders = self.run_cron()
        states = {reminder.partner_id: reminder.state for reminder in reminders}
        self.assertEqual(states, {self.partner_a: "failed", self.partner_b: "queued"})
        failed = reminders.filtered(lambda reminder: reminder.state == "failed")
        self.assertIn("no e-mail address", failed.failure_reason)

    def test_a_failed_reminder_waits_for_a_person(self):
        self.partner_a.email = False
        self.bill(due=-10)
        with mute_logger(LOGGER):
            reminder = self.run_cron()
        self.assertEqual(self.run_cron(), reminder, "no second row every night")
        self.partner_a.email = "anna@customers.example"
        reminder.action_retry()
        self.run_cron()
        self.assertEqual((reminder.state, reminder.failure_reason), ("queued", False))

    def test_a_refused_mail_is_a_failure(self):
        self.bill(due=-10)
        reminder = self.run_cron()
        refusal = patch.object(
            self.env.registry["ir.mail_server"], "_connect__", side_effect=OSError("no server")
        )
        with (
            refusal,
            patch.object(self.env.registry["ir.mail_server"], "_disable_send", lambda _self: False),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
        self.assertEqual(reminder.state, "failed")
        self.assertTrue(reminder.failure_reason)

    def test_a_broken_template_stops_one_reminder_only(self):
        self.bill(due=-10)
        self.bill(due=-10, partner=self.partner_b)
        Reminder = self.env.registry["billing.reminder"]
        render = Reminder._render_statement

        def broken_for_a(reminder):
            if reminder.partner_id == self.partner_a:
                raise ValueError("broken")
            return render(reminder)

        with (
            patch.object(Reminder, "_render_statement", broken_for_a),
            mute_logger(
                LOGGER,
                "odoo.addons.mail.models.mail_render_mixin",
            ),
        ):
            reminders = self.run_cron()
        states = {reminder.partner_id: reminder.state for reminder in reminders}
        self.assertEqual(states, {self.partner_a: "failed", self.partner_b: "queued"})
        self.assertFalse(
            reminders.filtered(lambda reminder: reminder.state == "failed").message_ids.filtered(
                "partner_ids"
            ),
            "nothing half-made stays behind",
        )

    def test_dropped_by_hand_is_not_sent_and_may_come_again(self):
        self.bill(due=-10)
        reminder = self.plan()
        reminder.action_cancel()
        self.assertEqual(reminder.state, "cancelled")
        self.assertEqual(self.plan(as_of=1).step, 1)

    def mails_of(self, reminder):
        domain = [("model", "=", "billing.reminder"), ("res_id", "=", reminder.id)]
        return self.env["mail.mail"].search(domain)

    def test_paid_while_the_mail_waits_for_a_server(self):
        invoice = self.bill(due=-10)
        reminder = self.run_cron()
        self.pay(invoice)
        with patch.object(
            self.env.registry["ir.mail_server"], "_disable_send", lambda _self: False
        ):
            self.assertFalse(self.send_mails())
        self.assertEqual(reminder.state, "cancelled")

    def test_trying_again_takes_the_old_mail_back(self):
        self.bill(due=-10)
        reminder = self.run_cron()
        old = self.mails_of(reminder)
        old.state = "exception"
        reminder.sudo().state = "failed"
        reminder.action_retry()
        self.run_cron()
        self.assertEqual(old.state, "cancel")
        self.assertEqual(len(self.mails_of(reminder)), 2)
        self.mails_of(reminder).filtered(lambda mail: mail.state == "exception").send()
        self.assertEqual(len(self.send_mails()), 1)

    def test_dropped_while_queued_is_not_sent_by_hand_either(self):
        self.bill(due=-10)
        reminder = self.run_cron()
        mail = self.mails_of(reminder)
        reminder.action_cancel()
        self.assertEqual(mail.state, "cancel")
        mail.mark_outgoing()
        with patch.object(
            self.env.registry["ir.mail_server"], "_disable_send", lambda _self: False
        ):
            self.assertFalse(self.send_mails())
        self.assertEqual(reminder.state, "cancelled")

    def test_no_mail_made_is_a_failure_that_is_seen(self):
        self.bill(due=-10)
        self.partner_a.active = False
        with mute_logger(LOGGER):
            reminder = self.run_cron()
        self.assertEqual(reminder.state, "failed")
        self.assertIn("no e-mail", reminder.failure_reason)

    def test_what_a_clerk_writes_about_a_reminder_goes_out(self):
        invoice = self.bill(due=-10)
        reminder = self.run_cron()
        self.send_mails()
        self.pay(invoice)
        reminder.with_context(mail_notify_force_send=False).message_post(
            body="Thank you", partner_ids=self.partner_a.ids, subtype_xmlid="mail.mt_comment"
        )
        self.assertEqual(len(self.send_mails()), 1)
        self.assertEqual(reminder.state, "sent")

    def test_what_was_sent_is_neither_dropped_nor_sent_again(self):
        self.bill(due=-10)
        reminder = self.remind()
        reminder.action_retry()
        reminder.action_cancel()
        self.assertEqual(reminder.state, "sent")
        self.assertTrue(reminder.item_ids.is_advance)

    def test_a_clerk_may_retry_and_drop(self):
        clerk = self.make_user("billing_clerk", "billing_crm.group_billing_user")
        self.bill(due=-10)
        reminder = self.plan()
        reminder.state = "failed"
        reminder.with_user(clerk).action_retry()
        self.assertEqual(reminder.state, "planned")
        reminder.with_user(clerk).action_cancel()
        self.assertEqual(reminder.state, "cancelled")

    def test_switched_off_before_sending_is_not_sent(self):
        self.bill(due=-10)
        reminder = self.plan()
        self.company.billing_reminders_enabled = False
        self.run_cron()
        self.assertEqual(reminder.state, "planned")

    def test_what_another_process_has_just_dropped_is_not_sent(self):
        """It was planned when this run looked, and no longer when it got hold of the row."""
        self.bill(due=-10)
        reminder = self.plan()
        Reminder = self.env.registry["billing.reminder"]
        lock = Reminder.try_lock_for_update

        def dropped_meanwhile(records, **kwargs):
            records.action_cancel()
            return lock(records, **kwargs)

        with patch.object(Reminder, "try_lock_for_update", dropped_meanwhile):
            self.run_cron()
        self.assertEqual(reminder.state, "cancelled")
        self.assertFalse(reminder.message_ids.filtered("partner_ids"))

    def test_a_failure_after_the_message_takes_the_message_back(self):
        self.bill(due=-10)
        reminder = self.plan()
        Reminder = self.env.registry["billing.reminder"]
        queue = Reminder._queue_mails

        def queue_and_fail(record, *args, **kwargs):
            queue(record, *args, **kwargs)
            raise ValueError("too late")

        with (
            patch.object(Reminder, "_queue_mails", queue_and_fail),
            mute_logger(LOGGER),
        ):
            reminder._send_or_fail()
        self.assertEqual((reminder.state, reminder.failure_reason), ("failed", "too late"))
        self.assertFalse(reminder.message_ids.filtered("partner_ids"))

    def test_a_conflict_between_processes_is_not_the_reminders_fault(self):
        """Odoo runs the job again then; a failed reminder would wait for a person."""
        self.bill(due=-10)
        reminder = self.plan()
        conflict = patch.object(
            self.env.registry["billing.reminder"],
            "_send",
            side_effect=psycopg2.errors.SerializationFailure,
        )
        with conflict, self.assertRaises(psycopg2.errors.SerializationFailure):
            reminder._send_or_fail()
        self.assertEqual(reminder.state, "planned")
