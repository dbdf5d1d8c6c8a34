from odoo import SUPERUSER_ID
from odoo.addons.mail.tests.common import MailCase
from odoo.tests import HttpCase, tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestBatchTour(BillingCommon, HttpCase, MailCase):
    def test_from_the_list_of_customers_to_sent_invoices(self):
        self.env.user.write({"login": "batch_tour", "password": "batch_tour"})
        customers = self.env["res.partner"].create(
            [
                {
                    "name": f"Tour Customer {letter}",
                    "email": f"{letter}@customers.example",
                    "customer_rank": 1,
                }
                for letter in "AB"
            ]
        )
        self.start_tour(
            "/odoo/action-billing_crm.action_billing_customer",
            "billing_batch_tour",
            login="batch_tour",
        )
        batch = self.env["billing.batch"].search([("kind", "=", "send")])
        self.assertEqual(batch.line_ids.partner_id, customers)
        with self.mock_mail_gateway():
            while self.env["billing.batch"].with_user(SUPERUSER_ID)._work_chunk():
                self.env.invalidate_all()
        self.assertEqual((batch.state, batch.done_count), ("done", 2))
        invoices = batch.line_ids.move_id
        self.assertEqual(set(invoices.mapped("state")), {"posted"})
        self.assertEqual(set(invoices.mapped("amount_untaxed")), {120.0})
