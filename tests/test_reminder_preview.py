from odoo.addons.mail.tests.common import MailCommon
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ReminderCommon

TRACES = (
    "billing.reminder",
    "billing.reminder.item",
    "billing.event",
    "billing.link",
    "mail.mail",
    "mail.message",
    "mail.activity",
)


@tagged("post_install", "-at_install")
class TestReminderPreview(ReminderCommon, MailCommon):
    """Who gets what in the next 14 days, before the engine is ever switched on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.billing_reminders_enabled = False
        cls.make_people()
        cls.policy = cls.env.ref("billing_crm.reminder_policy_default")

    def preview(self, start=None, user=None):
        """Open the preview and return its rows, and the action."""
        model = self.env["billing.reminder.preview"].with_user(user or self.clerk)
        action = model.action_preview(start)
        return model.search(action["domain"]), action

    def message(self, row):
        return row.env["billing.reminder.message"].browse(row.action_show_message()["res_id"])

    def story(self, rows):
        """Return (day from today, customer, step) of rows."""
        return [((row.day - self.today).days, row.partner_id, row.step) for row in rows]

    def test_it_works_while_reminders_are_off(self):
        self.bill(due=-7)
        self.bill(due=0, partner=self.partner_b)
        rows, _action = self.preview()
        self.assertEqual(self.story(rows), [(0, self.partner_a, 1), (7, self.partner_b, 1)])
        self.assertFalse(self.company.billing_reminders_enabled)

    def test_it_says_what_the_engine_does(self):
        """The messages of 14 days, foretold and then really sent, are the same ones."""
        euro = self.setup_other_currency("EUR")
        self.bill(due=-365)
        self.bill(due=-20, amount=30.0, currency_id=euro.id)
        self.bill(due=-18, partner=self.partner_b)
        self.bill(due=-1, amount=40.0, partner=self.partner_b)
        rows, _action = self.preview()
        foretold = [
            (row.day, row.partner_id, row.currency_id, row.level_id, row.amount) for row in rows
        ]
        sent = [
            (self.day(day), one.partner_id, one.currency_id, one.level_id, one.amount)
            for day in range(14)
            for one in self.remind(as_of=day).sorted("amount", reverse=True)
        ]
        self.assertCountEqual(foretold, sent)
        self.assertGreater(len(sent), 5)

    def test_it_leaves_no_trace(self):
        self.bill(due=-30)
        before = {model: self.env[model].sudo().search_count([]) for model in TRACES}
        with self.mock_mail_gateway():
            rows, _action = self.preview("age")
            rows[0].action_show_message()
        self.assertFalse(self._mails)
        self.assertEqual(
            before, {model: self.env[model].sudo().search_count([]) for model in TRACES}
        )
        self.assertEqual(self.company.billing_reminder_start, "gently")
        self.assertFalse(self.company.billing_reminder_start_date)
        self.assertEqual(len(self.plan()), 1, "the engine decides as if nobody had looked")

    def test_it_keeps_no_lock(self):
        self.bill(due=-30)
        self.preview()
        with self.registry.cursor() as cr:
            elsewhere = self.env["billing.reminder"].with_env(self.env(cr=cr))
            self.assertTrue(elsewhere._lock_simulation(self.company))
            self.assertTrue(elsewhere._lock_planning(self.company))

    def test_it_does_not_look_while_the_engine_decides(self):
        self.bill(due=-30)
        with self.registry.cursor() as cr:
            elsewhere = self.env["billing.reminder"].with_env(self.env(cr=cr))
            elsewhere._lock_planning(self.company)
            with self.assertRaisesRegex(UserError, "being decided"):
                self.preview()

    def test_each_way_to_begin(self):
        self.bill(due=-365)
        self.bill(due=1, partner=self.partner_b)
        gently = [(0, self.partner_a, 1), (7, self.partner_a, 2), (8, self.partner_b, 1)]
        self.assertEqual(self.story(self.preview("gently")[0]), gently)
        by_age = [(0, self.partner_a, 3), (8, self.partner_b, 1)]
        self.assertEqual(self.story(self.preview("age")[0]), by_age)
        self.assertEqual(self.story(self.preview("new")[0]), [(8, self.partner_b, 1)])

    def test_the_daily_cap_is_seen(self):
        self.policy.daily_cap = 1
        self.bill(due=-10)
        self.bill(due=-10, amount=900.0, partner=self.partner_b)
        rows, _action = self.preview()
        story = [(0, self.partner_b, 1), (1, self.partner_a, 1)]
        self.assertEqual(self.story(rows)[:2], story)

    def test_weekends_are_seen(self):
        self.policy.write({"working_days_only": True, "hour_from": 9.0, "hour_to": 17.0})
        self.bill(due=-7)
        rows, _action = self.preview()
        self.assertLess(rows[0].day.weekday(), 5)
        self.assertTrue(all(row.day.weekday() < 5 for row in rows))

    def test_what_asks_first_is_seen(self):
        self.policy.mode = "approve"
        self.bill(due=-10)
        self.assertTrue(self.preview()[0][0].is_asked)
        self.policy.mode = "automatic"
        self.assertFalse(self.preview()[0][0].is_asked)

    def test_why_and_how(self):
        invoice = self.bill(due=-10)
        self.bill(due=-9)
        row = self.preview()[0][0]
        self.assertEqual(row.reason, f"{invoice.name} 10 days overdue, 1 more")
        self.assertEqual((row.channels, row.item_count), ("E-mail", 2))
        self.assertFalse(row.problem)

    def test_who_has_no_address_is_seen(self):
        self.partner_a.email = False
        self.bill(due=-10)
        self.assertIn("no e-mail address", self.preview()[0][0].problem)

    def test_what_a_payment_in_sight_holds_back_is_seen(self):
        self.bill(due=-10)
        self.assertFalse(self.preview()[0][0].hold_reason)
        self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "partner_id": self.partner_a.id,
                "payment_ref": "for the desks",
                "amount": 30.0,
            }
        )
        self.assertIn("for the desks", self.preview()[0][0].hold_reason)

    def test_the_message_of_a_day_to_come(self):
        invoice = self.bill(due=0)
        row = self.preview()[0]
        self.assertEqual(row.day, self.day(7))
        message = self.message(row)
        self.assertFalse(message.note)
        self.assertIn(invoice.name, message.body)
        self.assertRegex(message.body, r">\s*7\s*<", "seven days overdue on that day")
        self.assertIn(self.company.name, message.body)
        self.assertEqual(message.email_to, self.partner_a.email_formatted)

    def test_the_message_of_what_is_planned_already(self):
        self.bill(due=-10)
        self.plan()
        row = self.preview()[0][0]
        message = self.message(row)
        self.assertTrue(message.body)

    def test_the_message_is_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.env.ref("billing_crm.mail_template_reminder_1")
        template.with_context(lang="fr_FR").subject = "Rappel de {{ object.company_id.name }}"
        self.partner_a.lang = "fr_FR"
        self.bill(due=-10)
        row = self.preview()[0][0]
        message = self.message(row)
        self.assertEqual(message.subject, f"Rappel de {self.company.name}")

    def test_nothing_to_send(self):
        rows, action = self.preview()
        self.assertFalse(rows)
        self.assertIn("0 messages", action["name"])

    def test_no_more_rows_than_somebody_reads_but_all_are_counted(self):
        for amount in (100.0, 200.0, 300.0):
            self.bill(due=-10, amount=amount, partner=self.partner_a.copy())
        reminders = self.env["billing.reminder"]
        rows, gone = reminders._simulate(self.company, 1, limit=2)
        self.assertEqual([row["amount"] for row in rows], [300.0, 200.0])
        self.assertEqual(len(gone[self.today]), 3)

    def test_another_companys_customers_are_not_seen(self):
        foreign = self.other_company_invoice(due=-10)
        foreign.action_post()
        self.assertFalse(self.preview()[0])

    def test_only_ones_own_preview_is_seen(self):
        self.bill(due=-10)
        rows, _action = self.preview()
        other = self.make_user("carla", "billing_crm.group_billing_user")
        self.assertFalse(rows.with_user(other).search([]))
        with self.assertRaises(AccessError):
            rows.with_user(other).read(["amount"])

    def test_a_salesperson_has_no_preview(self):
        with self.assertRaises(AccessError):
            self.preview(user=self.salesperson)

    def test_a_second_look_replaces_the_first(self):
        self.bill(due=-10)
        first, _action = self.preview()
        second, _action = self.preview()
        self.assertFalse(first.exists())
        self.assertTrue(second)
