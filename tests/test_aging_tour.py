from datetime import date

from odoo.tests import HttpCase, tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestAgingTour(BillingCommon, HttpCase):
    def test_look_at_another_day(self):
        self.partner_a.name = "Tour Late"
        invoice = self.bill(500.0, due=0, invoice_date=date(2025, 1, 10))
        self._register_payment(
            invoice,
            payment_date=date(2025, 3, 15),
            amount=200.0,
            payment_difference_handling="open",
        )
        clerk = self.make_user("aging_clerk", "billing_crm.group_billing_user")
        self.start_tour(
            "/odoo/action-billing_crm.action_billing_receivable",
            "billing_aging_tour",
            login=clerk.login,
        )
