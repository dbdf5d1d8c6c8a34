from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_expense_portal import ExpensePortalCommon


@tagged("post_install", "-at_install")
class TestExpensePortalStrangers(ExpensePortalCommon):
    """What others' reports are to somebody: pages that do not exist. And floods."""

    @mute_logger("odoo.http")
    def test_strangers_find_nothing(self):
        own = self.spend(10.0)
        other = self.spend(10.0, partner=self.partner_a)
        foreign_company = self.setup_other_company()["company"]
        foreign = (
            self.env["billing.expense.report"]
            .with_company(foreign_company)
            .create(
                {
                    "description": "There",
                    "partner_id": self.subcontractor.id,
                    "company_id": foreign_company.id,
                }
            )
        )
        for report_id in (other.id, foreign.id, 999999, 2**40):
            self.assertEqual(self.get(f"/my/expenses/{report_id}").status_code, 404)
            self.assertEqual(self.post(f"/my/expenses/{report_id}/submit").status_code, 404)
            self.assertEqual(self.post(f"/my/expenses/{report_id}/add").status_code, 404)
            self.assertEqual(self.get(f"/my/expenses/{report_id}/pdf").status_code, 404)
        self.assertEqual(other.decision, "draft")
        self.post(f"/my/expenses/{own.id}/remove", line_id=str(other.line_ids.id))
        self.assertTrue(other.line_ids)
        no_token = self.post(f"/my/expenses/{own.id}/submit", token=False)
        self.assertEqual((no_token.status_code, own.decision), (400, "draft"))

    @mute_logger("odoo.http")
    def test_a_colleague_finds_nothing(self):
        """Two people of one subcontracting company have nothing to do with each other's."""
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        firm.with_company(self.company).billing_expense_portal = True
        colleague = self.make_user("cleo_colleague", "base.group_portal")
        (self.subcontractor | colleague.partner_id).parent_id = firm
        theirs = self.spend(10.0, partner=colleague.partner_id)
        theirs.description = "A secret journey"
        theirs.line_ids.receipt_ids = self.receipt()
        of_the_firm = self.spend(10.0, partner=firm)
        self.assertNotIn("secret", self.get("/my/expenses").text)
        receipt = f"/my/expenses/{theirs.id}/receipt/{theirs.line_ids.receipt_ids.id}"
        self.assertEqual(self.get(receipt).status_code, 404)
        for report in (theirs, of_the_firm):
            self.assertEqual(self.get(f"/my/expenses/{report.id}").status_code, 404)
            self.assertEqual(self.post(f"/my/expenses/{report.id}/delete").status_code, 404)
        self.assertTrue(theirs.exists() and of_the_firm.exists())

    def test_a_flood_is_stopped(self):
        controllers = "odoo.addons.billing_crm.controllers.portal_expense"
        report = self.spend(10.0)
        with patch(f"{controllers}.MAX_DRAFTS", 1), patch(f"{controllers}.MAX_LINES", 1):
            response = self.post("/my/expenses/new", **self.entry())
            self.assertEqual(response.status_code, 400)
            self.assertIn("You have 1 drafts", response.text)
            response = self.post(f"/my/expenses/{report.id}/add", **self.entry())
            self.assertEqual(response.status_code, 400)
            self.assertIn("at most 1 expenses", response.text)
        self.assertEqual(self.reports(), report)
        self.assertEqual(len(report.line_ids), 1)

    @mute_logger("odoo.http")
    def test_a_customer_without_the_right_sees_no_such_page(self):
        customer = self.make_user("anna_customer", "base.group_portal")
        report = self.spend(10.0, partner=customer.partner_id)
        self.authenticate("anna_customer", "anna_customer")
        self.assertNotIn("/my/expenses", self.get("/my").text)
        for path in ("", "/new", f"/{report.id}", f"/{report.id}/pdf"):
            self.assertEqual(self.get(f"/my/expenses{path}").status_code, 404, path)
        self.authenticate(None, None)
        self.assertEqual(self.get("/my/expenses").status_code, 303)
        customer.partner_id.parent_id = self.partner_b
        self.partner_b.with_company(self.company).billing_expense_portal = True
        self.authenticate("anna_customer", "anna_customer")
        self.assertEqual(self.get(f"/my/expenses/{report.id}").status_code, 200)
