from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_charge import ChargeCommon


@tagged("post_install", "-at_install")
class TestPastDue(ChargeCommon):
    """What a customer is told to owe: the ledger, interest and fees, to the cent."""

    def make(self, *invoices, until=None):
        moves = self.env["account.move"].concat(*invoices)
        return self.env["billing.past.due"]._make_for_moves(moves, until)

    def html(self, document):
        return (
            self.env["ir.actions.report"]
            ._render_qweb_html("billing_crm.report_past_due", document.ids)[0]
            .decode()
            .replace("\u00a0", " ")
        )

    def test_an_invoice_paid_in_part(self):
        invoice = self.bill(amount=7300.0, due=-20)
        self.pay(invoice, amount=3650.0, on=-10)
        document = self.make(invoice)
        item = document.content["items"][0]
        self.assertEqual((item["original"], item["paid"], item["asked"]), (7300.0, 3650.0, 3650.0))
        self.assertEqual([payment["amount"] for payment in item["payments"]], [3650.0])
        # ten days of 7300 and ten of 3650 at 10 %
        self.assertEqual((document.amount_interest, document.amount_fee), (30.0, 40.0))
        self.assertEqual(document.amount_total, 3720.0)
        html = self.html(document)
        for text in (invoice.name, "7,300.00", "3,650.00", "30.00", "3,720.00", "Annex"):
            self.assertIn(text, html)

    def test_interest_until_a_later_day(self):
        invoice = self.bill(amount=3650.0, due=-20)
        self.assertEqual(self.make(invoice, until=self.day(10)).amount_interest, 30.0)
        with self.assertRaisesRegex(UserError, "until today, or a later day"):
            self.make(invoice, until=self.day(-1))

    def test_what_was_charged_is_an_item_of_its_own(self):
        invoice = self.bill(amount=3650.0, due=-20)
        note = self.charge(invoice)
        with self.on_day(5):
            document = self.make(invoice)
        items = {item["name"]: item for item in document.content["items"]}
        self.assertEqual(set(items), {invoice.name, note.name})
        self.assertEqual(items[note.name]["origin"], invoice.name)
        self.assertEqual((document.amount_open, document.amount_interest), (3710.0, 5.0))
        self.assertEqual((document.amount_fee, document.amount_total), (0.0, 3715.0))

    def test_what_was_charged_today_is_due_today(self):
        invoice = self.bill(amount=3650.0, due=-20)
        self.charge(invoice)
        self.assertEqual(self.make(invoice).amount_total, 3710.0)
        customers = self.env["billing.past.due"]._make_for_customers(self.partner_a, self.company)
        self.assertEqual(customers.amount_total, 3710.0)

    def test_what_is_disputed_is_not_asked_for(self):
        invoice = self.bill(amount=3650.0, due=-20)
        self.dispute(invoice, amount=1000.0)
        document = self.make(invoice)
        self.assertEqual(document.amount_open, 2650.0)
        self.assertEqual(document.content["items"][0]["disputed"], 1000.0)
        self.assertIn("Disputed", self.html(document))

    def test_a_customer_has_one_for_each_currency_and_credits_count(self):
        currency = self.setup_other_currency("EUR")
        self.bill(amount=3650.0, due=-20)
        self.bill(amount=100.0, due=-5)
        self.bill(amount=100.0, due=5)
        self.bill(amount=500.0, due=-1, currency_id=currency.id)
        self.bill(amount=60.0, due=20, move_type="out_refund")
        documents = self.env["billing.past.due"]._make_for_customers(self.partner_a, self.company)
        self.assertEqual(documents.currency_id, currency | self.company.currency_id)
        own = documents.filtered(lambda one: one.currency_id == self.company.currency_id)
        self.assertEqual((own.amount_open, len(own.content["items"])), (3750.0, 2))
        self.assertEqual(own.amount_credit, 60.0)
        self.assertEqual(
            own.amount_total,
            own.currency_id.round(3750.0 + own.amount_interest + own.amount_fee - 60.0),
        )

    def test_it_stays_as_it_was_told(self):
        invoice = self.bill(amount=3650.0, due=-20)
        document = self.make(invoice)
        before = self.html(document)
        self.pay(invoice)
        self.policy.margin = 99
        self.env.invalidate_all()
        self.assertEqual(self.html(document), before)

    def test_nothing_overdue(self):
        with self.assertRaisesRegex(UserError, "Nothing is overdue"):
            self.make(self.bill(due=5))
        with self.assertRaisesRegex(UserError, "Nothing is overdue"):
            self.env["billing.past.due"]._make_for_customers(self.partner_b, self.company)

    def test_it_is_sent_with_a_pdf_and_a_personal_link(self):
        invoice = self.bill(amount=3650.0, due=-20)
        document = self.make(invoice)
        document.action_send_all()
        message = document.message_ids[0]
        self.assertEqual(message.notified_partner_ids, self.partner_a)
        self.assertTrue(message.attachment_ids)
        self.assertIn("3,710.00", message.subject.replace("\u00a0", " "))
        mail = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        self.assertIn("/billing/l/your-personal-link", mail.body_html)
        scope = document._billing_link_scope()
        self.assertEqual(scope["move_id"], invoice.id)
        document._billing_log_delivery(self.partner_a, None, delivered=True, reason=False)
        event = self.env["billing.event"].search([("move_id", "=", invoice.id)])
        self.assertEqual((event.kind, event.note), ("delivered", "Past due document"))

    def test_without_an_address_nothing_is_sent(self):
        self.partner_a.email = False
        document = self.make(self.bill(due=-20))
        with self.assertRaisesRegex(UserError, "Without an e-mail address"):
            document.action_send_all()

    def test_it_goes_with_a_reminder(self):
        level = self.company._get_billing_reminder_policy().level_ids[0]
        level.attach_past_due = True
        self.bill(amount=3650.0, due=-10)
        reminder = self.plan()
        reminder._send()
        document = reminder.past_due_ids
        self.assertEqual(document.amount_total, 3700.0)
        message = reminder.message_ids.filtered("attachment_ids")
        self.assertEqual(len(message.attachment_ids), 1)
        self.assertEqual(reminder.state, "queued")

    def test_a_look_at_the_message_makes_none(self):
        self.company._get_billing_reminder_policy().level_ids[0].attach_past_due = True
        self.bill(amount=3650.0, due=-10)
        self.assertFalse(self.plan()._render_message().get("is_problem"))
        self.assertFalse(self.env["billing.past.due"].search([]))

    def test_it_follows_the_letter(self):
        level = self.company._get_billing_reminder_policy().level_ids[0]
        level.write({"attach_past_due": True, "send_mail": False, "send_letter": True})
        self.bill(amount=3650.0, due=-10)
        reminder = self.plan()
        reminder._send()
        reminder.action_print_letters()
        html = self.env["ir.actions.report"]._render_qweb_html(
            "billing_crm.report_reminder_letter_pages", reminder.ids
        )[0]
        self.assertIn("3,700.00", html.decode().replace("\u00a0", " "))

    def test_without_a_rate_the_reminder_carries_it_without_interest(self):
        level = self.company._get_billing_reminder_policy().level_ids[0]
        level.attach_past_due = True
        reference = self.env["billing.interest.reference"].create({"name": "Unknown"})
        self.policy.reference_id = reference
        self.bill(amount=3650.0, due=-10)
        reminder = self.plan()
        reminder._send()
        self.assertEqual(reminder.state, "queued")
        self.assertEqual(reminder.past_due_ids.amount_total, 3650.0)

    def test_who_may(self):
        self.make_people()
        self.partner_a.user_id = self.salesperson
        mine = self.make(self.bill(due=-20))
        theirs = self.make(self.bill(due=-20, partner=self.partner_b))
        documents = self.env["billing.past.due"]
        self.assertEqual(documents.with_user(self.clerk).search([]), mine | theirs)
        seen = documents.with_user(self.salesperson).search([])
        self.assertEqual(seen, mine)
        self.assertIn(mine.move_id.name, seen.items_html)
        for user in (self.accountant, self.portal):
            with self.assertRaises(AccessError):
                documents.with_user(user).search([])
        with self.assertRaises(AccessError):
            mine.with_user(self.clerk).write({"amount_total": 1.0})
        wizard = (
            self.env["billing.past.due.wizard"]
            .with_user(self.clerk)
            .create({"partner_ids": self.partner_a.ids})
        )
        self.assertEqual(wizard.action_apply()["res_model"], "billing.past.due")
        mine.with_user(self.clerk).action_send_all()
