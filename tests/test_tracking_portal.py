from odoo.addons.base.tests.common import HttpCaseWithUserPortal
from odoo.fields import Command
from odoo.tests import tagged

from .common import BillingCommon
from .visitor_cases import CHROME, HEADLESS

USUAL = {"User-Agent": CHROME, "Accept-Language": "en-US,en;q=0.5"}


@tagged("post_install", "-at_install")
class TestTrackingPortal(BillingCommon, HttpCaseWithUserPortal):
    """What customers do with an invoice in Odoo's own portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.user_portal | cls.env.ref("base.user_admin")).write(
            {"company_ids": [Command.link(cls.company.id)], "company_id": cls.company.id}
        )
        cls.document = cls.bill(amount=120.0, due=30, partner=cls.partner_portal)
        cls.path = f"/my/invoices/{cls.document.id}"

    def get(self, query="", **headers):
        response = self.url_open(
            self.path + query, headers={**USUAL, **headers}, allow_redirects=False
        )
        self.assertEqual(response.status_code, 200)

    def events(self):
        self.env.invalidate_all()
        return [
            (event.kind, event.agent, event.reason, event.channel, event.recipient_id)
            for event in self.document.billing_event_ids.sorted("id")
        ]

    def test_a_customer_who_is_signed_in(self):
        self.authenticate("portal", "portal")
        for _reload in range(2):
            self.get()
        seen = ("viewed", "likely_human", "signed_in", "portal", self.partner_portal)
        self.assertEqual(self.events(), [seen])
        self.assertEqual(self.document.billing_status, "viewed")
        self.get("?report_type=html")
        self.get("?report_type=pdf")
        self.assertEqual(self.events(), [seen], "the preview is no download")
        self.get("?report_type=pdf&download=true")
        self.assertEqual(self.events()[1][:2], ("downloaded", "likely_human"))

    def test_who_has_only_the_address(self):
        token = self.document._portal_ensure_token()
        self.get(f"?access_token={token}")
        nobody = self.partner_portal.browse()
        self.assertEqual(self.events(), [("link_clicked", "unknown", "browser", "portal", nobody)])
        self.assertNotEqual(self.document.billing_status, "viewed")

    def test_a_machine_that_is_signed_in(self):
        self.authenticate("portal", "portal")
        self.get(**{"User-Agent": HEADLESS})
        self.assertEqual(self.events()[0][1:3], ("machine", "headless"))

    def test_staff_and_strangers(self):
        self.authenticate("admin", "admin")
        self.get()
        self.authenticate(None, None)
        self.url_open(f"{self.path}?access_token=wrong", headers=USUAL)
        self.assertFalse(self.events())
