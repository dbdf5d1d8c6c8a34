from odoo.tests import HttpCase, tagged

from .common_expense import ExpenseCommon


@tagged("post_install", "-at_install")
class TestExpenseTour(ExpenseCommon, HttpCase):
    """In a browser."""

    def test_a_subcontractor_submits(self):
        partner = self.make_user("sam", "base.group_portal").partner_id
        partner.with_company(self.company).billing_expense_portal = True
        self.start_tour("/my", "billing_expense_portal_tour", login="sam")
        report = self.env["billing.expense.report"].search([("partner_id", "=", partner.id)])
        self.assertEqual((report.decision, report.total_amount), ("submitted", 42.5))
        self.assertEqual(report.line_ids.client_note, "Azure")

    def test_a_manager_approves_and_a_client_is_charged(self):
        self.make_user("mona", "billing_crm.group_billing_manager")
        report = self.spend(42.5, submit=True)
        self.start_tour(
            f"/odoo/action-billing_crm.action_billing_expense_report/{report.id}",
            "billing_expense_approval_tour",
            login="mona",
        )
        self.assertEqual(report.bill_id.state, "posted")
        invoice = self.client_invoice()
        self.start_tour(
            f"/odoo/action-account.action_move_out_invoice_type/{invoice.id}",
            "billing_expense_charge_tour",
            login="mona",
        )
        self.assertEqual(invoice.amount_untaxed, 42.5)
