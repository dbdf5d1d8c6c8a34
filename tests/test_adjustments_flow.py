from odoo.addons.mail.tests.common import MailCase
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_adjustments_mixed import MixedCommon


@tagged("post_install", "-at_install")
class TestAdjustmentsFlow(MixedCommon, MailCase):
    """From the first click to the sent document; who may do and see it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.original = cls.bill(amount=100.0)

    def someone(self, groups, company=None):
        company = company or self.company
        return self.make_user(f"user {groups} {company.id}", groups, company)

    def documents(self):
        """One posted document of each kind, all about ``original``."""
        credit_note = self._reverse_invoice(self.original, reason="Returned")
        credit_note.write({"billing_credit_use": "keep", "billing_reason": "Returned"})
        credit_note.action_post()
        debit_note = self._create_debit_note(self.original, post=True, reason="More hours")
        mixed = self.mixed(10.0, -30.0)
        mixed.invoice_line_ids.billing_adjusted_move_id = self.original
        mixed.action_post()
        return credit_note | debit_note | mixed

    def test_each_is_sent_with_its_document(self):
        for document in self.documents():
            wizard = (
                self.env["account.move.send.wizard"]
                .with_context(active_model="account.move", active_ids=document.ids)
                .create({"sending_methods": ["email"]})
            )
            with self.mock_mail_gateway():
                wizard.action_send_and_print()
            mail = self.env["mail.mail"].search([("res_id", "=", document.id)], limit=1)
            self.assertTrue(mail or self._mails, document.billing_type)
            self.assertTrue(document.invoice_pdf_report_id, document.billing_type)
            self.assertTrue(document.is_move_sent)

    def test_an_accountant_and_a_clerk_do_it_all(self):
        for groups in ("account.group_account_invoice", "billing_crm.group_billing_user"):
            env = self.env(user=self.someone(groups))
            invoice = self.bill(amount=100.0).with_env(env)
            wizard = (
                env["account.move.reversal"]
                .with_context(active_model="account.move", active_ids=invoice.ids)
                .create({"billing_credit_use": "keep", "journal_id": invoice.journal_id.id})
            )
            env["account.move"].browse(wizard.refund_moves()["res_id"]).action_post()
            self.assertTrue(invoice.billing_credit_available)
            invoice.action_billing_apply_credit()
            wizard = (
                env["account.debit.note"]
                .with_context(active_model="account.move", active_ids=invoice.ids)
                .create({"reason": "More", "copy_lines": True})
            )
            debit_note = env["account.move"].browse(wizard.create_debit()["res_id"])
            debit_note.action_post()
            self.assertTrue(debit_note.alerts is not None)
            mixed = self.mixed(10.0, -30.0).with_env(env)
            mixed.invoice_line_ids.billing_adjusted_move_id = invoice
            mixed.action_post()
            self.assertEqual(invoice.billing_adjustment_count, 2)
            self.assertTrue((invoice | debit_note | mixed).read(), "every field, as scripts do")

    def test_a_salesperson_neither_applies_credit_nor_breaks_on_the_figures(self):
        self.documents()
        seller = self.someone("sales_team.group_sale_salesman")
        invoice = self.bill(amount=100.0).with_user(seller)
        if invoice.has_access("read"):
            self.assertEqual(invoice.billing_credit_available, 0.0)
            self.assertEqual(invoice.billing_adjustment_count, 0)
        with self.assertRaises(AccessError):
            invoice.action_billing_apply_credit()
        self.assertEqual(invoice.sudo().amount_residual, 100.0)

    def test_customers_and_strangers_apply_nothing(self):
        self.documents()
        invoice = self.bill(amount=100.0)
        portal = self.someone("base.group_portal")
        portal.partner_id.parent_id = self.partner_a
        for user in (portal, self.env.ref("base.public_user")):
            for method in ("action_billing_apply_credit", "action_billing_use_credit"):
                with self.assertRaises(AccessError):
                    getattr(invoice.with_user(user), method)()
            with self.assertRaises(AccessError):
                invoice.with_user(user).billing_use_credit = True
        self.assertEqual(invoice.amount_residual, 100.0)

    def test_another_company_sees_nothing(self):
        self.documents()
        other = self.setup_other_company()["company"]
        stranger = self.someone("account.group_account_invoice", company=other)
        with self.assertRaises(AccessError):
            self.original.with_user(stranger).read(["billing_adjustment_amount"])
        with self.assertRaises(AccessError):
            self.original.with_user(stranger).action_billing_view_adjustments()

    def test_the_customers_preview_is_the_printed_document(self):
        portal = self.someone("base.group_portal")
        portal.partner_id.parent_id = self.partner_a
        mixed = self.documents()[-1]
        content = (
            self.env["ir.actions.report"]
            .with_user(portal)
            .sudo()
            ._render_qweb_html("account.account_invoices", mixed.ids)[0]
        )
        for text in (b"Total charges", b"Total credits", self.original.name.encode()):
            self.assertIn(text, content)
