from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_promise import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromiseWizard(PromiseCommon):
    """A clerk writes down what a customer said."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.make_user("carla", "billing_crm.group_billing_user")

    def open(self, records, user=None):
        action = records.with_user(user or self.clerk).action_promise()
        return self.env[action["res_model"]].with_user(self.clerk).browse(action["res_id"])

    def reply(self, record, body="We pay on Friday.", author=None):
        """A mail of the customer comes in, as from Odoo's mail gateway."""
        author = author or self.partner_a
        return record.message_post(
            body=body,
            author_id=author.id,
            email_from=author.email,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )

    def test_from_an_invoice(self):
        wizard = self.open(self.invoice)
        self.assertEqual((wizard.amount, wizard.source), (100.0, "clerk"))
        wizard.write({"amount": 60.0, "date_promised": self.day(30), "note": "by phone"})
        wizard.action_record()
        promise = self.env["billing.promise"].search([])
        self.assertEqual(
            (promise.amount, promise.user_id, promise.note, promise.move_ids),
            (60.0, self.clerk, "by phone", self.invoice),
        )
        with self.assertRaises(UserError):
            self.open(self.invoice)

    def test_from_a_customer_all_that_is_due(self):
        self.bill(amount=30.0, due=-2)
        self.bill(amount=70.0, due=20)
        wizard = self.open(self.partner_a)
        self.assertEqual(wizard.amount, 130.0)
        self.assertEqual(len(wizard.available_line_ids), 3)

    def test_from_a_reminder(self):
        wizard = self.open(self.plan())
        self.assertEqual(wizard.line_ids.move_id, self.invoice)

    def test_from_open_items_that_were_ticked(self):
        later = self.bill(amount=70.0, due=20)
        self.bill(amount=30.0, due=-2)
        items = self.env["billing.receivable"].search([("move_id", "=", later.id)])
        self.assertEqual(self.open(items).amount, 70.0)

    def test_of_two_customers_nothing(self):
        other = self.bill(due=-2, partner=self.partner_b)
        with self.assertRaises(UserError):
            self.open(self.invoice | other)

    def test_fewer_installments_and_another_currency(self):
        currency = self.setup_other_currency("EUR", rates=[("1900-01-01", 2.0)])
        foreign = self.bill(amount=44.0, due=-3, currency_id=currency.id)
        self.bill(amount=30.0, due=-2)
        self.clerk.group_ids += self.env.ref("base.group_multi_currency")
        with Form(self.open(self.partner_a)) as form:
            self.assertEqual(form.amount, 130.0)
            form.line_ids.remove(index=0)
            self.assertIn(form.amount, (30.0, 100.0))
            form.currency_id = currency
            self.assertEqual(form.amount, 44.0)
        form.record.action_record()
        promise = self.env["billing.promise"].search([])
        self.assertEqual((promise.currency_id, promise.move_ids), (currency, foreign))

    def test_what_was_paid_meanwhile(self):
        wizard = self.open(self.invoice)
        self.pay(self.invoice)
        with self.assertRaises(UserError):
            wizard.action_record()

    def test_who_may(self):
        self.invoice.invoice_user_id = self.make_user("saul", "sales_team.group_sale_salesman")
        for login in ("sales_team.group_sale_salesman", "account.group_account_invoice"):
            with self.assertRaises(AccessError):
                self.open(self.invoice, self.make_user(login[-8:], login))

    def test_an_answer_asks_the_responsible_to_read_it(self):
        self.invoice.invoice_user_id = self.clerk
        self.reply(self.invoice)
        activity = self.invoice.activity_ids
        self.assertEqual(
            (activity.user_id, activity.summary), (self.clerk, "The customer answered")
        )
        self.assertIn("Friday", activity.note)
        self.reply(self.invoice, body="Or on Monday.")
        self.assertEqual(len(self.invoice.activity_ids), 1)
        self.assertIn("Monday", self.invoice.activity_ids.note)

    def test_an_answer_to_a_reminder(self):
        reminder = self.plan()
        self.partner_a.user_id = self.clerk
        contact = self.partner_a.copy({"name": "Anna", "parent_id": self.partner_a.id})
        self.reply(reminder, author=contact)
        self.assertEqual(reminder.activity_ids.user_id, self.clerk)
        wizard = self.open(reminder)
        self.assertEqual((wizard.source, wizard.contact_id), ("reply", contact))
        self.assertIn("Friday", wizard.reply_body)
        wizard.action_record()
        promise = self.env["billing.promise"].search([])
        self.assertEqual((promise.source, promise.contact_id), ("reply", contact))
        self.assertFalse(reminder.activity_ids, "it was read")

    def test_what_we_write_and_what_others_write_is_no_answer(self):
        self.invoice.invoice_user_id = self.clerk
        self.reply(self.invoice, author=self.clerk.partner_id)
        self.reply(self.invoice, author=self.partner_b)
        self.invoice.message_post(body="Hi", message_type="comment")
        self.assertFalse(self.invoice.activity_ids)
        self.pay(self.invoice)
        self.reply(self.invoice)
        self.assertFalse(self.invoice.activity_ids, "nothing is owed any more")
