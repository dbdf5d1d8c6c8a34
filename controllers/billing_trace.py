import base64
import re

from odoo import http
from odoo.http import request

from .billing_visit import BillingVisit

# The smallest transparent picture there is.
PICTURE = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
KEY = re.compile(r"[0-9a-f]{64}")


class BillingTrace(BillingVisit):
    """What is hidden in mails and pages: a link for machines, a picture for mail programs.

    Every key gets the same answer, whether it belongs to a link or not.
    """

    @http.route(
        "/billing/o/<string:key>.gif",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
        save_session=False,
    )
    def billing_pixel(self, key, **kwargs):
        link = self._billing_find_by_key(key)
        if link.company_id.billing_pixel:
            self._billing_log_trace(link, "opened")
        return self._billing_empty(PICTURE, "image/gif")

    @http.route(
        "/billing/m/<string:key>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
        save_session=False,
    )
    def billing_trap(self, key, **kwargs):
        self._billing_log_trace(self._billing_find_by_key(key), "trapped")
        return self._billing_empty("", "text/html; charset=utf-8")

    def _billing_find_by_key(self, key):
        """Return the working link whose secret has this hash, as superuser, else an empty one."""
        links = request.env["billing.link"].sudo()
        if not KEY.fullmatch(key):
            return links
        return links.search([("token_hash", "=", key), ("is_valid", "=", True)], limit=1)

    def _billing_log_trace(self, link, kind):
        if link:
            self._billing_log_visit(
                link, link._get_proforma() or link._get_invoices(), kind, channel="mail"
            )

    @staticmethod
    def _billing_empty(content, content_type):
        return request.make_response(
            content,
            [
                ("Content-Type", content_type),
                ("Content-Length", len(content)),
                ("Cache-Control", "no-store, no-cache, must-revalidate, max-age=0"),
                ("Pragma", "no-cache"),
                ("Expires", "0"),
                ("Referrer-Policy", "no-referrer"),
                ("X-Robots-Tag", "noindex, nofollow"),
            ],
        )
