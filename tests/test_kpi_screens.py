from datetime import date

from dateutil.relativedelta import relativedelta
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import BillingCommon

LOGGER = "odoo.addons.billing_crm.models.insight.kpi"


@tagged("post_install", "-at_install")
class TestKpiScreens(BillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_people()
        cls.partner_a.user_id = cls.salesperson
        cls.bill(300.0, due=-40)
        cls.bill(100.0, due=20, partner=cls.partner_b)
        cls.env["billing.kpi"]._refresh(cls.company)
        cls.model = cls.env["billing.kpi"]

    def at_a_glance(self, user):
        rows = self.env["billing.kpi.figure"].with_user(user).search([])
        return {row.name: row.value for row in rows}

    def test_every_figure_says_how_it_is_formed(self):
        rows = self.env["billing.kpi.figure"].with_user(self.clerk).search([])
        self.assertEqual(rows.mapped("name"), list(self.model._get_figures()))
        for row in rows:
            self.assertIn("Source: ", row.explanation)
            self.assertIn(row.explanation, self.model._fields[row.name].help)
        self.assertEqual(rows[0].action_trend()["context"]["graph_measure"], "dso")

    def test_the_glance_is_the_companys(self):
        self.assertEqual(self.at_a_glance(self.clerk)["overdue_share"], 75.0)

    def test_a_salesperson_sees_figures_of_their_own_customers(self):
        self.assertEqual(self.at_a_glance(self.salesperson)["overdue_share"], 100.0)
        rows = self.model.with_user(self.salesperson).search([])
        self.assertEqual(rows.partner_id, self.partner_a)

    def test_figures_of_another_company_are_not_shown(self):
        foreign = self.other_company_invoice(500.0, due=-10)
        foreign.action_post()
        self.model.sudo()._refresh(foreign.company_id)
        self.assertEqual(self.at_a_glance(self.clerk)["overdue_share"], 75.0)
        rows = self.model.with_user(self.clerk).search([])
        self.assertEqual(rows.company_id, self.company)

    def test_amounts_of_different_currencies_are_not_added_up(self):
        foreign = self.other_company_invoice(500.0, due=-10)
        foreign.action_post()
        other = foreign.company_id
        both = [("company_id", "in", (self.company | other).ids), ("month", "=", self.month())]
        model = self.model.sudo()
        model._refresh(other)
        sums = ["overdue_share:avg", "receivable:avg"]
        [(share, owed)] = model._read_group(both, [], sums)
        self.assertEqual((float(round(share, 2)), owed), (88.89, 900.0))
        model.search([("company_id", "=", other.id)]).currency_id = self.setup_other_currency("EUR")
        self.env.flush_all()
        self.assertEqual(model._read_group(both, [], sums), [(False, False)])
        by_company = model._read_group(both, ["company_id"], sums)
        self.assertTrue(all(owed for _company, _share, owed in by_company))

    def month(self):
        return self.today.replace(day=1)

    def test_strangers_see_nothing(self):
        for user in (self.accountant, self.portal):
            for model in ("billing.kpi", "billing.kpi.figure"):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])
        with self.assertRaises(AccessError):
            self.model.with_user(self.salesperson).action_refresh()

    def test_refresh_again_says_the_same(self):
        fields = ["month", "partner_id", "receivable", "dso", "cei", "at_risk"]
        domain = [("company_id", "=", self.company.id)]
        before = self.model.search(domain).read(fields)
        self.model.with_user(self.clerk).action_refresh()
        after = self.model.search(domain).read(fields)
        for row in (*before, *after):
            row.pop("id")
        self.assertEqual(after, before)

    def test_the_nightly_job_goes_on_after_a_bad_month(self):
        domain = [("company_id", "=", self.company.id)]
        months = sorted(set(self.model.search(domain).mapped("month")))
        self.model.sudo().search(domain).unlink()
        original = type(self.model)._refresh_month

        def refresh(model, company, month):
            if company == self.company and month == months[-1]:
                raise ValueError("bad month")
            return original(model, company, month)

        self.patch(type(self.model), "_refresh_month", refresh)
        cron = self.env.ref("billing_crm.ir_cron_refresh_kpis")
        with (
            self.enter_registry_test_mode(),
            self.assertLogs(f"{LOGGER}.billing_kpi_refresh", "ERROR"),
        ):
            cron.method_direct_trigger()
        self.env.invalidate_all()
        done = sorted(set(self.model.search(domain).mapped("month")))
        self.assertEqual(done, months[:-1])

    def test_a_month_leads_to_what_was_owed_then(self):
        row = self.model.search(
            [("company_id", "=", self.company.id), ("partner_id", "=", self.partner_a.id)],
            order="month",
        )[0]
        action = row.action_open_items()
        items = self.env["billing.receivable"].with_context(**action["context"])
        found = items.search(action["domain"])
        self.assertEqual(sum(found.mapped("residual")), row.receivable)

    def test_a_customer_leads_to_their_key_figures(self):
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": self.partner_a.id})
        rows = self.model.search(contact.action_open_billing_kpis()["domain"])
        self.assertEqual(rows.partner_id, self.partner_a)

    def test_months_before_the_first_entry_and_after_today_are_not_kept(self):
        first = self.day(-70).replace(day=1)
        months = self.model._get_months(self.company)
        self.assertEqual(months[-1], first)
        self.assertEqual(months[0], self.today.replace(day=1))
        self.bill(1.0, due=-3000)
        months = self.model._get_months(self.company)
        self.assertEqual(len(months), 25)
        self.assertEqual(months[-1], self.today.replace(day=1) - relativedelta(months=24))
        self.assertIsInstance(months[0], date)

    def test_odoos_export_does_not_average_them(self):
        self.assertFalse(self.model._fields["dso"].aggregator)
        self.assertEqual(self.model.fields_get(["dso"], ["aggregator"])["dso"]["aggregator"], "avg")
