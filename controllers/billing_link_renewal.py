from odoo import http
from odoo.http import request

from .billing_link import BillingLink


class BillingLinkRenewal(BillingLink):
    """Asking for a fresh link in place of an expired one.

    By POST only, with Odoo's token against forged requests: programs that fetch every address in a
    mail ask for nothing. The answer is the same page whatever the link was.
    """

    @http.route(
        "/billing/renew",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def billing_link_renew(self, token="", **kwargs):
        if not self._billing_allow("renew"):
            return self._billing_too_many()
        request.env["billing.link"]._ask_renewal(token)
        return request.redirect("/billing/renewal")

    @http.route(
        "/billing/renewal",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def billing_link_renewal(self, **kwargs):
        return self._billing_render("billing_crm.link_renewal_page", {})
