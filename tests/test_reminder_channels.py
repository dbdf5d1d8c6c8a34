from odoo.addons.mail.tests.common import MailCommon
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ReminderCommon

LOGGER = "odoo.addons.billing_crm.models.collections.reminders.billing_reminder_send"


@tagged("post_install", "-at_install")
class TestReminderChannels(ReminderCommon, MailCommon):
    """What a level does besides writing an e-mail."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.make_user("cleo", "billing_crm.group_billing_user")
        cls.policy = cls.company._get_billing_reminder_policy()
        cls.level = cls.policy.level_ids[0]
        cls.call = cls.env.ref("mail.mail_activity_data_call")

    def send(self, **level):
        self.level.write(level)
        self.bill(due=-10)
        reminder = self.plan()
        reminder._send()
        return reminder

    def mails(self, reminder):
        domain = [("model", "=", "billing.reminder"), ("res_id", "=", reminder.id)]
        return self.env["mail.mail"].search(domain)._filter_reminders()

    def deliver(self, reminder):
        reminder._billing_log_delivery(
            reminder._get_recipient(), None, delivered=True, reason=False
        )

    # -- Letters ---------------------------------------------------------------------------------

    def test_a_letter_waits_until_somebody_prints_it(self):
        reminder = self.send(send_mail=False, send_letter=True)
        self.assertEqual((reminder.state, reminder.letter_state), ("waiting", "to_print"))
        self.assertFalse(self.mails(reminder))
        action = reminder.with_user(self.clerk).action_print_letters()
        self.assertEqual(action["report_name"], "billing_crm.report_reminder_letter_pages")
        self.assertEqual((reminder.state, reminder.letter_state), ("sent", "printed"))
        self.assertTrue(reminder.sent_on)
        event = self.env["billing.event"].search([("kind", "=", "reminded")])
        self.assertEqual(event.move_id, reminder.item_ids.move_id)

    def test_a_letter_may_go_with_the_mail(self):
        reminder = self.send(send_letter=True)
        self.assertEqual((reminder.state, reminder.letter_state), ("queued", "to_print"))
        self.deliver(reminder)
        self.assertEqual(reminder.state, "sent")
        reminder.action_print_letters()
        self.assertEqual(reminder.letter_state, "printed")

    def test_a_letter_needs_no_address_for_mail(self):
        self.partner_a.email = False
        self.assertEqual(self.send(send_mail=False, send_letter=True).state, "waiting")

    def test_what_is_paid_before_it_is_printed_is_not_printed(self):
        reminder = self.send(send_mail=False, send_letter=True)
        self.pay(reminder.item_ids.move_id)
        with self.assertRaises(UserError):
            reminder.action_print_letters()

    def test_no_letter_to_print(self):
        with self.assertRaises(UserError):
            self.send().action_print_letters()

    def test_many_letters_are_one_file(self):
        self.level.write({"send_mail": False, "send_letter": True})
        self.bill(due=-10)
        self.bill(due=-10, partner=self.partner_b)
        reminders = self.plan()
        reminders._send()
        action = reminders.with_context(discard_logo_check=True).action_print_letters()
        self.assertEqual(action["context"]["active_ids"], reminders.ids)
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html(action["report_name"], reminders.ids)[0]
            .decode()
        )
        for reminder in reminders:
            self.assertIn(reminder.item_ids.move_id.name, html)
        self.assertEqual(html.count("100.00"), 4, "each item, and each sum")

    def test_a_letter_speaks_the_customers_language_and_shows_the_issuing_company(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.partner_a.lang = "fr_FR"
        self.level.write({"send_mail": False, "send_letter": True})
        self.bill(amount=1234.5, due=-10)
        reminder = self.plan()
        other = self.setup_other_company()["company"]
        html = (
            self.env["ir.actions.report"]
            .with_context(allowed_company_ids=(other | self.company).ids)
            ._render_qweb_html("billing_crm.report_reminder_letter_pages", reminder.ids)[0]
            .decode()
        )
        self.assertRegex(html, r"1\s234,50")
        self.assertIn(self.company.name, html)
        self.assertNotIn(other.name, html)

    # -- People ----------------------------------------------------------------------------------

    def call_first(self, **values):
        self.partner_a.user_id = self.clerk
        return self.send(
            send_mail=False, activity_type_id=self.call.id, activity_holds=True, **values
        )

    def test_the_ladder_waits_for_a_call(self):
        reminder = self.call_first()
        self.assertEqual(reminder.state, "waiting")
        activity = reminder.activity_ids
        self.assertEqual((activity.user_id, activity.activity_type_id), (self.clerk, self.call))
        self.assertIn("100.00", activity.note)
        self.assertFalse(self.plan(as_of=60), "nothing else is decided meanwhile")
        activity.with_user(self.clerk).action_feedback(feedback="Pays on Friday")
        self.assertEqual(reminder.state, "sent")
        self.assertEqual(self.plan(as_of=60).step, 2)

    def test_a_call_that_was_cancelled_does_not_come_again(self):
        reminder = self.call_first()
        reminder.activity_ids.with_user(self.clerk).unlink()
        self.assertEqual(reminder.state, "cancelled")
        self.assertEqual(self.plan(as_of=60).step, 2)

    def test_a_call_that_is_not_to_be_made_may_come_again(self):
        reminder = self.call_first()
        reminder.with_user(self.clerk).action_cancel()
        self.assertFalse(reminder.activity_ids)
        self.assertEqual(self.plan(as_of=1).step, 1)

    def test_done_by_the_button(self):
        reminder = self.call_first()
        reminder.with_user(self.clerk).action_done()
        self.assertEqual(reminder.state, "sent")
        self.assertFalse(reminder.activity_ids)

    def test_a_mail_and_a_call_the_ladder_waits_for(self):
        self.partner_a.user_id = self.clerk
        reminder = self.send(activity_type_id=self.call.id, activity_holds=True)
        self.assertEqual(reminder.state, "queued")
        self.deliver(reminder)
        self.assertEqual(reminder.state, "waiting")
        reminder.activity_ids.action_feedback()
        self.assertEqual(reminder.state, "sent")

    def test_an_activity_that_holds_nothing(self):
        reminder = self.send(send_mail=False, activity_type_id=self.call.id)
        self.assertEqual(reminder.state, "sent")
        self.assertTrue(reminder.activity_ids)

    # -- Who writes, and what goes with it -------------------------------------------------------

    def test_a_person_signs(self):
        self.clerk.write(
            {"email": "cleo@company.example", "signature": "<p>Cleo, extension 12</p>"}
        )
        reminder = self.send(signer="user", signer_id=self.clerk.id)
        mail = self.mails(reminder)
        self.assertIn("cleo@company.example", mail.email_from)
        self.assertIn("extension 12", mail.body_html)

    def test_the_company_signs_for_a_salesperson_that_is_missing(self):
        self.company.email = "billing@company.example"
        mail = self.mails(self.send(signer="salesperson"))
        self.assertIn("billing@company.example", mail.email_from)
        self.assertIn(self.company.name, mail.body_html)

    def test_the_invoices_go_with_it(self):
        reminder = self.send(attach_invoices=True)
        invoice = reminder.item_ids.move_id
        self.assertEqual(self.mails(reminder).attachment_ids, invoice.invoice_pdf_report_id)
        self.assertTrue(invoice.invoice_pdf_report_id)

    def test_a_text_message(self):
        if "sms.sms" not in self.env:
            self.skipTest("sms is not installed")
        self.partner_a.write({"phone": "+32 456 00 11 22"})
        reminder = self.send(
            send_mail=False, sms_text="{customer}: {amount}, {company} {link} {unknown}"
        )
        text = self.env["sms.sms"].search([("partner_id", "=", self.partner_a.id)]).body
        self.assertIn("partner_a: $\xa0100.00, ", text)
        self.assertRegex(text, r"/billing/l/[\w-]{43} \{unknown\}")
        self.assertEqual(reminder.state, "sent")

    # -- Afterwards ------------------------------------------------------------------------------

    def thank(self):
        before = self.env["mail.mail"].search([])
        self.env["billing.reminder"].sudo()._thank()
        return self.env["mail.mail"].search([]) - before

    def sent_with_thanks(self, **level):
        self.policy.thank_you_template_id = self.env.ref(
            "billing_crm.mail_template_reminder_thanks"
        )
        reminder = self.send(**level)
        self.deliver(reminder)
        return reminder

    def test_who_has_paid_is_thanked_once(self):
        reminder = self.sent_with_thanks()
        self.assertFalse(self.thank())
        self.pay(reminder.item_ids.move_id, 40.0)
        self.assertFalse(self.thank(), "not all of it")
        self.pay(reminder.item_ids.move_id)
        mail = self.thank()
        self.assertEqual(mail.recipient_ids, self.partner_a)
        self.assertIn("Thank you", mail.subject)
        self.assertFalse(self.thank())
        self.assertEqual(reminder.state, "sent")

    def test_nobody_is_thanked_for_a_credit_note(self):
        reminder = self.sent_with_thanks()
        reminder.item_ids.move_id._reverse_moves([{"invoice_date": self.today}], cancel=True)
        self.assertFalse(self.thank())

    def test_a_policy_without_thanks(self):
        reminder = self.send()
        self.deliver(reminder)
        self.pay(reminder.item_ids.move_id)
        self.assertFalse(self.thank())

    # -- Failures --------------------------------------------------------------------------------

    def fail_with(self, **values):
        self.partner_a.write(values)
        self.bill(due=-10)
        reminder = self.plan()
        with mute_logger(LOGGER):
            reminder._send_or_fail()
        self.assertEqual(reminder.state, "failed")
        return reminder.failure_reason

    def test_an_address_that_is_none(self):
        self.assertIn("no e-mail address", self.fail_with(email="anna at customers"))

    def test_an_address_that_gets_no_mail(self):
        self.env["mail.blacklist"]._add("anna@customers.example")
        self.assertIn("list of addresses", self.fail_with())

    def test_a_mail_that_comes_back_after_days(self):
        """It was sent, and is a failure all the same: nobody has read it."""
        reminder = self.send()
        mail = self.mails(reminder)
        link = self.env["billing.link"].sudo()
        link._mint(reminder, self.partner_a, mail_message=mail.mail_message_id)
        self.deliver(reminder)
        notification = mail.mail_message_id.notification_ids.sudo()
        notification.write({"notification_status": "bounce", "failure_reason": "No such user"})
        self.assertEqual(reminder.state, "failed")
        self.assertIn("anna@customers.example", reminder.failure_reason)
        self.assertIn("No such user", reminder.failure_reason)
        self.assertFalse(self.plan(as_of=60), "a person corrects the address first")
        reminder.action_retry()
        self.assertEqual(reminder.state, "planned")

    def test_a_level_that_is_gone(self):
        self.bill(due=-10)
        reminder = self.plan()
        self.level.unlink()
        with mute_logger(LOGGER):
            reminder._send_or_fail()
        self.assertIn("level is gone", reminder.failure_reason)

    def test_one_broken_customer_in_a_batch(self):
        broken = self.partner_b.copy({"name": "Nobody", "email": "nobody"})
        for partner in (self.partner_a, broken, self.partner_b):
            self.bill(due=-10, partner=partner)
        reminders = self.plan()
        with mute_logger(LOGGER):
            reminders._send_or_fail()
        self.assertEqual(
            {one.partner_id: one.state for one in reminders},
            {self.partner_a: "queued", broken: "failed", self.partner_b: "queued"},
        )
        for reminder in reminders:
            expected = 1 if reminder.state == "queued" else 0
            self.assertEqual(len(self.mails(reminder)), expected)

    def test_checking_and_writing_a_batch_costs_the_same_for_one_more(self):
        for _i in range(4):
            self.bill(due=-10, partner=self.partner_a.copy({"name": "Customer"}))
        reminders = self.plan()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(16):
            reminders._get_statements()
        with self.assertQueryCount(3):
            reminders._find_payments()
