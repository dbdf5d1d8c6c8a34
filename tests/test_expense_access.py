from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_expense import ExpenseCommon

MODELS = ("billing.expense.report", "billing.expense")


class ExpenseAccessCommon(ExpenseCommon):
    """One user of each kind, and a report of most of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_people()
        cls.employee = cls.make_user("emma", "base.group_user")
        cls.manager = cls.make_user("mona", "billing_crm.group_billing_manager")
        cls.own = {
            user: cls.spend(10.0, partner=user.partner_id)
            for user in (cls.employee, cls.accountant, cls.salesperson, cls.clerk, cls.portal)
        }
        other = cls.setup_other_company()["company"]
        cls.foreign = (
            cls.env["billing.expense.report"]
            .with_company(other)
            .create(
                {
                    "description": "There",
                    "company_id": other.id,
                    "partner_id": cls.employee.partner_id.id,
                    "line_ids": [
                        Command.create(
                            {
                                "name": "There",
                                "total_amount_currency": 5.0,
                                "client_id": cls.partner_a.id,
                            }
                        )
                    ],
                }
            )
        )
        cls.foreign.with_context(allowed_company_ids=other.ids).action_submit()


@tagged("post_install", "-at_install")
class TestExpenseAccess(ExpenseAccessCommon):
    def test_everybody_sees_their_own_only(self):
        for user in (self.employee, self.accountant, self.salesperson):
            for model in MODELS:
                found = self.env[model].with_user(user).search([])
                self.assertEqual(found.partner_id, user.partner_id, (user.login, model))
                self.assertEqual(found.company_id, self.company, (user.login, model))
            with self.assertRaises(AccessError):
                self.own[self.clerk].with_user(user).read(["description"])

    def test_billing_users_see_all_of_their_company(self):
        for user in (self.clerk, self.manager):
            for model in MODELS:
                found = self.env[model].with_user(user).search([])
                self.assertLessEqual({u.partner_id for u in self.own}, set(found.partner_id))
                self.assertEqual(found.company_id, self.company)

    def test_customers_and_strangers_read_nothing(self):
        for user in (self.portal, self.env.ref("base.public_user")):
            for model in (*MODELS, "billing.expense.refuse"):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    def test_an_employee_enters_and_submits(self):
        report = (
            self.env["billing.expense.report"]
            .with_user(self.employee)
            .create(
                {
                    "description": "Visit",
                    "line_ids": [
                        Command.create(
                            {
                                "name": "Train",
                                "total_amount_currency": 12.0,
                                "product_id": self.travel.id,
                                "client_id": self.partner_a.id,
                                "receipt_ids": [
                                    Command.create({"name": "ticket.png", "raw": b"x"})
                                ],
                            }
                        )
                    ],
                }
            )
        )
        self.assertEqual(report.partner_id, self.employee.partner_id)
        report.action_submit()
        self.assertEqual(report.state, "submitted")
        self.assertTrue(report.read(), "every field, as scripts do")
        self.assertTrue(report.line_ids.read())
        receipt = report.line_ids.receipt_ids
        self.assertTrue(receipt.with_user(self.clerk).raw, "whoever sees the expense")
        with self.assertRaises(AccessError):
            receipt.with_user(self.salesperson).read(["raw"])
        report.action_reset()
        report.unlink()

    def test_an_employee_decides_nothing(self):
        report = self.own[self.employee].with_user(self.employee)
        report.action_submit()
        for forbidden in (
            lambda: report.action_approve(),
            lambda: report.action_create_bill(),
            lambda: report._refuse("No"),
            lambda: report.write({"decision": "approved"}),
            lambda: report.write({"partner_id": self.clerk.partner_id.id}),
            lambda: report.line_ids.write({"markup": 50.0}),
            lambda: report.line_ids.write({"client_id": self.partner_b.id}),
            lambda: report.line_ids.write({"invoice_line_id": 1}),
            lambda: report.line_ids.write({"report_id": self.own[self.clerk].id}),
            lambda: report.create({"description": "x", "decision": "approved"}),
            lambda: report.create({"description": "x", "partner_id": self.partner_a.id}),
            lambda: report.line_ids.action_invoice_clients(),
            lambda: self.env["billing.expense.refuse"].with_user(self.employee).create({}),
            lambda: (
                self.env["billing.expense"]
                .with_user(self.employee)
                .create(
                    {
                        "report_id": self.own[self.clerk].id,
                        "name": "Theirs",
                        "total_amount_currency": 5.0,
                    }
                )
            ),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():  # AccessError is one
                forbidden()
        self.assertEqual(report.decision, "submitted")

    def test_a_clerk_charges_clients_and_decides_nothing(self):
        report = self.spend(10.0, submit=True).with_user(self.clerk)
        self.assertFalse(report.may_approve)
        with self.assertRaises(AccessError):
            report.action_approve()
        report.line_ids.markup = 20.0
        report.with_user(self.manager).action_approve()
        invoice = self.client_invoice().with_user(self.clerk)
        self.assertIn("billing_expenses", invoice._get_alerts())
        invoice.action_add_billing_expenses()
        self.assertEqual(invoice.amount_untaxed, 12.0)
        invoice.action_post()

    def test_another_companys_expenses_are_not_charged(self):
        foreign = self.foreign.with_context(allowed_company_ids=self.foreign.company_id.ids)
        foreign.action_approve()
        self.assertEqual(foreign.bill_id.company_id, foreign.company_id)
        self.assertEqual(foreign.line_ids.rebill_state, "waiting")
        invoice = self.client_invoice()
        self.assertFalse(invoice._get_waiting_expenses())
        with self.assertRaises(UserError):
            foreign.line_ids._add_to_invoice(invoice)
        self.assertEqual(self.partner_a.billing_expense_waiting_count, 0)

    def test_others_keep_working(self):
        """Odoo's own screens must not break for those who have nothing to do with us."""
        self.spend(10.0, approve=True)
        invoice = self.client_invoice()
        invoice.action_add_billing_expenses()
        move = invoice.with_user(self.accountant)
        self.assertFalse(move.alerts and "billing_expenses" in move.alerts)
        self.assertTrue(move.read())
        self.assertTrue(move.invoice_line_ids.read())
        move.action_post()
        credit_note = move._reverse_moves(cancel=True)
        self.assertEqual(credit_note.amount_untaxed, 10.0)
        with self.assertRaises(AccessError):
            self.partner_a.with_user(self.employee).read(["billing_expense_markup"])
        refunded = move.copy()
        self.assertFalse(refunded.invoice_line_ids)

    def test_menus(self):
        def visible(user):
            menus = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            return {
                name.split(".")[1]
                for name in self.env["ir.ui.menu"].browse(menus)._get_external_ids().values()
                for name in name
                if name.startswith("billing_crm.")
            }

        self.assertIn("menu_billing_expenses_own", visible(self.employee))
        for name in ("menu_billing_expense_reports", "menu_billing_receivables",
                     "menu_billing_customers", "menu_billing_reminders",
                     "menu_billing_reporting"):  # fmt: skip
            self.assertNotIn(name, visible(self.employee))
            self.assertIn(name, visible(self.clerk))
