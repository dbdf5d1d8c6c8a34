from odoo.tests import HttpCase, tagged

from .timesheet_common import TimesheetCommon


@tagged("post_install", "-at_install")
class TestTimesheetTour(TimesheetCommon, HttpCase):
    """In the browser, as those who use it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create({"name": "Tour Customer"})
        cls.env["product.product"].create({"name": "Tour Work", "type": "service"})

    def test_a_clerk_enters_bills_and_posts(self):
        self.make_user("tour_clerk", "billing_crm.group_billing_user")
        self.start_tour(
            "/odoo/action-billing_crm.action_billing_hours",
            "billing_timesheet_tour",
            login="tour_clerk",
        )
        hours = self.Hours.search([("partner_id", "=", self.customer.id)])
        self.assertEqual((hours.unit_amount, hours.billing_state), (1.5, "billed"))
        self.assertEqual(hours.billing_move_id.billing_type, "timesheet")
        self.assertEqual(hours.billing_move_id.amount_untaxed, 150.0)

    def test_an_employee_enters_their_hours(self):
        employee = self.make_user("tour_employee", "base.group_user")
        self.start_tour(
            "/odoo/action-billing_crm.action_billing_own_hours",
            "billing_own_hours_tour",
            login="tour_employee",
        )
        hours = self.Hours.search([("partner_id", "=", self.customer.id)])
        self.assertEqual((hours.unit_amount, hours.user_id), (0.75, employee))
        self.assertEqual(hours.product_uom_id, self.env.ref("uom.product_uom_hour"))
        self.assertEqual(hours.amount, 0.0)
