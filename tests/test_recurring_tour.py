from odoo.tests import HttpCase, tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestRecurringTour(BillingCommon, HttpCase):
    def test_from_new_to_the_first_bill(self):
        self.env["res.partner"].create({"name": "Tour Customer", "email": "tour@tour.example"})
        self.env.user.write({"login": "recurring_tour", "password": "recurring_tour"})
        self.start_tour(
            "/odoo/recurring-invoices", "billing_recurring_tour", login="recurring_tour"
        )
        series = self.env["billing.recurring"].search([("name", "=", "Hosting")])
        self.assertEqual(series.period_ids.status, "billed")
        self.assertEqual(series.line_ids.price_next, 84.0)
