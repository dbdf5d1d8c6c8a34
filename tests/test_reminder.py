import psycopg2
from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ReminderCommon


@tagged("post_install", "-at_install")
class TestReminder(ReminderCommon):
    """Who is reminded of what, and when."""

    def test_nothing_is_planned_before_the_first_level(self):
        self.bill(due=-6)
        self.assertFalse(self.plan())

    def test_the_first_level_on_its_day(self):
        invoice = self.bill(due=-7)
        reminder = self.plan()
        self.assertEqual(reminder.partner_id, self.partner_a)
        self.assertEqual((reminder.step, reminder.amount, reminder.state), (1, 100.0, "planned"))
        self.assertEqual(reminder.item_ids.move_id, invoice)

    def test_twice_a_day_is_once(self):
        self.bill(due=-7)
        self.assertEqual(len(self.remind()), 1)
        self.assertFalse(self.remind())
        self.assertFalse(self.plan())

    def test_a_planned_reminder_is_not_planned_again(self):
        self.bill(due=-7)
        self.plan()
        self.assertFalse(self.plan())

    def test_the_ladder_is_climbed_one_rung_at_a_time(self):
        self.bill(due=-7)
        steps = []
        for day in range(60):
            steps += [(day, reminder.step) for reminder in self.remind(as_of=day)]
        self.assertEqual(steps, [(0, 1), (14, 2), (28, 3)])

    def test_an_old_debt_starts_gently(self):
        """Switched on over an old ledger, a debt of a year gets the first reminder first."""
        self.bill(due=-365)
        self.assertEqual(self.remind().step, 1)
        self.assertFalse(self.remind(as_of=6), "and not the next one before a week is over")
        self.assertEqual(self.remind(as_of=7).step, 2)

    def test_one_customer_one_message(self):
        """OCA/credit-control#432: several invoices at several levels are one mail."""
        first, second = self.bill(due=-30), self.bill(due=-10)
        reminder = self.plan()
        self.assertEqual(len(reminder), 1)
        self.assertEqual(reminder.item_ids.move_id, first | second)

    def test_a_new_invoice_does_not_hide_the_old_one(self):
        """OCA/credit-control#460: reminding one invoice must not silence the others for ever."""
        self.bill(due=-7)
        self.remind()
        self.bill(due=-3)
        reminder = self.remind(as_of=7)
        self.assertEqual(len(reminder.item_ids), 2)
        self.assertEqual(reminder.step, 1)
        self.assertEqual(
            sorted(reminder.item_ids.mapped("is_advance")),
            [False, True],
            "the new invoice gets its first reminder, the old one is only listed with it",
        )

    def test_the_highest_rung_speaks(self):
        self.bill(due=-7)
        self.remind()
        self.bill(due=0)
        reminder = self.remind(as_of=14)
        self.assertEqual(reminder.step, 2)
        self.assertEqual(sorted(reminder.item_ids.mapped("delay_days")), [7, 21])

    def test_contacts_of_one_customer_are_one_customer(self):
        contact = self.env["res.partner"].create(
            {"name": "Purchasing", "parent_id": self.partner_a.id, "email": "buy@customers.example"}
        )
        self.bill(due=-10, partner=contact)
        self.bill(due=-10)
        reminder = self.plan()
        self.assertEqual((reminder.partner_id, reminder.amount), (self.partner_a, 200.0))

    def test_two_customers_two_messages(self):
        self.bill(due=-10)
        self.bill(due=-10, partner=self.partner_b)
        self.assertEqual(self.plan().partner_id, self.partner_a | self.partner_b)

    def test_paid_is_not_reminded(self):
        self.pay(self.bill(due=-10))
        self.assertFalse(self.plan())

    def test_no_follow_up_is_not_reminded(self):
        invoice = self.bill(due=-10)
        invoice.no_followup = True
        self.assertFalse(self.plan())

    def test_no_follow_up_on_one_invoice_leaves_the_others(self):
        """odoo/odoo#203329: excluding one invoice must not exclude the customer."""
        excluded, other = self.bill(due=-10), self.bill(amount=40.0, due=-10)
        excluded.no_followup = True
        reminder = self.plan()
        self.assertEqual((reminder.item_ids.move_id, reminder.amount), (other, 40.0))

    def test_an_instalment_is_reminded_not_the_invoice(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Half now, half in 90 days",
                "line_ids": [
                    fields.Command.create({"value": "percent", "value_amount": 50, "nb_days": 0}),
                    fields.Command.create({"value": "percent", "value_amount": 50, "nb_days": 90}),
                ],
            }
        )
        self.bill(invoice_date=self.day(-10), invoice_payment_term_id=term.id)
        self.assertEqual(self.plan().amount, 50.0)

    def test_two_currencies_are_two_messages_on_one_day(self):
        euro = self.setup_other_currency("EUR")
        self.bill(due=-10)
        self.bill(amount=80.0, due=-10, currency_id=euro.id)
        reminders = self.remind()
        self.assertEqual(
            {reminder.currency_id: reminder.amount for reminder in reminders},
            {self.company.currency_id: 100.0, euro: 80.0},
        )

    def test_the_minimum_amount_holds(self):
        policy = self.company._get_billing_reminder_policy()
        policy.minimum_amount = 50.0
        self.bill(amount=49.99, due=-10)
        self.assertFalse(self.plan())
        self.bill(amount=0.01, due=-10)
        self.assertTrue(self.plan())

    def test_a_company_uses_its_own_policy(self):
        policy = self.env.ref("billing_crm.reminder_policy_default").copy(
            {"company_id": self.company.id, "name": "Ours"}
        )
        policy.level_ids[0].delay_days = 2
        self.bill(due=-2)
        self.assertEqual(self.plan().policy_id, policy)

    def test_another_companys_debt_is_not_ours(self):
        other = self.other_company_invoice(due=-10)
        other.action_post()
        self.assertFalse(self.plan())

    def test_the_cron_does_nothing_until_it_is_switched_on(self):
        self.company.billing_reminders_enabled = False
        self.bill(due=-10)
        with self.enter_registry_test_mode():
            self.env.ref("billing_crm.ir_cron_remind").method_direct_trigger()
        self.assertFalse(
            self.env["billing.reminder"].search([("company_id", "=", self.company.id)])
        )

    def test_the_database_refuses_a_second_reminder_of_one_level(self):
        """Whatever two processes decide at the same time, one of them cannot write it."""
        self.bill(due=-10)
        item = self.plan().item_ids.sudo()
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.UniqueViolation):
            item.copy()

    def test_deciding_costs_the_same_for_one_customer_and_for_many(self):
        for _i in range(5):
            self.bill(due=-10, partner=self.partner_a.copy({"name": "Customer"}))
        self.env.flush_all()
        self.env["billing.payment.plan"]._has_any()  # remembered
        with self.assertQueryCount(6):  # two locks, companies, two settings, the statement
            reminders = self.plan()
        self.assertEqual(len(reminders), 5)

    def test_never_twice_on_one_day_whatever_the_policy_says(self):
        self.company._get_billing_reminder_policy().minimum_days_between = 0
        self.bill(due=-30)
        self.assertEqual(self.remind().step, 1)
        self.assertFalse(self.remind())
        self.assertEqual(self.remind(as_of=1).step, 2)

    def test_a_message_in_another_currency_keeps_us_quiet_too(self):
        euro = self.setup_other_currency("EUR")
        self.bill(due=-7)
        self.bill(amount=80.0, due=-4, currency_id=euro.id)
        self.assertEqual(self.remind().currency_id, self.company.currency_id)
        self.assertFalse(self.remind(as_of=6), "it fell due three days after the first message")
        self.assertEqual(self.remind(as_of=7).currency_id, euro)

    def test_a_second_currency_is_not_late_on_the_day_of_the_first(self):
        euro = self.setup_other_currency("EUR")
        self.bill(due=-10)
        self.remind()
        self.bill(amount=80.0, due=-10, currency_id=euro.id)
        self.assertEqual(self.remind().currency_id, euro)

    def test_while_another_process_decides_this_one_does_not(self):
        self.bill(due=-10)
        with self.registry.cursor() as cr:
            elsewhere = self.env["billing.reminder"].with_env(self.env(cr=cr))
            self.assertTrue(elsewhere._lock_planning(self.company))
            self.assertFalse(self.plan())
        self.assertTrue(self.plan())

    def test_another_companys_reminder_does_not_silence_ours(self):
        other = self.other_company_invoice(due=-10)
        other.action_post()
        theirs = self.env["billing.reminder"].with_company(other.company_id)
        self.assertTrue(theirs._plan(other.company_id))
        self.bill(due=-10)
        self.assertEqual(self.plan().company_id, self.company)

    def test_another_companys_policy_is_not_ours(self):
        other = self.setup_other_company()["company"]
        self.env["billing.reminder.policy"].sudo().create(
            {"name": "Theirs", "company_id": other.id, "sequence": 1}
        )
        self.assertEqual(
            self.company.sudo()._get_billing_reminder_policy(),
            self.env.ref("billing_crm.reminder_policy_default"),
        )
