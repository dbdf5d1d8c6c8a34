from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .timesheet_common import TimesheetCommon


@tagged("post_install", "-at_install")
class TestTimesheetAccess(TimesheetCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_people()
        cls.analyst = cls.make_user("ida", "base.group_user,analytic.group_analytic_accounting")
        cls.mine, cls.theirs = cls.work(1.0), cls.work(2.0, user=cls.bob)
        cls.cost = cls.Hours.create(
            {
                "name": "Rent",
                "amount": -900.0,
                "account_id": cls.company._get_billing_hours_account().id,
                "user_id": cls.ann.id,
                "company_id": cls.company.id,
            }
        )

    def seen(self, user):
        lines = self.Hours.with_user(user).search([])
        return lines.sudo(False) & (self.mine | self.theirs | self.cost)

    def test_an_employee_sees_their_own_hours_only(self):
        self.assertEqual(self.seen(self.ann), self.mine, "not even costs noted under their name")
        self.assertEqual(self.seen(self.bob), self.theirs)
        for line in (self.theirs, self.cost):
            with self.assertRaises(AccessError):
                line.with_user(self.ann).write({"name": "Seen"})
            with self.assertRaises(AccessError):
                line.with_user(self.ann).unlink()

    def test_an_employee_enters_and_corrects_their_own_hours(self):
        hours = (
            self.Hours.with_user(self.ann)
            .with_context(default_billing_entry=True)
            .create({"name": "Call", "unit_amount": 0.5, "partner_id": self.partner_a.id})
        )
        self.assertEqual(hours.user_id, self.ann)
        hours.unit_amount = 0.75
        self.assertEqual(hours.billing_state, "to_bill")
        self.assertEqual(hours.billing_hours, 0.75)
        hours.unlink()

    def test_an_employee_enters_no_one_elses_hours(self):
        with self.assertRaises(AccessError):
            self.Hours.with_user(self.ann).create(
                {
                    "name": "Call",
                    "unit_amount": 0.5,
                    "billing_entry": True,
                    "user_id": self.bob.id,
                }
            )
        with self.assertRaises(AccessError):
            self.mine.with_user(self.ann).user_id = self.bob
        with self.assertRaises(AccessError):
            self.mine.with_user(self.ann).billing_entry = False
        with self.assertRaises(AccessError):
            self.Hours.with_user(self.ann).create({"name": "Rent", "amount": 5.0})

    def test_an_employee_does_not_see_what_is_charged(self):
        for fname in ("billing_rate", "billing_move_line_id", "billing_move_id"):
            with self.assertRaises(AccessError, msg=fname):
                self.mine.with_user(self.ann).read([fname])
        for model in ("billing.hourly.rate", "billing.timesheet.invoice"):
            with self.assertRaises(AccessError, msg=model):
                self.env[model].with_user(self.ann).search([])

    def test_billed_hours_are_refused_to_an_employee_with_a_clear_message(self):
        move = self.invoice_hours()
        mine = self.mine.with_user(self.ann)
        self.assertEqual(mine.billing_state, "draft")
        with self.assertRefused("cannot be changed"):
            mine.unit_amount = 9.0
        with self.assertRefused("cannot be changed"):
            mine.unlink()
        found = mine.search([("billing_state", "=", "draft")])
        self.assertEqual(found, mine, "the filters work for them too")
        move.unlink()
        mine.unit_amount = 9.0

    def test_others_keep_what_they_had(self):
        """Access to all analytic lines, given without a rule, is not narrowed by ours."""
        everything = self.mine | self.theirs | self.cost
        self.assertEqual(self.seen(self.analyst), everything)
        self.assertEqual(self.seen(self.clerk), everything)
        self.cost.with_user(self.analyst).name = "Rent of March"
        readers = self.env["res.groups"].create({"name": "Readers of all analytic lines"})
        self.env["ir.model.access"].create(
            {
                "name": "readers",
                "model_id": self.env.ref("analytic.model_account_analytic_line").id,
                "group_id": readers.id,
                "perm_read": True,
            }
        )
        self.ann.group_ids += readers
        self.assertEqual(self.seen(self.ann), everything)
        with self.assertRaises(AccessError):
            self.cost.with_user(self.ann).name = "Changed"
        with self.assertRaises(AccessError):
            self.theirs.with_user(self.ann).unlink()
        self.mine.with_user(self.ann).name = "Mine"

    def test_a_salesperson_is_an_employee(self):
        self.assertFalse(self.seen(self.salesperson))

    def test_customers_and_strangers_see_nothing(self):
        for user in (self.portal, self.env.ref("base.public_user").sudo()):
            with self.assertRaises(AccessError):
                self.Hours.with_user(user).search([])

    def test_a_clerk_bills_everyones_hours_of_her_company(self):
        other = self.setup_other_company()["company"]
        theirs = self.work(company_id=other.id)
        self.Rate.create({"company_id": other.id, "rate": 1.0})
        clerk = self.env["billing.timesheet.invoice"].with_user(self.clerk)
        wizard = clerk.create({"partner_ids": [Command.set(self.partner_a.ids)]})
        wizard.action_create_invoices()
        self.assertEqual(self.states(self.mine | self.theirs | theirs), ["draft"] * 2 + ["to_bill"])
        self.assertEqual(self.Rate.with_user(self.clerk).search([]).company_id, self.company)
        self.mine.with_user(self.clerk).action_remove_from_invoice()
        self.assertEqual(self.states(self.mine), ["to_bill"])

    def test_an_employee_finds_one_entry_in_the_menu(self):
        root = self.env.ref("billing_crm.menu_billing_root")

        def entries(user):
            menus = self.env["ir.ui.menu"].with_user(user).load_menus(False)
            return {
                self.env["ir.ui.menu"].browse(child).get_external_id()[child].split(".")[1]
                for child in menus.get(root.id, {}).get("children", [])
            }

        ours = {"menu_billing_customers", "menu_billing_documents", "menu_billing_reporting",
                "menu_billing_collections", "menu_billing_configuration"}  # fmt: skip
        self.assertFalse(entries(self.ann) & ours)
        self.assertLessEqual(
            entries(self.ann), {"menu_billing_own_hours", "menu_billing_expenses_own"}
        )
        self.assertIn("menu_billing_own_hours", entries(self.ann))
        self.assertLessEqual({"menu_billing_documents", "menu_billing_own_hours"},
                             entries(self.clerk))  # fmt: skip
        self.assertIn("menu_billing_customers", entries(self.salesperson))

    def test_hours_are_not_born_on_an_invoice(self):
        """Defaults of the context are no values, and reach the record all the same."""
        line = self.bill().invoice_line_ids
        hours = self.Hours.with_user(self.clerk).with_context(
            default_billing_entry=True, default_billing_move_line_id=line.id
        )
        with self.assertRaises(UserError), self.cr.savepoint():
            hours.create({"name": "Call", "unit_amount": 1.0, "partner_id": self.partner_a.id})

    def test_an_employee_says_nothing_of_costs(self):
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.mine.with_user(self.ann).amount = 5000.0
        hours = self.Hours.with_user(self.ann).with_context(
            default_billing_entry=True, default_amount=5000.0
        )
        with self.assertRaises(AccessError), self.cr.savepoint():
            hours.create({"name": "Call", "unit_amount": 1.0, "partner_id": self.partner_a.id})
        self.assertFalse(self.mine.amount)
