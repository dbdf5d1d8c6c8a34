from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_expense_access import ExpenseAccessCommon


@tagged("post_install", "-at_install")
class TestExpenseSubmitted(ExpenseAccessCommon):
    """What nobody can sneak into a report, or change in one that was handed in."""

    def test_files_of_others_cannot_be_attached(self):
        secret = self.env["ir.attachment"].create(
            {"name": "salaries.pdf", "raw": b"x", "res_model": "res.company", "res_id": 1}
        )
        line = self.own[self.employee].with_user(self.employee).line_ids
        with self.assertRaises(AccessError), self.cr.savepoint():
            line.receipt_ids = [Command.link(secret.id)]
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.own[self.employee].with_user(self.employee).line_ids.create(
                {
                    "report_id": self.own[self.employee].id,
                    "name": "x",
                    "total_amount_currency": 1.0,
                    "receipt_ids": [Command.link(secret.id)],
                }
            )

    def test_an_approved_report_is_not_the_employees_to_change(self):
        """Its bill may be cancelled for a moment: it is still approved."""
        report = self.own[self.employee]
        report.action_submit()
        report.with_user(self.manager).action_approve()
        report.sudo().bill_id.button_cancel()
        self.assertEqual(self.state(report), "approved")
        with self.assertRaises(AccessError):
            report.with_user(self.employee).action_reset()
        self.assertEqual(report.decision, "approved")
        report.with_user(self.manager).action_reset()
        self.assertEqual(report.decision, "draft")

    def test_accounts_of_a_billed_expense_stay(self):
        report = self.spend(10.0, submit=True)
        line = report.line_ids.with_user(self.clerk)
        account = self.company_data["default_account_expense"].copy({"name": "Other"})
        line.account_id = account  # the review of what was submitted
        report.action_approve()
        self.assertEqual(report.bill_id.invoice_line_ids.account_id, account)
        for values in (
            {"account_id": self.company_data["default_account_expense"].id},
            {"tax_ids": [Command.set(self.tax_purchase_a.ids)]},
        ):
            with self.assertRaisesRegex(UserError, "its accounts stay"):
                line.write(values)

    def test_defaults_do_not_approve(self):
        """What the context or a user's own defaults say is no decision, and no charge."""
        reports = self.env["billing.expense.report"].with_user(self.employee)
        vals = {"description": "Mine"}
        for default in ({"default_decision": "approved"}, {"default_name": "EXP/1"}):
            with self.subTest(default), self.assertRaises(AccessError):
                reports.with_context(**default).create(dict(vals))
        # with what employees may do themselves
        self.env["ir.default"].with_user(self.employee).set(
            "billing.expense.report", "decision", "approved", user_id=True
        )
        with self.assertRaises(AccessError):
            reports.create(dict(vals))

    def test_defaults_do_not_link_to_an_invoice(self):
        reports = self.env["billing.expense.report"].with_user(self.clerk)
        report = reports.create({"description": "Mine"})
        line = self.bill(self.partner_a, 10.0).invoice_line_ids
        with self.assertRaises(AccessError):
            self.env["billing.expense"].with_user(self.clerk).with_context(
                default_invoice_line_id=line.id
            ).create({"report_id": report.id, "name": "Lunch", "total_amount_currency": 5.0})

    def test_bill_of_refused_report_stays_cancelled(self):
        """Or the report is reimbursed once by the old bill, and again by a new one."""
        report = self.own[self.employee]
        if report.decision == "draft":
            report.action_submit()
        report = report.with_user(self.manager)
        report.action_approve()
        bill = report.bill_id
        bill.button_cancel()
        report._refuse("Wrong")
        with self.assertRaises(UserError):
            bill.button_draft()

    def test_receipts_of_a_submitted_report_stay(self):
        report = self.own[self.employee].with_user(self.employee)
        receipt = self.env["ir.attachment"].with_user(self.employee).create(
            {"name": "bill.png", "raw": b"as bought", "res_model": "billing.expense",
             "res_id": report.line_ids[0].id}
        )  # fmt: skip
        receipt.name = "receipt.png"  # a draft is the employee's to change
        report.action_submit()
        for forbidden in (lambda: receipt.write({"raw": b"swapped"}), receipt.unlink):
            with self.assertRaisesRegex(UserError, "has been submitted"):
                forbidden()
        self.assertEqual(receipt.sudo().raw, b"as bought")

    def test_nobody_is_reimbursed_for_another(self):
        report = self.own[self.employee]
        with self.assertRaises(AccessError):
            report.with_user(self.employee).partner_id = self.partner_a
        report.with_user(self.clerk).partner_id = self.partner_a
