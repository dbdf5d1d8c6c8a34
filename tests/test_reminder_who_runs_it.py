from odoo.addons.mail.tests.common import MailCommon
from odoo.tests import tagged

from .common import ReminderCommon


@tagged("post_install", "-at_install")
class TestReminderWhoRunsIt(ReminderCommon, MailCommon):
    """odoo/odoo#82364, OCA/credit-control#571: what the customer reads must not depend on whose
    job it is: neither its company nor its language shows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.other = cls.setup_other_company(name="Somebody Else Ltd")["company"]
        cls.company.email = "billing@company.example"
        runner = cls.env.ref("base.user_root")
        runner.write(
            {
                "lang": "fr_FR",
                "company_ids": [(4, cls.other.id), (4, cls.company.id)],
                "company_id": cls.other.id,
            }
        )

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("billing_crm.ir_cron_remind").method_direct_trigger()
        domain = [("model", "=", "billing.reminder"), ("state", "=", "outgoing")]
        return self.env["mail.mail"].search(domain)._filter_reminders()

    def test_a_job_of_another_company_and_language(self):
        self.partner_a.lang = "en_US"
        self.bill(amount=1234.5, due=-10)
        mail = self.run_cron()
        self.assertIn("1,234.50", mail.body_html)
        self.assertIn(self.company.name, mail.body_html)
        self.assertNotIn(self.other.name, mail.body_html)
        self.assertIn("billing@company.example", mail.email_from)
        self.assertEqual(mail.mail_message_id.record_company_id, self.company)
        self.assertEqual(mail.author_id, self.company.partner_id)

    def test_each_customer_in_their_own_language(self):
        self.partner_a.lang = "en_US"
        self.partner_b.lang = "fr_FR"
        self.bill(amount=1234.5, due=-10)
        self.bill(amount=1234.5, due=-10, partner=self.partner_b)
        bodies = {mail.recipient_ids: mail.body_html for mail in self.run_cron()}
        self.assertIn("1,234.50", bodies[self.partner_a])
        self.assertRegex(bodies[self.partner_b], r"1\s234,50")

    def test_answers_come_to_the_reminder(self):
        self._init_mail_gateway()
        self.company.alias_domain_id = self.mail_alias_domain
        self.bill(due=-10)
        mail = self.run_cron()
        self.assertIn(self.mail_alias_domain.catchall_email, mail.reply_to)
        self.assertIn(self.mail_alias_domain.bounce_email, mail.headers)
