from unittest.mock import patch

from odoo import fields
from odoo.addons.mail.tests.common import MailCommon
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ReminderCommon


@tagged("post_install", "-at_install")
class TestReminderComplaints(ReminderCommon, MailCommon):
    """What users of other programs complain about. Each test bears the number of the complaint."""

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("billing_crm.ir_cron_remind").method_direct_trigger()
        return self.env["billing.reminder"].search([("company_id", "=", self.company.id)])

    def take_mails(self):
        """Let the mail server take what waits, and return it."""
        with self.mock_mail_gateway():
            self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
        return self._mails

    def credit_note(self, amount):
        return self._create_invoice_one_line(
            price_unit=amount, tax_ids=[], move_type="out_refund", post=True
        )

    def test_oca_460_reminding_one_invoice_does_not_hide_another(self):
        self.bill(due=-7)
        self.assertEqual(len(self.remind().item_ids), 1)
        second = self.bill(due=0)
        reminder = self.remind(as_of=7)
        self.assertEqual(reminder.item_ids.filtered("is_advance").move_id, second)

    def test_oca_330_partly_paid_invoices_are_reminded_of_the_rest(self):
        self.pay(self.bill(due=-10), amount=99.99)
        self.assertEqual(self.plan().amount, 0.01)

    def test_oca_211_open_credit_notes_are_deducted_and_shown(self):
        self.bill(due=-10)
        self.credit_note(30.0)
        self.run_cron()
        body = self.take_mails()[0]["body"]
        self.assertIn("Credits and payments on account", body)
        self.assertIn("70.00", body)

    def test_oca_568_a_cancelled_credit_note_is_no_credit(self):
        self.bill(due=-10)
        credit_note = self.credit_note(30.0)
        credit_note.button_draft()
        credit_note.button_cancel()
        self.assertEqual(self.plan().amount, 100.0)

    def test_oca_139_recent_invoices_are_not_swept_in(self):
        """Neither into what is decided, nor into what the mail says."""
        old, recent = self.bill(due=-10), self.bill(amount=55.0, due=-2)
        reminder = self.run_cron()
        self.assertEqual((reminder.item_ids.move_id, reminder.amount), (old, 100.0))
        body = self.take_mails()[0]["body"]
        self.assertIn(old.name, body)
        self.assertNotIn(recent.name, body)
        self.assertNotIn("155.00", body)

    def test_oca_432_several_levels_and_contacts_are_one_mail(self):
        """Also #470 and PR#22: a mail for each level and contact."""
        contact = self.partner_a.copy({"name": "Purchasing", "parent_id": self.partner_a.id})
        self.bill(due=-30)
        self.remind()
        self.bill(due=-1, partner=contact)
        reminder = self.plan(as_of=7)
        self.assertEqual(len(reminder), 1)
        self.assertEqual(sorted(reminder.item_ids.mapped("delay_days")), [7, 21])
        self.assertEqual(reminder.step, 2)

    def test_oca_467_the_state_follows_the_mail(self):
        self.bill(due=-10)
        reminder = self.run_cron()
        self.assertEqual(reminder.state, "queued")
        self.take_mails()
        reminder.invalidate_recordset()
        self.assertEqual(reminder.state, "sent")

    def test_oca_571_the_table_is_in_the_customers_language_whoever_runs_the_job(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["res.lang"]._activate_lang("de_DE")
        self.partner_a.lang = "fr_FR"
        self.env.ref("base.user_root").lang = "de_DE"
        self.env.user.lang = "de_DE"
        self.bill(amount=1234.5, due=-10)
        self.run_cron()
        body = self.take_mails()[0]["body"]
        self.assertRegex(body, r"1\s234,50")
        self.assertNotIn("1.234,50", body)

    def test_odoo_203329_one_invoice_is_excluded_and_comes_back(self):
        """Also OCA PR#208: a block that can be taken back."""
        excluded, other = self.bill(due=-10), self.bill(amount=40.0, due=-10)
        excluded.no_followup = True
        self.assertEqual(self.remind().item_ids.move_id, other)
        excluded.no_followup = False
        self.assertIn(excluded, self.remind(as_of=8).item_ids.move_id)

    def test_oca_691_reminders_and_policies_of_other_companies_are_invisible(self):
        """Also PR#94 and PR#188."""
        foreign = self.other_company_invoice(due=-10)
        foreign.action_post()
        other = foreign.company_id
        theirs = self.env["billing.reminder"].sudo().with_company(other)._plan(other)
        policy = (
            self.env["billing.reminder.policy"]
            .sudo()
            .create({"name": "Theirs", "company_id": other.id})
        )
        clerk = self.make_user("cleo", "billing_crm.group_billing_user")
        for record in (theirs, theirs.item_ids, policy):
            seen = self.env[record._name].with_user(clerk).browse(record.ids)
            self.assertFalse(seen.search([("id", "in", record.ids)]), record._name)
            seen.invalidate_recordset()
            with self.assertRaises(AccessError):
                seen.mapped("company_id.name")

    def test_oca_28_a_run_is_of_one_company_whatever_is_selected(self):
        foreign = self.other_company_invoice(amount=900.0, due=-10)
        foreign.action_post()
        self.bill(amount=40.0, due=-10)
        both = self.env["billing.reminder"].with_context(
            allowed_company_ids=[foreign.company_id.id, self.company.id]
        )
        reminder = both.sudo()._plan(self.company)
        self.assertEqual((reminder.company_id, reminder.amount), (self.company, 40.0))

    def test_oca_314_amounts_are_compared_in_one_currency(self):
        """Also #543: limits in the company's currency against sums in another."""
        euro = self.setup_other_currency("EUR", rates=[("1900-01-01", 2.0)])
        self.company._get_billing_reminder_policy().minimum_amount = 60.0
        self.bill(amount=100.0, due=-10, currency_id=euro.id)
        self.assertFalse(self.plan(), "100 euros are 50 dollars")
        self.bill(amount=20.0, due=-10, currency_id=euro.id)
        reminder = self.plan()
        self.assertEqual((reminder.amount, reminder.currency_id), (120.0, euro))

    def test_oca_653_a_scheduled_action_reminds(self):
        self.bill(due=-10)
        job = self.env.ref("billing_crm.ir_cron_remind")
        self.assertTrue(job.active)
        self.assertEqual(self.run_cron().state, "queued")

    def test_oca_225_the_direction_and_the_due_date_are_right(self):
        """A bill we owe is no debt of theirs, and the date is the installment's own."""
        bill = self._create_invoice_one_line(
            price_unit=500.0,
            tax_ids=[],
            move_type="in_invoice",
            invoice_date=self.day(-60),
            post=True,
        )
        self.assertEqual(bill.partner_id, self.partner_a)
        self.assertFalse(self.plan(), "a vendor bill")
        self.bill(due=-9)
        reminder = self.plan()
        self.assertEqual((reminder.amount, reminder.item_ids.date_maturity), (100.0, self.day(-9)))

    def test_oca_67_installments_are_not_ignored(self):
        terms = self.env["account.payment.term"].create(
            {
                "name": "Two halves",
                "line_ids": [
                    fields.Command.create({"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (0, 60)
                ],
            }
        )
        self.bill(invoice_date=self.day(-10), invoice_payment_term_id=terms.id)
        self.assertEqual(self.remind().amount, 50.0)
        self.assertEqual(self.remind(as_of=57).amount, 100.0)

    def test_odoo_82364_the_mail_is_the_issuing_companys(self):
        other = self.setup_other_company()["company"]
        self.bill(due=-10)
        self.env.user.company_id = other
        self.run_cron()
        mail = self.take_mails()[0]
        self.assertIn(self.company.name, mail["body"])
        self.assertNotIn(other.name, mail["body"] + mail["email_from"] + mail["subject"])

    def test_odoo_216062_a_balance_of_zero_needs_no_action(self):
        self.bill(due=-10)
        self.credit_note(100.0)
        self.assertFalse(self.run_cron())
        self.assertFalse(self.take_mails())

    def test_odoo_99189_a_rollback_sends_nothing_twice(self):
        """The mail and what is known of it are one transaction; afterwards one mail goes out."""
        self.bill(due=-10)
        reminder = self.plan()
        before = self.env["mail.mail"].search_count([])
        logger = "odoo.addons.billing_crm.models.collections.reminders.billing_reminder_send"
        broken = patch.object(
            self.registry["mail.notification"], "create", side_effect=ValueError("broken")
        )
        with mute_logger(logger), broken:
            reminder._send_or_fail()
        self.assertEqual((reminder.state, reminder.failure_reason), ("failed", "broken"))
        self.assertEqual(self.env["mail.mail"].search_count([]), before, "taken back with it")
        reminder.action_retry()
        self.run_cron()
        self.assertEqual(len(self.take_mails()), 1)
        self.run_cron()
        self.assertFalse(self.take_mails())
