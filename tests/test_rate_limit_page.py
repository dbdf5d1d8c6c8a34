from datetime import timedelta

from odoo import http
from odoo.tests import tagged

from ..controllers import rate_limit
from .common_page import LinkPageCommon


@tagged("post_install", "-at_install")
class TestRateLimitPage(LinkPageCommon):
    def limit(self, **limits):
        hour = timedelta(hours=1)
        limits = {action: (number, hour) for action, number in limits.items()}
        self.patch(rate_limit, "LIMITS", {**rate_limit.LIMITS, **limits})

    def status(self, path):
        return self.url_open(path).status_code

    def test_whoever_guesses_links_is_told_to_wait_and_customers_are_not(self):
        self.limit(wrong_link=3)
        wrong = "/billing/l/" + "x" * 43
        self.assertEqual([self.status(wrong) for _i in range(5)], [404, 404, 404, 429, 429])
        self.assertEqual(self.status(self.path), 200, "from the same network")

    def test_a_paper_is_not_printed_for_ever(self):
        self.limit(download=2)
        path = f"{self.path}/{self.document.id}/pdf"
        self.assertEqual([self.status(path) for _i in range(3)], [200, 200, 429])
        other = self.env["billing.link"].sudo()._mint(self.document, self.partner_a)
        self.assertEqual(self.status(f"{other}/{self.document.id}/pdf"), 200)

    def test_payments_are_not_begun_for_ever(self):
        self.limit(pay=1)
        self.assertIn("result", self.transaction())
        self.assertIn("Too many payments", str(self.transaction()["error"]))

    def test_fresh_links_are_not_asked_for_for_ever(self):
        self.limit(renew=2)
        self.authenticate(None, None)
        asked = {"token": "x" * 43, "csrf_token": http.Request.csrf_token(self)}
        self.assertEqual(
            [self.url_open("/billing/renew", data=asked).status_code for _i in range(3)],
            [200, 200, 429],
        )
