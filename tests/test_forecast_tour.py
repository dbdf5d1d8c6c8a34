from odoo.tests import HttpCase, tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestForecastTour(BillingCommon, HttpCase):
    def test_cash_runs_short(self):
        self.partner_a.name = "Tour Late"
        self.bill(800.0, due=40)
        self.env["billing.planned.cash"].create(
            {"name": "Tour rent", "amount": 500.0, "date": self.today}
        )
        self.company.billing_gap_days = 3
        self.env["billing.forecast"].sudo()._refresh(self.company)
        clerk = self.make_user("cash_clerk", "billing_crm.group_billing_user")
        self.start_tour(
            "/odoo/action-billing_crm.action_server_billing_cash_outlook",
            "billing_forecast_tour",
            login=clerk.login,
        )
