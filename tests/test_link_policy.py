from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestLinkPolicy(BillingCommon):
    """How long links work, what they are for, and withdrawing them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.links = cls.env["billing.link"].sudo()
        cls.halves = cls.env["account.payment.term"].create(
            {
                "name": "Half in 10 days, half in 60",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 10}),
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 60}),
                ],
            }
        )

    def mint(self, document, recipient=None, **values):
        path = self.links._mint(document, recipient or self.partner_a, **values)
        return self.links._find(path.removeprefix("/billing/l/"))

    def days(self, link):
        return (link.expires_on - fields.Datetime.now()).days

    def in_halves(self):
        return self.bill(invoice_date=self.today, invoice_payment_term_id=self.halves.id)

    def installments(self, invoice):
        return invoice.line_ids.filtered(lambda line: line.display_type == "payment_term").sorted(
            "date_maturity"
        )

    def test_the_company_decides_how_long_links_work(self):
        self.company.write(
            {
                "billing_link_days": 5,
                "billing_link_minimum_days": 3,
                "billing_link_maximum_days": 40,
            }
        )
        for due, days in ((20, 25), (-60, 3), (200, 40)):
            self.assertAlmostEqual(
                self.days(self.mint(self.bill(due=due))), days, delta=1, msg=str(due)
            )

    def test_a_policy_that_cannot_be_kept_is_refused(self):
        for values in (
            {"billing_link_days": -1},
            {"billing_link_minimum_days": 0},
            {"billing_link_minimum_days": 30, "billing_link_maximum_days": 29},
        ):
            with self.assertRaises(ValidationError, msg=str(values)):
                self.company.write(values)

    def test_the_settings_are_saved_together(self):
        """Minimum and maximum may both pass the other's old value."""
        settings = self.env["res.config.settings"].create(
            {"billing_link_minimum_days": 200, "billing_link_maximum_days": 300}
        )
        settings.execute()
        self.assertEqual(
            (self.company.billing_link_minimum_days, self.company.billing_link_maximum_days),
            (200, 300),
        )
        self.assertEqual(self.company.billing_link_days, 30)

    def test_an_installment_has_a_due_date_of_its_own(self):
        invoice = self.in_halves()
        first, last = self.installments(invoice)
        link = self.mint(invoice, line_id=first.id)
        self.assertAlmostEqual(self.days(link), 40, delta=1)
        self.assertAlmostEqual(self.days(self.mint(invoice, line_id=last.id)), 90, delta=1)
        self.assertEqual((link.purpose, link._get_invoices()), ("installment", invoice))
        self.assertEqual(link._get_installment(), first)

    def test_an_installment_that_is_paid_is_asked_for_no_more(self):
        invoice = self.in_halves()
        first, _last = self.installments(invoice)
        link = self.mint(invoice, line_id=first.id)
        self.pay(invoice, 50.0)
        self.assertFalse(link._get_installment())
        self.assertEqual(link._get_invoices(), invoice)

    def test_an_installment_of_another_invoice_is_not_asked_for(self):
        invoice, other = self.in_halves(), self.in_halves()
        link = self.mint(invoice, line_id=self.installments(other)[0].id)
        self.assertFalse(link._get_installment())

    def test_a_statement_works_until_after_its_latest_due_date(self):
        self.company.billing_reminders_enabled = True
        self.bill(due=-10)
        self.bill(due=50)
        self.bill(due=70, partner=self.partner_b)
        reminder = self.env["billing.reminder"].sudo()._plan(self.company)
        link = self.mint(reminder)
        self.assertEqual(link.purpose, "statement")
        self.assertAlmostEqual(self.days(link), 80, delta=1)

    def test_many_links_are_one_insert(self):
        invoices = self.bill() | self.bill() | self.bill()
        self.env.flush_all()
        invoices._with_billing_print_links()
        with self.assertQueryCount(1):
            self.links._mint_each(invoices, channel="print")

    # -- Revoking ------------------------------------------------------------------------------

    def test_all_links_of_an_invoice(self):
        invoice, other = self.bill(), self.bill()
        links = self.mint(invoice) | self.mint(invoice, self.partner_b)
        kept = self.mint(other)
        self.assertEqual(invoice.billing_link_count, 2)
        invoice.action_revoke_billing_links()
        self.assertFalse(any(links.mapped("is_valid")))
        self.assertTrue(kept.is_valid)
        self.env.invalidate_all()
        self.assertEqual(invoice.billing_link_count, 0)
        note = invoice.message_ids[0]
        self.assertIn("2 payment links revoked", note.body)
        self.assertEqual(note.author_id, self.env.user.partner_id)
        self.assertTrue(note.is_internal or not note.subtype_id)

    def test_all_links_of_a_customer_with_a_note_where_each_belongs(self):
        self.company.billing_reminders_enabled = True
        invoice = self.bill(due=-10)
        contact = self.env["res.partner"].create({"name": "Bea", "parent_id": self.partner_a.id})
        links = self.mint(invoice) | self.mint(
            self.env["billing.reminder"].sudo()._plan(self.company)
        )
        kept = self.mint(self.bill(partner=self.partner_b), self.partner_b)
        self.assertEqual(contact.billing_link_count, 2)
        contact.action_revoke_billing_links()
        self.assertFalse(any(links.mapped("is_valid")))
        self.assertTrue(kept.is_valid)
        for record in (invoice, self.partner_a):
            self.assertIn("Payment link of partner_a revoked", record.message_ids[0].body)

    def test_revoking_again_says_so_and_changes_nothing(self):
        invoice = self.bill()
        link = self.mint(invoice)
        link.action_revoke()
        when = link.revoked_on = fields.Datetime.now() - timedelta(days=1)
        notes = len(invoice.message_ids)
        answer = invoice.action_revoke_billing_links()
        self.assertIn("no payment link to revoke", answer["params"]["message"])
        self.assertEqual((link.revoked_on, len(invoice.message_ids)), (when, notes))

    def test_only_billing_users_revoke(self):
        invoice = self.bill()
        link = self.mint(invoice)
        accountant = new_test_user(
            self.env,
            "link_accountant",
            groups="account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        with self.assertRaises(AccessError):
            invoice.with_user(accountant).action_revoke_billing_links()
        with self.assertRaises(AccessError):
            link.with_user(accountant).action_revoke()
        self.assertTrue(link.is_valid)
