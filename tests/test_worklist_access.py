from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_worklist import WorklistCommon

MODELS = ("billing.collection", "billing.reminder.result", "billing.collection.report")


@tagged("post_install", "-at_install")
class TestWorklistAccess(WorklistCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner_a.user_id = cls.salesperson
        cls.bill(100.0, due=-5)
        cls.bill(100.0, due=-5, partner=cls.partner_b)
        foreign = cls.other_company_invoice(100.0, due=-5)
        foreign.action_post()
        cls.other = foreign.company_id
        cls.Collection.sudo()._refresh(cls.company | cls.other)

    def test_another_company_has_a_list_of_its_own(self):
        rows = self.Collection.sudo().search([("partner_id", "=", self.partner_a.id)])
        self.assertEqual(rows.company_id, self.company | self.other)
        seen = self.Collection.with_user(self.clerk).search([])
        self.assertEqual(seen.partner_id, self.partner_a | self.partner_b)
        self.assertEqual(seen.company_id, self.company)

    def test_a_refresh_leaves_other_companies_alone(self):
        theirs = self.Collection.sudo().search([("company_id", "=", self.other.id)])
        before = theirs.read()
        self.refresh()
        self.assertEqual(theirs.read(), before)

    def test_a_salesperson_sees_their_own_customers_and_changes_nothing(self):
        rows = self.Collection.with_user(self.salesperson).search([])
        self.assertEqual(rows.partner_id, self.partner_a)
        self.assertIn("100.00", rows.talking_points)
        for values in ({"stage": "escalated"}, {"notes": "Mine"}):
            with self.assertRaises(AccessError):
                rows.write(values)
        with self.assertRaises(AccessError):
            rows.action_refresh()

    def test_nobody_makes_or_removes_rows(self):
        rows = self.Collection.with_user(self.clerk).search([])
        with self.assertRaises(AccessError):
            rows[:1].unlink()
        with self.assertRaises(AccessError):
            self.Collection.with_user(self.clerk).create(
                {"company_id": self.company.id, "partner_id": self.partner_a.id}
            )

    def test_nobody_else_reads_anything(self):
        public = self.env.ref("base.public_user")
        for user in (self.accountant, self.portal, public):
            for model in MODELS:
                with self.assertRaises(AccessError, msg=model):
                    self.env[model].with_user(user).search([])

    def test_only_managers_compare_clerks(self):
        with self.assertRaises(AccessError):
            self.env["billing.collection.report"].with_user(self.clerk).search([])
        self.clerk.group_ids += self.env.ref("billing_crm.group_billing_manager")
        seen = self.env["billing.collection.report"].with_user(self.clerk).search([])
        self.assertEqual(seen.company_id, self.company)

    def test_any_number_of_customers_costs_the_same(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Collection.sudo()._refresh(self.company)
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for _i in range(5):
            self.bill(100.0, due=-5, partner=self.partner_a.copy({"name": "Customer"}))
        self.assertLessEqual(count(), few)
        self.assertLess(few, 20)

    def test_a_page_of_the_list_costs_the_same_for_any_number(self):
        def count(rows):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows.web_read({"reasons": {}, "partner_id": {"fields": {"display_name": {}}},
                           "amount": {}, "points": {}, "next_reminder_id": {}})  # fmt: skip
            return self.env.cr.sql_log_count - before

        rows = self.refresh()
        count(rows)
        few = count(rows)
        for _i in range(5):
            self.bill(100.0, due=-5, partner=self.partner_a.copy({"name": "Customer"}))
        self.assertEqual(count(self.refresh()), few)
