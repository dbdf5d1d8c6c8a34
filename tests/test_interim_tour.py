from odoo.tests import HttpCase, tagged

from .test_interim import InterimCommon


@tagged("post_install", "-at_install")
class TestInterimTour(InterimCommon, HttpCase):
    def test_from_an_opportunity_to_the_first_bill(self):
        clerk = self.make_user(
            "interim_clerk",
            "billing_crm.group_billing_user,sales_team.group_sale_salesman_all_leads",
        )
        lead = (
            self.env["crm.lead"]
            .with_user(clerk)
            .create(
                {
                    "name": "A house in Oak Street",
                    "type": "opportunity",
                    "partner_id": self.partner_a.id,
                    "expected_revenue": 5000.0,
                }
            )
        )
        self.start_tour(f"/odoo/crm.lead/{lead.id}", "billing_interim_tour", login=clerk.login)
        plan = lead.sudo().billing_plan_ids
        self.assertEqual(plan.milestone_ids.mapped("amount"), [1500.0, 3500.0])
        self.assertEqual(plan.milestone_ids[0].invoice_id.state, "posted")
