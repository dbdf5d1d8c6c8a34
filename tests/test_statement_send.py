from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common_statement import StatementCommon

MODULE = "odoo.addons.billing_crm.models.collections.statements"


@tagged("post_install", "-at_install")
class TestStatementSend(StatementCommon):
    """Statements on their way: by hand, to a selection, on a schedule, once each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.statements = cls.env["billing.statement"]

    def wizard(self, partners=None, **values):
        return self.env["billing.statement.wizard"].create(
            {"partner_ids": (partners or self.partner_a).ids, **values}
        )

    def send(self, partners=None, **values):
        """Send by hand, and let the job run."""
        action = self.wizard(partners, **values).action_send()
        statements = self.statements.search(action["domain"])
        self.run_job()
        return statements

    def run_job(self):
        with self.enter_registry_test_mode():
            self.env.ref("billing_crm.ir_cron_statements").method_direct_trigger()
        self.env.invalidate_all()

    def mails(self, statements):
        return self.env["mail.mail"].search(
            [("model", "=", "billing.statement"), ("res_id", "in", statements.ids)]
        )

    def schedule(self, **values):
        return self.env["billing.statement.schedule"].create(
            {
                "name": "Monthly",
                "company_id": self.company.id,
                "date_start": "2026-01-31",
                **values,
            }
        )

    def test_a_mail_with_the_statement_to_the_person_for_invoices(self):
        contact = self.env["res.partner"].create(
            {
                "name": "Ines",
                "email": "ines@customers.example",
                "parent_id": self.partner_a.id,
                "type": "invoice",
            }
        )
        self.bill(amount=1234.5, due=-10)
        statement = self.send()
        self.assertEqual((statement.state, statement.balance), ("queued", 1234.5))
        mail = self.mails(statement)
        self.assertEqual(mail.recipient_ids, contact)
        self.assertIn("1,234.50", mail.body_html)
        self.assertIn("/billing/l/your-personal-link", mail.body_html)
        self.assertEqual(len(mail.attachment_ids), 1)
        self.assertEqual(statement.message_ids.filtered("attachment_ids").subject, mail.subject)
        statement.sudo()._billing_log_delivery(contact, None, delivered=True, reason=False)
        self.assertEqual(statement.state, "sent")
        self.assertTrue(statement.sent_on)

    def test_each_customer_gets_their_own_data_in_their_own_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.partner_b.lang = "fr_FR"
        self.bill(amount=1111.0, due=-10)
        self.bill(amount=2222.0, due=-10, partner=self.partner_b)
        statements = self.send(self.partner_a | self.partner_b)
        mine, theirs = (
            self.mails(statements.filtered(lambda one, who=who: one.partner_id == who))
            for who in (self.partner_a, self.partner_b)
        )
        for mail, own, other in ((mine, "1,111.00", "2"), (theirs, "2\xa0222,00", "1")):
            content = mail.attachment_ids.raw.decode()
            self.assertIn(own, content)
            self.assertIn(own, mail.body_html.replace("&nbsp;", "\xa0"))
            self.assertNotIn(f"{other * 3}", content.split("statement_block")[1][:3000])
        self.assertEqual(theirs.recipient_ids, self.partner_b)

    def test_a_delivered_statement_says_nothing_of_its_invoices(self):
        invoice = self.bill(due=-10)
        statement = self.send()
        statement.sudo()._billing_log_delivery(self.partner_a, None, delivered=True, reason=False)
        statement.sudo()._billing_log_mail("bounced", self.partner_a, None, None, note="Full")
        self.assertEqual(statement.state, "failed")
        self.assertIn("came back. Full", statement.failure_reason)
        self.assertFalse(invoice.billing_event_ids)

    def test_zero_balances_are_skipped_unless_wanted(self):
        self.bill(due=-10)
        self.credit_note(100.0)
        with self.assertRaisesRegex(UserError, "no balance"):
            self.wizard().action_send()
        with self.assertRaisesRegex(UserError, "past due"):
            self.wizard(self.partner_b, kind="overdue").action_send()
        statement = self.send(skip_zero=False)
        self.assertEqual((statement.state, statement.balance), ("queued", 0.0))

    def test_paid_before_it_went_out_is_not_needed(self):
        invoice = self.bill(due=-10)
        self.wizard().action_send()
        self.pay(invoice)
        self.run_job()
        statement = self.statements.search([("partner_id", "=", self.partner_a.id)])
        self.assertEqual(statement.state, "cancelled")
        self.assertFalse(self.mails(statement))

    def test_the_same_statement_is_sent_once_unless_asked_for_again(self):
        self.bill(due=-10)
        first = self.send()
        again = self.wizard()
        self.assertEqual(again.sent_count, 1)
        with self.assertRaisesRegex(UserError, "sent before"):
            again.action_send()
        second = self.send(again=True)
        self.assertEqual((first.number, second.number), (0, 1))
        self.assertTrue(self.send(kind="activity"), "another one")

    def test_one_bad_address_stops_nobody_else(self):
        self.partner_a.email = False
        self.bill(due=-10)
        self.bill(due=-10, partner=self.partner_b)
        statements = self.send(self.partner_a | self.partner_b)
        states = {one.partner_id: one.state for one in statements}
        self.assertEqual(states, {self.partner_a: "failed", self.partner_b: "queued"})
        failed = statements.filtered(lambda one: one.state == "failed")
        self.assertIn("no e-mail address", failed.failure_reason)
        self.partner_a.email = "anna@customers.example"
        failed.action_retry()
        self.run_job()
        self.assertEqual(failed.state, "queued")

    def test_an_error_in_one_statement_stops_no_other(self):
        self.bill(due=-10)
        self.bill(due=-10, partner=self.partner_b)
        model = type(self.statements)
        render = model._get_texts

        def breaks(statement):
            if statement.partner_id == self.partner_a:
                raise ValueError("broken")
            return render(statement)

        with patch.object(model, "_get_texts", breaks), mute_logger("odoo.addons.base"):
            statements = self.send(self.partner_a | self.partner_b)
        states = {one.partner_id: one.state for one in statements}
        self.assertEqual(states, {self.partner_a: "failed", self.partner_b: "queued"})

    # -- On a schedule ---------------------------------------------------------------------------

    def test_a_schedule_sends_once_a_month_when_the_day_is_over(self):
        self.bill(invoice_date="2026-01-05")
        schedule = self.schedule(date_start="2026-01-31")
        for day, count in (
            ("2026-01-31 12:00", 0),
            ("2026-02-01 12:00", 1),
            ("2026-02-01 15:00", 1),
            ("2026-02-28 12:00", 1),
            ("2026-03-01 12:00", 2),
            ("2026-06-15 12:00", 3),
        ):
            with freeze_time(day):
                self.run_job()
                made = schedule.statement_ids
                self.assertEqual(len(made), count, day)
        self.assertEqual(
            [str(day) for day in made.sorted("id").mapped("date_to")],
            ["2026-01-31", "2026-02-28", "2026-05-31"],
        )
        with freeze_time("2026-06-15"):
            self.assertEqual(str(schedule.date_next), "2026-06-30")

    def test_the_days_of_a_schedule(self):
        for frequency, start, today, expected in (
            ("weekly", "2026-01-05", "2026-01-20", "2026-01-19"),
            ("monthly", "2026-01-15", "2026-03-14", "2026-02-15"),
            ("monthly", "2025-11-30", "2026-03-14", "2026-02-28"),
            ("quarterly", "2025-12-31", "2026-07-01", "2026-06-30"),
            ("quarterly", "2025-11-30", "2026-06-01", "2026-05-31"),
        ):
            with freeze_time(today):
                schedule = self.schedule(frequency=frequency, date_start=start)
                schedule._run()
                self.assertEqual(str(schedule.date_last), expected, (frequency, start))

    def test_by_tag_and_without_those_who_want_none(self):
        tag = self.env["res.partner.category"].create({"name": "Monthly"})
        below = self.env["res.partner.category"].create({"name": "B", "parent_id": tag.id})
        third = self.partner_a.copy({"name": "Third", "email": "third@customers.example"})
        fourth = self.partner_a.copy({"name": "Fourth"})
        for partner in (self.partner_a, self.partner_b, third, fourth):
            self.bill(due=-400, partner=partner)
        self.partner_a.category_id = tag
        third.category_id = below
        fourth.category_id = tag
        fourth.with_company(self.company).billing_statement_excluded = True
        schedule = self.schedule(tag_ids=tag.ids, date_start=self.day(-1))
        schedule._run()
        self.assertEqual(schedule.statement_ids.partner_id, self.partner_a | third)

    def test_zero_balances_on_a_schedule(self):
        self.pay(self.bill(due=-10), on=-3)
        for skip_zero, partners in ((True, self.partner_b.browse()), (False, self.partner_a)):
            schedule = self.schedule(kind="activity", skip_zero=skip_zero, date_start=self.day(-1))
            schedule._run()
            self.assertEqual(schedule.statement_ids.partner_id, partners, skip_zero)
        statement = schedule.statement_ids
        self.assertEqual(statement.date_to, self.day(-1))
        self.assertLess(statement.date_from, self.day(-25))

    def test_a_broken_schedule_stops_no_other(self):
        self.bill(due=-400)
        schedules = self.schedule(date_start=self.day(-1)) | self.schedule(date_start=self.day(-2))
        model = type(schedules)
        make = model._make_statements

        def breaks(schedule, *dates):
            if schedule == schedules[0]:
                raise ValueError("broken")
            return make(schedule, *dates)

        logger = f"{MODULE}.billing_statement_schedule"
        with patch.object(model, "_make_statements", breaks), mute_logger(logger):
            self.run_job()
        self.assertFalse(schedules[0].date_last)
        self.assertTrue(schedules[1].date_last)
