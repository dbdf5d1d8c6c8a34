from odoo.tests import HttpCase, tagged

from .common_worklist import WorklistCommon


class WorklistTourCommon(WorklistCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.user = self.make_user("worklist_tour", "billing_crm.group_billing_user")
        self.colleague = self.make_user("colleague", "billing_crm.group_billing_user")
        self.colleague.name = "Tour Colleague"
        self.partner_a.write({"name": "Tour Large", "phone": "+1 555 0100"})
        self.partner_b.name = "Tour Small"
        self.bill(900.0, due=-60)
        self.bill(100.0, due=-5, partner=self.partner_b)
        self.large = self.row()
        self.small = self.row(self.partner_b)


@tagged("post_install", "-at_install")
class TestWorklistTour(WorklistTourCommon):
    def test_from_the_first_customer_to_the_next(self):
        self.start_tour("/odoo/worklist", "billing_worklist_tour", login="worklist_tour")
        self.env.invalidate_all()
        self.assertEqual((self.large.stage, self.large.user_id), ("contacted", self.colleague))
        self.assertEqual(self.large.last_contact_by, "call")
        self.assertEqual(self.small.stage, "contacted")


@tagged("post_install", "-at_install")
class TestWorklistPhoneTour(WorklistTourCommon):
    browser_size = "390x844"
    touch_enabled = True

    def test_work_the_list_on_a_phone(self):
        self.start_tour("/odoo/worklist", "billing_worklist_phone_tour", login="worklist_tour")
        self.env.invalidate_all()
        self.assertEqual((self.large.stage, self.large.user_id), ("contacted", self.user))
