from odoo.tests import tagged

from .common import ReminderCommon


@tagged("post_install", "-at_install")
class TestReminderNetting(ReminderCommon):
    """What the customer has already given us is never asked for again."""

    def credit_note(self, amount):
        return self._create_invoice_one_line(
            price_unit=amount, tax_ids=[], move_type="out_refund", post=True
        )

    def payment(self, amount, **values):
        """A payment on account: nobody has said yet which invoice it settles."""
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.partner_a.id,
                "amount": amount,
                "payment_type": "inbound",
                "partner_type": "customer",
                "journal_id": self.company_data["default_journal_bank"].id,
                **values,
            }
        )
        payment.action_post()
        return payment

    def test_partly_paid_is_reminded_of_the_rest(self):
        """OCA/credit-control#330: partly paid invoices were never reminded."""
        self.pay(self.bill(due=-10), amount=30.0)
        self.assertEqual(self.plan().amount, 70.0)

    def test_open_credit_notes_are_deducted(self):
        """OCA/credit-control#211."""
        self.bill(due=-10)
        self.credit_note(30.0)
        self.assertEqual(self.plan().amount, 70.0)

    def test_nothing_is_sent_when_credits_cover_the_debt(self):
        """odoo/odoo#216062: a follow-up about a balance of zero."""
        self.bill(due=-10)
        self.credit_note(100.0)
        self.assertFalse(self.plan())

    def test_a_payment_on_account_is_deducted(self):
        self.bill(due=-10)
        self.payment(100.0)
        self.assertFalse(self.plan())

    def book_no_entries(self, bank=None):
        """Book payments as databases with Odoo's full accounting do: no entry before the bank's."""
        bank = bank or self.company_data["default_journal_bank"]
        bank.inbound_payment_method_line_ids.payment_account_id = False
        bank.outbound_payment_method_line_ids.payment_account_id = False
        self.patch(
            self.env.registry["account.move"],
            "_get_invoice_in_payment_state",
            lambda move: "in_payment",
        )

    def test_a_payment_without_an_entry_is_deducted(self):
        self.book_no_entries()
        self.bill(due=-10)
        payment = self.payment(40.0)
        self.assertFalse(payment.move_id, "or this test shows nothing")
        self.assertEqual(self.plan().amount, 60.0)

    def test_an_invoice_paid_without_an_entry_is_paid(self):
        self.book_no_entries()
        invoice = self.bill(due=-10)
        payment = self.pay(invoice)
        self.assertFalse(payment.move_id, "or this test shows nothing")
        self.assertFalse(self.plan())

    def test_a_credit_in_another_currency_does_not_count(self):
        euro = self.setup_other_currency("EUR")
        self.bill(due=-10)
        self._create_invoice_one_line(
            price_unit=500.0, tax_ids=[], move_type="out_refund", post=True, currency_id=euro.id
        )
        self.assertEqual(self.plan().amount, 100.0)

    def test_cancelled_credit_notes_do_not_count(self):
        """OCA/credit-control PR#568."""
        self.bill(due=-10)
        credit_note = self.credit_note(30.0)
        credit_note.button_draft()
        credit_note.button_cancel()
        self.assertEqual(self.plan().amount, 100.0)

    def test_a_payment_recorded_a_second_ago_stops_the_mail(self):
        invoice = self.bill(due=-10)
        reminder = self.plan()
        self.pay(invoice)
        reminder._send()
        self.assertEqual(reminder.state, "cancelled")
        self.assertFalse(reminder.message_ids.filtered("partner_ids"))

    def test_a_credit_recorded_a_second_ago_stops_the_mail(self):
        self.bill(due=-10)
        reminder = self.plan()
        self.payment(100.0)
        reminder._send()
        self.assertEqual(reminder.state, "cancelled")

    def test_what_was_not_needed_may_be_needed_again(self):
        """The payment bounces: the same level is sent then, for it never was."""
        invoice = self.bill(due=-10)
        reminder = self.plan()
        payment = self.pay(invoice)
        reminder._send()
        payment.action_draft()
        payment.action_cancel()
        self.assertEqual(self.plan(as_of=1).step, 1)

    def test_the_mail_says_what_is_open_when_it_is_sent(self):
        invoice = self.bill(due=-10)
        reminder = self.plan()
        self.pay(invoice, amount=25.0)
        reminder._send()
        self.assertEqual(reminder.amount, 75.0)
        self.assertIn("75.00", reminder.message_ids[0].body)

    def test_a_credit_already_paid_out_is_not_deducted_again(self):
        self.bill(due=-10)
        self.credit_note(100.0)
        refund = self.env["account.payment"].create(
            {
                "partner_id": self.partner_a.id,
                "amount": 100.0,
                "payment_type": "outbound",
                "partner_type": "customer",
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        refund.action_post()
        self.assertEqual(self.plan().amount, 100.0)

    def test_an_online_payment_on_its_way_is_not_chased(self):
        """A direct debit stays pending for days."""
        invoice = self.bill(due=-10)
        provider = self.env["payment.provider"].sudo().create({"name": "Direct debit"})
        # the declared dependencies have no provider of a real kind
        self.env.cr.execute(
            "UPDATE payment_provider SET code = 'debit' WHERE id = %s", [provider.id]
        )
        methods = self.env["payment.method"].with_context(active_test=False)
        transaction = (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": methods.search([], limit=1).id,
                    "reference": "debit-1",
                    "amount": 100.0,
                    "currency_id": self.company.currency_id.id,
                    "partner_id": self.partner_a.id,
                    "invoice_ids": invoice.ids,
                }
            )
        )
        self.assertTrue(self.plan(), "a draft transaction is no payment")
        self.env["billing.reminder"].search([]).action_cancel()
        for state in ("pending", "authorized", "done"):
            self.env.cr.execute(
                "UPDATE payment_transaction SET state = %s WHERE id = %s", [state, transaction.id]
            )
            self.env.invalidate_all()
            self.assertFalse(self.plan(as_of=1), state)
            self.assertEqual(invoice.billing_status, "payment_started", state)
        transaction.invalidate_recordset()
        transaction.is_post_processed = True
        self.assertTrue(self.plan(as_of=1), "booked, and yet not paid: that was another payment")

    def test_only_money_that_came_from_the_customer_is_deducted(self):
        self.book_no_entries()
        self.bill(due=-10)
        unrelated = {
            "not in yet": self.payment(10.0),
            "to the customer": self.payment(20.0, payment_type="outbound"),
            "from a supplier": self.payment(40.0, partner_type="supplier"),
        }
        unrelated["not in yet"].action_draft()
        for what, payment in unrelated.items():
            self.assertFalse(payment.move_id, f"{what}, or this test shows nothing")
        self.assertEqual(self.plan().amount, 100.0)

    def test_a_payment_to_another_company_is_not_deducted(self):
        bank = self.setup_other_company()["default_journal_bank"]
        self.book_no_entries(bank)
        self.bill(due=-10)
        payment = self.payment(40.0, journal_id=bank.id, company_id=bank.company_id.id)
        self.assertFalse(payment.move_id, "or this test shows nothing")
        self.assertEqual(self.plan().amount, 100.0)

    def test_a_payment_without_an_entry_pays_its_own_invoice_only(self):
        self.book_no_entries()
        self.pay(self.bill(due=-10))
        self.bill(amount=60.0, due=-10)
        self.assertEqual(self.plan().amount, 60.0)

    def test_a_payment_without_an_entry_a_second_ago_stops_the_mail(self):
        self.book_no_entries()
        self.bill(due=-10)
        reminder = self.plan()
        self.payment(100.0)
        self.env.flush_all()
        reminder._send()
        self.assertEqual(reminder.state, "cancelled")

    def test_another_debt_is_no_reason_to_send_what_was_paid(self):
        """The other one is listed with this reminder, but it is not its turn yet."""
        invoice = self.bill(due=-10)
        self.bill(due=-3)
        reminder = self.plan()
        self.pay(invoice)
        reminder._send()
        self.assertEqual(reminder.state, "cancelled")

    def test_the_mail_speaks_of_one_company_only(self):
        self.bill(due=-10)
        other = self.other_company_invoice(amount=999.0, due=-10)
        other.action_post()
        reminder = self.plan().sudo()
        reminder._send()
        self.assertEqual(reminder.amount, 100.0)

    def test_whoever_runs_the_job_knows_the_payments_of_the_reminders_company(self):
        self.book_no_entries()
        self.bill(due=-10)
        reminder = self.plan().sudo()
        self.payment(100.0)
        self.env.flush_all()
        other = self.setup_other_company()["company"]
        reminder.with_company(other)._send()
        self.assertEqual(reminder.state, "cancelled")
