from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_forecast import ForecastCommon

FIGURES = (
    "billing.forecast",
    "billing.forecast.period",
    "billing.forecast.curve",
    "billing.forecast.snapshot",
    "billing.cash.outlook",
)


@tagged("post_install", "-at_install")
class TestForecastAccess(ForecastCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_people()
        cls.reader = cls.make_user("rita", "account.group_account_readonly")
        cls.partner_a.user_id = cls.salesperson
        cls.bill(100.0, due=5)
        foreign = cls.other_company_invoice(500.0, due=5)
        foreign.action_post()
        cls.other = foreign.company_id
        cls.plan = cls.env["billing.planned.cash"].create({"name": "Rent", "amount": 5.0})
        cls.forecast.sudo()._refresh(cls.company | cls.other)

    def test_of_another_company_nothing_is_seen(self):
        for user in (self.clerk, self.reader):
            for model in FIGURES:
                rows = self.env[model].with_user(user).search([])
                self.assertEqual(rows.company_id, self.company, f"{model} {user.login}")

    def test_salespeople_and_strangers_see_no_cash(self):
        for user in (self.salesperson, self.accountant, self.portal):
            for model in (*FIGURES, "billing.planned.cash"):
                with self.assertRaises(AccessError, msg=f"{model} {user.login}"):
                    self.env[model].with_user(user).search([])
            with self.assertRaises(AccessError):
                self.forecast.with_user(user).action_refresh()
            with self.assertRaises(AccessError):
                self.env["billing.cash.outlook"].with_user(user).action_open_mine()

    def test_nobody_writes_figures(self):
        self.clerk.group_ids += self.env.ref("billing_crm.group_billing_manager")
        for model in FIGURES:
            for operation in ("write", "create", "unlink"):
                self.assertFalse(self.env[model].with_user(self.clerk).has_access(operation))
        for operation in ("write", "create", "unlink"):
            self.assertFalse(self.plan.with_user(self.reader).has_access(operation))

    def test_a_clerk_plans_cash_and_refreshes(self):
        clerk = self.env["billing.planned.cash"].with_user(self.clerk)
        clerk.create({"name": "Wages", "amount": 50.0, "date": self.day(2)})
        action = self.outlook().with_user(self.clerk).action_refresh()
        self.assertFalse(action)
        self.assertEqual(self.flows(name="Wages").amount, -50)

    def test_the_first_look_forms_the_forecast(self):
        self.outlook().sudo().unlink()
        action = self.env["billing.cash.outlook"].with_user(self.reader).action_open_mine()
        self.assertEqual(action["res_id"], self.outlook().id)

    def test_the_buttons_lead_to_the_companys_own(self):
        outlook = self.outlook().with_user(self.reader)
        for name in ("flows", "periods", "curve", "snapshots", "planned"):
            action = getattr(outlook, f"action_open_{name}")()
            self.env[action["res_model"]].with_user(self.reader).search(action["domain"])
            self.assertIn(("company_id", "=", self.company.id), action["domain"])

    def test_the_nightly_job_goes_on_after_a_bad_company(self):
        self.forecast.sudo().search([]).unlink()
        original = type(self.forecast)._refresh_flows

        def refresh(model, company, today):
            if company == self.company:
                raise ValueError("bad company")
            return original(model, company, today)

        self.patch(type(self.forecast), "_refresh_flows", refresh)
        cron = self.env.ref("billing_crm.ir_cron_refresh_forecast")
        logger = "odoo.addons.billing_crm.models.insight.forecast.billing_forecast_refresh"
        with self.enter_registry_test_mode(), self.assertLogs(logger, "ERROR"):
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.flows(self.other).mapped("amount"), [500])
        self.assertFalse(self.flows())

    def test_a_refresh_takes_as_many_queries_for_many_as_for_few(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.forecast.sudo()._refresh(self.company)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self.put_in_the_bank(1000.0)
        count()
        few = count()
        for number in range(12):
            self.bill(
                10.0 + number, due=number, partner=(self.partner_a, self.partner_b)[number % 2]
            )
            self.vendor_bill(1.0 + number, due=number)
        self.assertEqual(count(), few)
