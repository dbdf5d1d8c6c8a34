from odoo.addons.base.tests.common import HttpCaseWithUserDemo
from odoo.tests import tagged

from .test_proforma import ProformaCommon


@tagged("post_install", "-at_install")
class TestProformaTour(ProformaCommon, HttpCaseWithUserDemo):
    def test_invoice_wizard(self):
        clerk = self.make_user("tour_clerk", "billing_crm.group_billing_user")
        proforma = self.estimate((10, 100.0))
        proforma._mark_sent()
        proforma.action_accept()
        self.start_tour(
            f"/odoo/billing.proforma/{proforma.id}",
            "billing_proforma_invoice_tour",
            login=clerk.login,
        )
        self.env.invalidate_all()
        self.assertEqual(proforma.invoice_ids.amount_untaxed, 300.0)


@tagged("post_install", "-at_install")
class TestProformaPhoneTour(ProformaCommon, HttpCaseWithUserDemo):
    browser_size = "390x844"
    touch_enabled = True

    def test_customer_accepts_on_a_phone(self):
        proforma = self.estimate((10, 100.0))
        proforma._mark_sent()
        path = self.env["billing.link"].sudo()._mint(proforma, self.partner_a)
        self.start_tour(path, "billing_proforma_page_tour")
        self.env.invalidate_all()
        self.assertEqual((proforma.state, proforma.answered_by), ("accepted", "Anna Client"))
