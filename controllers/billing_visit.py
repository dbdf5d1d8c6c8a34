from odoo import http
from odoo.http import request

# Set in the browsers of the company's own people, so that they do not count when signed out either.
STAFF_COOKIE = "billing_staff"
STAFF_COOKIE_AGE = 365 * 24 * 3600


class BillingVisit(http.Controller):
    """Writing down who came to a page of ours; `billing.event` says how sure it is that it was a
    person."""

    def _billing_log_visit(self, link, documents, kind="link_clicked", **facts):
        """Write down a visit to ``documents``, unless it is the company's own staff who look.

        :param facts: further ones for `billing.event._log_visit`
        """
        request.env["billing.event"].sudo()._log_visit(
            link,
            documents,
            kind,
            address=request.httprequest.remote_addr,
            headers=request.httprequest.headers,
            method=request.httprequest.method,
            is_staff=self._billing_is_staff(),
            **facts,
        )

    def _billing_is_staff(self):
        """Whether this is a browser of an internal user, also when signed out for a while.

        Their network would be no proof: customers may sit in the same house.
        """
        if request.env.user._is_internal():
            request.future_response.set_cookie(
                STAFF_COOKIE,
                "1",
                max_age=STAFF_COOKIE_AGE,
                httponly=True,
                samesite="Lax",
            )
            return True
        return STAFF_COOKIE in request.cookies
