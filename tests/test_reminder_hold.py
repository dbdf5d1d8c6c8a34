from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .common import ReminderCommon


@tagged("post_install", "-at_install")
class TestReminderHold(ReminderCommon):
    """A payment that seems to have arrived stops a reminder until somebody has looked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.company_data["default_journal_bank"]
        cls.clerk = cls.make_user("cleo", "billing_crm.group_billing_user")
        cls.company.billing_bookkeeper_id = cls.clerk

    def receive(self, amount, text="", on=0, **values):
        return self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": self.day(on),
                "payment_ref": text or "Transfer",
                "amount": amount,
                **values,
            }
        )

    def send(self, reminder):
        reminder._send()
        return reminder.state

    def test_the_invoice_number_in_the_banks_words(self):
        invoice = self.bill(due=-10)
        reminder = self.plan()
        line = self.receive(37.0, f"Thanks! {invoice.name.lower().replace('/', '-')} part 1")
        self.assertEqual(self.send(reminder), "held")
        self.assertIn("names one of their invoices", reminder.hold_reason)
        self.assertIn("37.00", reminder.hold_reason)
        self.assertIn(line.payment_ref, reminder.hold_reason)
        mails = self.env["mail.mail"].search([("model", "=", reminder._name)])
        self.assertFalse(mails._filter_reminders())

    def test_numbers_as_banks_write_them(self):
        pattern = self.env["billing.reminder"]._get_number_pattern("INV/2026/1")
        texts = {
            "INV/2026/1": True,
            "PAYMENT INV 2026 1, THANKS": True,
            "SVWZ+INV-2026-1": True,
            "INV20261": True,
            "INV/2026/10": False,
            "INV/2026/1.": True,
            "XINV/2026/1": False,
            "INV/2025/1": False,
        }
        for text, fits in texts.items():
            [(found,)] = self.env.execute_query(SQL("SELECT %s ~ %s", text, pattern))
            self.assertEqual(found, fits, text)
        self.assertIsNone(self.env["billing.reminder"]._get_number_pattern("12"))
        self.assertIsNone(self.env["billing.reminder"]._get_number_pattern("Invoice"))

    def test_a_longer_number_is_another_invoice(self):
        invoice = self.bill(due=-10)
        self.receive(37.0, f"{invoice.name}0")
        self.assertEqual(self.send(self.plan()), "queued")

    def test_the_payment_reference_counts_too(self):
        invoice = self.bill(due=-10)
        invoice.payment_reference = "RF18 5390 0754"
        self.receive(37.0, "rf1853900754")
        self.assertEqual(self.send(self.plan()), "held")

    def test_the_exact_amount_from_nobody_knows_whom(self):
        self.bill(amount=123.45, due=-10)
        self.receive(123.45)
        reminder = self.plan()
        self.assertEqual(self.send(reminder), "held")
        self.assertIn("exactly the amount", reminder.hold_reason)

    def test_the_whole_invoice_although_part_of_it_is_open(self):
        self.pay(self.bill(amount=500.0, due=-10), 100.0)
        self.receive(500.0)
        self.assertEqual(self.send(self.plan()), "held")

    def test_the_sum_of_the_reminder(self):
        self.bill(amount=20.0, due=-10)
        self.bill(amount=30.0, due=-12)
        self.receive(50.0)
        self.assertEqual(self.send(self.plan()), "held")

    def test_another_amount_from_nobody_knows_whom(self):
        self.bill(amount=123.45, due=-10)
        self.receive(123.44)
        self.assertEqual(self.send(self.plan()), "queued")

    def test_money_from_before_the_invoice_is_not_for_it(self):
        self.bill(amount=123.45, due=-10)
        self.receive(123.45, on=-41)
        self.assertEqual(self.send(self.plan()), "queued")

    def test_the_exact_amount_from_somebody_else(self):
        self.bill(amount=123.45, due=-10)
        self.receive(123.45, partner_id=self.partner_b.id)
        self.assertEqual(self.send(self.plan()), "queued")

    def test_anything_from_this_customer(self):
        self.bill(due=-10)
        child = self.env["res.partner"].create({"name": "Desk", "parent_id": self.partner_a.id})
        self.receive(7.0, partner_id=child.id)
        reminder = self.plan()
        self.assertEqual(self.send(reminder), "held")
        self.assertIn("comes from this customer", reminder.hold_reason)

    def test_money_we_paid_out_is_no_payment(self):
        self.bill(due=-10)
        self.receive(-100.0, partner_id=self.partner_a.id)
        self.assertEqual(self.send(self.plan()), "queued")

    def test_a_foreign_currency_is_compared_in_it(self):
        euro = self.setup_other_currency("EUR")
        self.bill(amount=80.0, due=-10, currency_id=euro.id)
        self.receive(80.0)
        self.assertEqual(self.send(self.plan()), "queued", "80 of another currency")
        self.bill(amount=80.0, due=-10, currency_id=euro.id, partner=self.partner_b)
        self.receive(40.0, foreign_currency_id=euro.id, amount_currency=80.0)
        self.assertEqual(self.send(self.plan()), "held")

    def test_another_companys_bank_account(self):
        self.bill(due=-10)
        other = self.setup_other_company()
        self.env["account.bank.statement.line"].with_company(other["company"]).create(
            {
                "journal_id": other["default_journal_bank"].id,
                "date": self.today,
                "payment_ref": "Transfer",
                "amount": 100.0,
            }
        )
        self.assertEqual(self.send(self.plan()), "queued")

    def test_a_payment_that_is_not_confirmed_yet(self):
        self.bill(due=-10)
        self.env["account.payment"].create(
            {"partner_id": self.partner_a.id, "amount": 5.0, "payment_type": "inbound"}
        )
        self.assertEqual(self.send(self.plan()), "held")

    def test_a_payment_on_account_is_netted_not_held(self):
        self.bill(due=-10)
        self.env["account.payment"].create(
            {"partner_id": self.partner_a.id, "amount": 5.0, "payment_type": "inbound"}
        ).action_post()
        reminder = self.plan()
        self.assertEqual(self.send(reminder), "queued")
        self.assertEqual(reminder.amount, 95.0)

    def test_the_bookkeeper_is_told_once(self):
        self.bill(due=-10)
        reminder = self.plan()
        line = self.receive(100.0)
        self.send(reminder)
        reminder._release_held()
        activity = reminder.activity_ids
        self.assertEqual((len(activity), activity.user_id), (1, self.clerk))
        self.assertIn("100.00", activity.note)
        action = reminder.with_user(self.clerk).action_open_payment()
        self.assertEqual((action["res_model"], action["res_id"]), ("account.move", line.move_id.id))

    def test_matched_and_gone_on(self):
        """Another customer's payment: it was matched there, and this one is reminded."""
        self.bill(due=-10)
        reminder = self.plan()
        line = self.receive(100.0)
        self.send(reminder)
        line.partner_id = self.partner_b
        reminder._release_held()
        self.assertEqual((reminder.state, reminder.hold_reason), ("planned", False))
        self.assertFalse(reminder.activity_ids)
        self.assertEqual(self.send(reminder), "queued")

    def test_matched_with_the_debt(self):
        invoice = self.bill(due=-10)
        reminder = self.plan()
        line = self.receive(100.0)
        self.send(reminder)
        receivable = invoice.line_ids.filtered(
            lambda one: one.account_id.account_type == "asset_receivable"
        )
        _liquidity, suspense, _others = line._seek_for_lines()
        line.move_id.button_draft()
        suspense.account_id = receivable.account_id
        suspense.partner_id = self.partner_a
        line.move_id.action_post()
        (suspense + receivable).reconcile()
        reminder._release_held()
        self.assertEqual(self.send(reminder), "cancelled")

    def test_not_a_payment_of_this_debt(self):
        self.bill(due=-10)
        reminder = self.plan()
        line = self.receive(100.0)
        self.send(reminder)
        reminder.with_user(self.clerk).action_not_a_payment()
        self.assertFalse(reminder.activity_ids)
        self.assertEqual(self.send(reminder), "queued")
        reminder.sudo().state = "planned"
        second = self.receive(100.0)
        self.assertEqual(self.send(reminder), "held", "another line is asked about anew")
        self.assertEqual(reminder.hold_res_id, second.id)
        self.assertNotEqual(second, line)

    def test_held_while_the_mail_waits_for_a_server(self):
        self.bill(due=-10)
        reminder = self.plan()
        self.send(reminder)
        mail = self.env["mail.mail"].search([("model", "=", reminder._name)])
        self.receive(100.0)
        mail._cancel_stale_reminders()
        self.assertEqual((reminder.state, mail.state), ("held", "cancel"))

    def test_a_transfer_chosen_on_the_page_is_waited_for(self):
        invoice = self.bill(due=-10)
        provider = self.env["payment.provider"].create(
            {"name": "Wire Transfer", "code": "none", "company_id": self.company.id}
        )
        self.env.cr.execute(
            "UPDATE payment_provider SET code = 'custom' WHERE id = %s", [provider.id]
        )
        methods = self.env["payment.method"].with_context(active_test=False)
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": methods.search([], limit=1).id,
                "amount": 100.0,
                "currency_id": self.company.currency_id.id,
                "partner_id": self.partner_a.id,
                "reference": "wire",
                "state": "pending",
                "invoice_ids": [Command.set(invoice.ids)],
            }
        )
        reminder = self.plan()
        self.assertEqual(self.send(reminder), "held")
        self.assertIn("by bank transfer", reminder.hold_reason)
        transaction.last_state_change = self.day(-6)
        reminder._release_held()
        self.assertEqual(reminder.state, "planned")

    def test_one_question_for_all(self):
        for _i in range(5):
            partner = self.partner_a.copy({"name": "Customer"})
            self.receive(1.0, self.bill(due=-10, partner=partner).name)
        reminders = self.plan()
        reminders.item_ids.move_id.mapped("payment_reference")
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.assertEqual(len(reminders._find_payments()), 5)
