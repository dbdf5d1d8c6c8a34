from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestLinkShare(BillingCommon):
    """Making a link to hand over, from the form of an invoice or of a customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()

        def user(login, groups):
            return new_test_user(
                cls.env,
                login,
                groups=groups,
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )

        cls.clerk = user("share_clerk", "billing_crm.group_billing_user")
        cls.salesperson = user("share_salesperson", "sales_team.group_sale_salesman")
        cls.reading_salesperson = user(
            "share_reading", "sales_team.group_sale_salesman,account.group_account_invoice"
        )
        cls.accountant = user("share_accountant", "account.group_account_invoice")
        cls.portal = user("share_portal", "base.group_portal")
        cls.invoice = cls.bill(due=10)

    def wizard(self, record=None, user=None, **values):
        record = record or self.invoice
        wizards = self.env["billing.link.share"].with_user(user or self.clerk)
        wizards = wizards.with_context(active_model=record._name, active_id=record.id)
        return wizards.create(values)

    def generate(self, wizard):
        """Press the button, and return the address that is shown and the link behind it."""
        action = wizard.action_generate()
        shown = wizard.browse(action["res_id"]).with_context(**action["context"])
        token = shown.url.split("/billing/l/")[1]
        return shown.url, self.env["billing.link"]._find(token)

    def in_thirds(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Thirds",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": share, "nb_days": days})
                    for share, days in ((33.33, 0), (33.33, 30), (33.34, 60))
                ],
            }
        )
        return self.bill(invoice_date=self.today, invoice_payment_term_id=term.id)

    def test_a_link_to_the_invoice(self):
        with Form(self.wizard()) as form:
            self.assertEqual(form.purposes, "invoice,statement")
            self.assertIn("100.00", form.still_open)
            form.recipient_id = self.partner_b
        url, link = self.generate(form.record)
        self.assertTrue(url.startswith(self.invoice.get_base_url()))
        self.assertEqual(
            (link.move_id, link.recipient_id, link.channel, link.purpose),
            (self.invoice, self.partner_b, "copy", "invoice"),
        )
        self.assertEqual(link.expires_on.date(), form.record.expires_on.date())
        self.assertIn("Payment link made for partner_b", self.invoice.message_ids[0].body)

    def test_the_secret_is_nowhere_in_the_database(self):
        wizard = self.wizard()
        url, link = self.generate(wizard)
        token = url.split("/billing/l/")[1]
        self.env.flush_all()
        for table in ("billing_link_share", "billing_link", "mail_message"):
            self.env.cr.execute(f"SELECT * FROM {table} ORDER BY id DESC LIMIT 10")
            self.assertNotIn(token, str(self.env.cr.fetchall()), table)
        self.assertFalse(wizard.with_context(billing_link_url=False).url, "shown once")
        self.assertTrue(link)

    def test_a_link_to_one_installment(self):
        invoice = self.in_thirds()
        with Form(self.wizard(invoice)) as form:
            self.assertEqual(form.purposes, "invoice,installment,statement")
            form.purpose = "installment"
            self.assertEqual(form.line_id.date_maturity, self.today)
            form.line_id = invoice.line_ids.filtered(
                lambda line: line.date_maturity == self.day(30)
            )
            self.assertIn("33.33", form.still_open)
        _url, link = self.generate(form.record)
        self.assertEqual(link._get_installment().date_maturity, self.day(30))
        self.assertEqual(link.move_id, invoice)

    def test_an_installment_of_another_invoice_is_refused(self):
        foreign = self.in_thirds().line_ids.filtered("date_maturity")[:1]
        with self.assertRaises(UserError):
            self.wizard(
                self.in_thirds(), purpose="installment", line_id=foreign.id
            ).action_generate()

    def test_a_link_to_all_that_is_owed(self):
        euro = self.setup_other_currency("EUR")
        contact = self.env["res.partner"].create({"name": "Bea", "parent_id": self.partner_a.id})
        abroad = self._create_invoice_one_line(
            price_unit=7.0,
            tax_ids=[],
            partner_id=self.partner_a.id,
            post=True,
            currency_id=euro.id,
            invoice_date=self.today,
        )
        wizard = self.wizard(contact)
        self.assertEqual(
            (wizard.partner_id, wizard.recipient_id, wizard.purpose),
            (self.partner_a, contact, "statement"),
        )
        self.assertRegex(wizard.still_open, r"^\$\W*100\.00, 7\.00\W*€$")
        _url, link = self.generate(wizard)
        self.assertEqual((link._get_invoices(), link.move_id.id), (self.invoice | abroad, False))

    def test_a_draft_and_a_vendor_bill_have_no_link(self):
        draft = self._create_invoice_one_line(price_unit=1.0, tax_ids=[])
        bill = self._create_invoice_one_line(
            price_unit=1.0, tax_ids=[], move_type="in_invoice", invoice_date=self.today, post=True
        )
        for move in (draft, bill):
            with self.assertRaises(UserError):
                self.wizard(move)

    # -- Whose -----------------------------------------------------------------------------------

    def test_a_salesperson_needs_to_see_the_invoice(self):
        with self.assertRaises(AccessError):
            self.wizard(user=self.salesperson).action_generate()
        wizard = self.wizard(user=self.reading_salesperson)
        self.assertEqual(wizard.purposes, "invoice")
        self.assertTrue(self.generate(wizard)[1])
        with self.assertRaises(AccessError):
            wizard.purpose = "statement"
            wizard.action_generate()

    def test_others_cannot(self):
        for user in (self.accountant, self.portal, self.env.ref("base.public_user").sudo()):
            with self.assertRaises(AccessError, msg=user.login):
                self.wizard(user=user).action_generate()

    def test_another_companys_invoice_and_customers_are_out_of_reach(self):
        foreign = self.other_company_invoice()
        foreign.action_post()
        with self.assertRaises(AccessError):
            self.wizard(foreign).action_generate()
        wizard = self.wizard(self.partner_a)
        wizard.sudo().company_id = foreign.company_id
        with self.assertRaises(AccessError):
            wizard.action_generate()

    def test_one_entry_in_the_menu(self):
        ours = self.env.ref("billing_crm.action_billing_link_share_move")
        odoos = self.env.ref("account_payment.action_invoice_order_generate_link")
        for user, expected, hidden in (
            (self.clerk, ours, odoos),
            (self.accountant, odoos, ours),
        ):
            bindings = self.env["ir.actions.actions"].with_user(user).get_bindings("account.move")
            ids = [action["id"] for action in bindings["action"]]
            self.assertIn(expected.id, ids, user.login)
            self.assertNotIn(hidden.id, ids, user.login)

    def test_it_works_until_the_day_that_is_shown(self):
        wizard = self.wizard()
        end_of_due_date = self.company._get_billing_end_of_day(self.invoice.invoice_date_due)
        self.assertEqual(wizard.expires_on, end_of_due_date + timedelta(days=30))
        self.assertEqual(self.generate(wizard)[1].expires_on, wizard.expires_on)
