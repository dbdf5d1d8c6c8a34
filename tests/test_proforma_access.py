from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .test_proforma import ProformaCommon

MODELS = ("billing.proforma", "billing.proforma.line")


@tagged("post_install", "-at_install")
class TestProformaAccess(ProformaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_people()
        cls.mine = cls.estimate(user_id=cls.salesperson.id)
        cls.theirs = cls.estimate(partner=cls.partner_b, user_id=cls.clerk.id)
        other = cls.setup_other_company()["company"]
        cls.foreign = (
            cls.env["billing.proforma"]
            .with_company(other)
            .create(
                {
                    "partner_id": cls.partner_a.id,
                    "company_id": other.id,
                    "line_ids": [Command.create({"name": "Work", "price_unit": 1.0})],
                }
            )
        )

    def test_who_sees_what(self):
        def seen(user):
            found = self.env["billing.proforma"].with_user(user).search([])
            lines = self.env["billing.proforma.line"].with_user(user).search([])
            self.assertEqual(lines.proforma_id, found)
            return found

        self.assertEqual(seen(self.clerk), self.mine | self.theirs)
        self.assertEqual(seen(self.salesperson), self.mine)
        self.partner_b.user_id = self.salesperson
        self.assertEqual(seen(self.salesperson), self.mine | self.theirs, "their own customers")

    def test_customers_accountants_and_strangers_see_nothing(self):
        for user in (self.portal, self.env.ref("base.public_user"), self.accountant):
            for model in MODELS:
                with self.assertRaises(AccessError, msg=(user.id, model)):
                    self.env[model].with_user(user).search([])

    def test_a_salesperson_estimates_and_sees_what_became_of_it(self):
        proforma = (
            self.env["billing.proforma"]
            .with_user(self.salesperson)
            .create(
                {
                    "partner_id": self.partner_b.id,
                    "line_ids": [Command.create({"product_id": self.product_a.id, "quantity": 2})],
                }
            )
        )
        self.assertEqual(proforma.user_id, self.salesperson)
        proforma._mark_sent()
        proforma.action_accept()
        with self.assertRaises(AccessError):
            self.env["billing.proforma.invoice"].with_user(self.salesperson).create(
                {"proforma_id": proforma.id}
            )
        self.invoice(proforma.sudo(False).with_user(self.env.user), "percent", percent=50)
        self.assertEqual(proforma.status, "partly_invoiced")
        self.assertEqual(proforma.amount_invoiced, 1000.0)
        self.assertEqual(proforma.line_ids.quantity_invoiced, 1.0)
        self.assertEqual(proforma.invoice_count, 1)

    def test_the_customers_salesperson_may_work_elsewhere(self):
        elsewhere = self.env.ref("base.main_company")
        self.partner_b.user_id = self.make_user("pf_elsewhere", "base.group_user", elsewhere)
        self.assertNotEqual(self.partner_b.user_id.company_id, self.company)
        self.assertEqual(self.estimate(partner=self.partner_b).user_id, self.env.user)

    def test_a_clerk_invoices(self):
        self.mine._mark_sent()
        wizard = (
            self.env["billing.proforma.invoice"]
            .with_user(self.clerk)
            .create({"proforma_id": self.mine.id})
        )
        invoice = self.env["account.move"].browse(wizard.action_create_invoice()["res_id"])
        self.assertEqual(invoice.amount_untaxed, 1000.0)

    def test_an_accountant_keeps_working(self):
        invoice = self.invoice(self.mine)
        self.assertTrue(invoice.with_user(self.accountant).read())
        self.assertTrue(invoice.invoice_line_ids.with_user(self.accountant).read())
        credit_note = self._reverse_invoice(invoice.with_user(self.accountant), reason="No")
        self.assertEqual(credit_note.sudo().billing_proforma_id, self.mine)

    def test_what_belongs_to_another_company_stays_there(self):
        with self.assertRaises(AccessError):
            self.foreign.with_user(self.clerk).read(["name"])
        with self.assertRaises(AccessError):
            self.foreign.with_user(self.clerk).action_cancel()
        self.env.invalidate_all()
        counts = self.env["billing.invoice.type"].with_user(self.clerk)
        usual = counts._get_default(self.company, "proforma")
        self.assertEqual(usual.document_count, 2)
        self.assertEqual(self.partner_a.with_user(self.clerk).billing_proforma_count, 1)
