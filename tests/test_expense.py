from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_expense import ExpenseCommon


@tagged("post_install", "-at_install")
class TestExpense(ExpenseCommon):
    """From the first entry to the posted bill, and back."""

    def test_from_entry_to_reimbursement(self):
        with Form(self.env["billing.expense.report"]) as form:
            form.description = "Visit to a client"
            form.partner_id = self.subcontractor
            with form.line_ids.new() as line:
                line.name = "Train"
                line.product_id = self.travel
                line.total_amount_currency = 121.0
        report = form.record
        self.assertEqual((report.state, report.name), ("draft", False))
        self.assertEqual(report.billing_type_id.behavior, "expense")
        report.line_ids.receipt_ids = self.receipt()
        self.assertFalse(report.action_submit(), "nothing to warn of")
        self.assertEqual(report.state, "submitted")
        self.assertRegex(report.name, r"^EXP/\d{4}/00001$")
        report.action_approve()
        bill = report.bill_id
        self.assertEqual(self.state(report), "billed")
        self.assertEqual(
            (bill.state, bill.move_type, bill.billing_type, bill.partner_id, bill.ref),
            ("posted", "in_invoice", "expense", self.subcontractor, report.name),
        )
        self.assertEqual((bill.amount_total, report.total_amount), (121.0, 121.0))
        self.assertEqual(bill.invoice_line_ids.account_id, report.line_ids.account_id)
        attached = self.env["ir.attachment"].search(
            [("res_model", "=", "account.move"), ("res_id", "=", bill.id)]
        )
        self.assertIn("receipt.png", attached.mapped("name"))
        self.pay(bill)
        self.assertEqual(self.state(report), "paid")
        with self.assertRaises(UserError):
            report.action_reset()

    def test_the_bill_may_be_cancelled_deleted_or_credited(self):
        report = self.spend(100.0, approve=True)
        first = report.bill_id
        first.button_draft()
        self.assertEqual(self.state(report), "billed", "accounting works on it")
        first.button_cancel()
        self.assertEqual(self.state(report), "approved")
        report.action_create_bill()
        second = report.bill_id
        self.assertNotEqual(first, second)
        second.button_draft()
        second.with_context(force_delete=True).unlink()
        self.assertEqual(self.state(report), "approved")
        self.assertFalse(report.bill_id)
        report.action_create_bill()
        third = report.bill_id
        with self.assertRaisesRegex(UserError, "not a second time"):
            first.button_draft()
        refund = self._reverse_invoice(third, post=True)
        self.assertEqual(self.state(report), "approved", "credited in full")
        report.action_create_bill()
        with self.assertRaisesRegex(UserError, "not a second time"):
            refund.button_draft()
        replacement = self._reverse_invoice(report.bill_id, is_modify=True)
        self.assertEqual((self.state(report), report.bill_id), ("billed", replacement))
        self.assertEqual(replacement.amount_total, 100.0)

    def test_one_bill_only(self):
        report = self.spend(100.0, approve=True)
        with self.assertRaises(UserError):
            report.action_create_bill()
        with self.assertRaises(UserError):
            report.action_approve()
        self.assertEqual(self.env["account.move"].search_count([("ref", "=", report.name)]), 1)
        duplicate = report.bill_id.copy({"invoice_date": self.today})
        with self.assertRaisesRegex(UserError, "not a second time"):
            duplicate.action_post()

    def test_refused_with_a_reason_and_submitted_again(self):
        report = self.spend(100.0, submit=True)
        number = report.name
        wizard = self.env["billing.expense.refuse"].create(
            {"report_ids": report.ids, "reason": "Which client?"}
        )
        wizard.action_refuse()
        self.assertEqual((report.state, report.refusal_reason), ("refused", "Which client?"))
        self.assertIn("Which client?", report.message_ids[0].body)
        self.assertIn(self.subcontractor, report.message_ids[0].partner_ids)
        report.action_reset()
        report.action_submit()
        self.assertEqual((report.state, report.name), ("submitted", number))
        self.assertFalse(report.refusal_reason)

    def test_missing_receipts_are_flagged_not_forbidden(self):
        report = self.spend(10.0, 20.0)
        report.line_ids[0].receipt_ids = self.receipt()
        self.assertEqual(report.line_ids.mapped("missing_receipt"), [False, True])
        self.assertEqual(report.missing_receipt_count, 1)
        warning = report.action_submit()
        self.assertEqual(warning["params"]["type"], "warning")
        found = self.env["billing.expense"].search(
            [("missing_receipt", "=", True), ("report_id", "=", report.id)]
        )
        self.assertEqual(found, report.line_ids[1])
        self.assertTrue(report.action_approve())
        self.assertEqual(report.state, "billed")

    def test_nobody_approves_their_own(self):
        report = self.spend(100.0, submit=True, partner=self.env.user.partner_id)
        self.assertFalse(report.may_approve)
        with self.assertRaises(AccessError):
            report.action_approve()
        self.company.billing_expense_own_approval = True
        report.action_approve()
        self.assertEqual(report.state, "billed")

    def test_what_is_submitted_stays(self):
        report = self.spend(100.0, submit=True)
        line = report.line_ids
        for attempt in (
            lambda: line.write({"total_amount_currency": 1000.0}),
            lambda: line.unlink(),
            lambda: report.unlink(),
            lambda: report.write({"decision": "approved"}),
            lambda: report.write({"partner_id": self.partner_b.id}),
            lambda: report.write(
                {"line_ids": [Command.create({"name": "More", "total_amount_currency": 5.0})]}
            ),
        ):
            with self.assertRaises(UserError):
                attempt()
        line.client_id = self.partner_b  # the review may say which client it was for
        report.action_reset()
        line.total_amount_currency = 90.0
        self.assertEqual(report.total_amount, 90.0)

    @mute_logger("odoo.sql_db")
    def test_bad_input(self):
        for amount, values, error in (
            (0.0, {}, "amount_positive"),
            (-5.0, {}, "amount_positive"),
            (10.0, {"date": self.day(2)}, "future"),
            (10.0, {"rebillable": True, "client_id": False}, "which client"),
            (10.0, {"markup": 5000}, "markup_minimum"),
        ):
            with self.assertRaisesRegex(Exception, error), self.cr.savepoint():
                self.spend(amount, **values)
        empty = self.spend()
        with self.assertRaisesRegex(UserError, "what was spent"):
            empty.action_submit()

    def test_foreign_receipts_at_the_rate_of_their_day(self):
        euro = self.setup_other_currency(
            "EUR", rates=[(str(self.day(-10)), 2.0), (str(self.day(-5)), 4.0)]
        )
        report = self.spend(100.0, date=self.day(-7), currency_id=euro.id)
        self.assertEqual(report.total_amount, 50.0)
        report.line_ids.date = self.day(-5)
        self.assertEqual(report.total_amount, 25.0)
        report.action_submit()
        report.action_approve()
        self.assertEqual(report.bill_id.amount_total, 25.0)
        self.assertEqual(report.bill_id.currency_id, self.company.currency_id)

    def test_no_rate_no_guess(self):
        euro = self.setup_other_currency("EUR", rates=[(str(self.day(-2)), 2.0)])
        report = self.spend(100.0, date=self.day(-3), currency_id=euro.id)
        with self.assertRaisesRegex(UserError, "no exchange rate of EUR"):
            report.action_submit()
        self.assertEqual(report.state, "draft")
        euro.rate_ids.create(
            {"currency_id": euro.id, "name": self.day(-3), "rate": 5.0,
             "company_id": self.company.id}
        )  # fmt: skip
        report.action_submit()
        self.assertEqual(report.total_amount, 20.0)

    def test_the_type_numbers_the_reports_and_not_the_bills(self):
        expense_type = self.env["billing.invoice.type"]._get_default(self.company, "expense")
        expense_type.number_prefix = "SPENT"
        report = self.spend(10.0, approve=True)
        self.assertTrue(report.name.startswith("SPENT/"))
        self.assertTrue(report.bill_id.name.startswith("BILL/"))
        with self.assertRaises(UserError):
            expense_type.unlink()
        self.assertEqual(
            expense_type.document_count,
            self.env["billing.expense.report"].search_count(
                [("billing_type_id", "=", expense_type.id)]
            ),
        )

    def test_an_employee_of_the_company_is_owed_not_the_company(self):
        """Their contact belongs to the company's own."""
        employee = self.env["res.partner"].create(
            {"name": "Emma", "parent_id": self.company.partner_id.id}
        )
        bill = self.spend(100.0, approve=True, partner=employee).bill_id
        payable = bill.line_ids.filtered(lambda line: line.display_type == "payment_term")
        self.assertEqual((bill.commercial_partner_id, payable.partner_id), (employee, employee))
        self.assertEqual(payable.balance, -100.0)

    def test_states_are_searched_and_counted(self):
        draft, billed = self.spend(1.0), self.spend(1.0, approve=True)
        both = draft | billed
        search = self.env["billing.expense.report"].search
        self.assertEqual(search([("state", "=", "billed"), ("id", "in", both.ids)]), billed)
        self.assertEqual(search([("state", "!=", "billed"), ("id", "in", both.ids)]), draft)
        self.env.invalidate_all()
        both.fetch(["decision"])
        with self.assertQueryCount(1):
            both.mapped("state")

    def test_custom_fields_and_print(self):
        report = self.spend(10.0, 20.0, submit=True)
        report.billing_type_id.properties_definition = [
            {"name": "cost_center", "string": "Cost center", "type": "char"}
        ]
        report.properties = {"cost_center": "R&D"}
        action = "billing_crm.action_report_billing_expense"
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(action, report.ids)
        for text in (report.name, "Cost center", "R&amp;D", "Expense 2", "30.00", "partner_a"):
            self.assertIn(text, html.decode())
        self.env["res.lang"]._activate_lang("fr_FR")
        self.subcontractor.lang = "fr_FR"
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(action, report.ids)
        self.assertIn("30,00", html.decode())

    def test_whoever_approves_has_an_activity(self):
        self.company.billing_expense_approver_id = self.env.user
        report = self.spend(10.0, submit=True)
        self.assertEqual(report.activity_ids.user_id, self.env.user)
        report.action_approve()
        self.assertFalse(report.activity_ids)
