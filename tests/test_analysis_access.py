import json
from ast import literal_eval

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import BillingCommon

MODELS = ("billing.sales.analysis", "billing.payment.analysis")


@tagged("post_install", "-at_install")
class TestAnalysisAccess(BillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_people()
        cls.auditor = cls.make_user("rita", "account.group_account_readonly")
        cls.partner_a.user_id = cls.salesperson
        for partner in (cls.partner_a, cls.partner_b):
            cls.pay(cls.bill(100.0, due=-10, partner=partner))
        foreign = cls.other_company_invoice(500.0, due=-10)
        foreign.action_post()
        cls._register_payment(foreign.with_company(foreign.company_id))

    def customers(self, user, model):
        return self.env[model].with_user(user).search([]).partner_id

    def test_billing_users_and_auditors_see_all_customers_of_their_company(self):
        for model in MODELS:
            for user in (self.clerk, self.auditor):
                rows = self.env[model].with_user(user).search([])
                self.assertEqual(rows.partner_id, self.partner_a | self.partner_b, user.login)
                self.assertEqual(rows.company_id, self.company)
                for row in rows:
                    self.assertTrue(row.read())

    def test_a_salesperson_sees_their_own_customers(self):
        for model in MODELS:
            self.assertEqual(self.customers(self.salesperson, model), self.partner_a)
        self.salesperson.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        for model in MODELS:
            both = self.partner_a | self.partner_b
            self.assertEqual(self.customers(self.salesperson, model), both)

    def test_sums_are_of_what_one_may_see(self):
        model = self.env["billing.sales.analysis"].with_user(self.salesperson)
        self.assertEqual(model._read_group([], [], ["revenue:sum"]), [(100.0,)])
        model = self.env["billing.payment.analysis"].with_user(self.clerk)
        self.assertEqual(model._read_group([], [], ["paid:sum"]), [(200.0,)])

    def test_nobody_else_sees_anything(self):
        for user in (self.accountant, self.portal, self.env.ref("base.public_user")):
            for model in MODELS:
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    def test_opportunities_are_shown_to_salespeople_only(self):
        model = self.env["billing.sales.analysis"]
        self.assertNotIn("lead_id", model.with_user(self.clerk).fields_get())
        self.assertIn("lead_id", model.with_user(self.salesperson).fields_get())
        with self.assertRaises(AccessError):
            model.with_user(self.clerk)._read_group([], ["lead_id"], ["revenue:sum"])

    def test_a_salesperson_is_not_offered_to_search_documents_they_may_not_read(self):
        for user, offered in ((self.salesperson, False), (self.clerk, True)):
            for model in MODELS:
                view = self.env[model].with_user(user).get_view(view_type="search")
                self.assertEqual('name="move_id"' in view["arch"], offered, user.login)

    def test_every_menu_opens_with_what_it_asks_for(self):
        """Its views, with every measure and group-by of its context and of its saved filters."""
        root = self.env.ref("billing_crm.menu_billing_reporting")
        menus = self.env["ir.ui.menu"].search(
            [("id", "child_of", root.id), ("action", "!=", False)]
        )
        actions = [menu.action for menu in menus if menu.action._name == "ir.actions.act_window"]
        actions = [action for action in actions if action.res_model in MODELS]
        self.assertEqual(len(actions), 6)
        for action in actions:
            model = self.env[action.res_model].with_user(self.clerk)
            modes = action.view_mode.split(",")
            views = model.get_views([(False, mode) for mode in (*modes, "search")])
            self.assertEqual(set(views["views"]), {*modes, "search"})
            saved = self.env["ir.filters"].search([("action_id", "=", action.id)])
            for item in saved:
                self.assertFalse(item.user_ids, "it is everybody's")
                self.assertEqual(item.model_id, action.res_model)
                self.ask(model, item)

    def ask(self, model, item):
        """Ask the server for what the web client asks for when a saved filter is clicked on."""
        context, sort = literal_eval(item.context), json.loads(item.sort)
        groupby = context["group_by"]
        described = model.fields_get(attributes=["aggregator", "type"])
        aggregates = [
            f"{name}:{described[name]['aggregator']}"
            for name in (*context.get("pivot_measures", ()), *(part.split()[0] for part in sort))
            if name != "__count"
        ]
        answer = model.web_read_group(
            literal_eval(item.domain),
            groupby,
            aggregates,
            order=",".join(sort),
        )
        self.assertIn("groups", answer, item.name)
