from datetime import timedelta

from odoo import http
from odoo.http import request

# (how many, within): generous for a person and an office behind one address, tight for a program.
LIMITS = {
    "wrong_link": (30, timedelta(minutes=10)),
    "download": (60, timedelta(hours=1)),
    "pay": (30, timedelta(hours=1)),
    "answer": (20, timedelta(hours=1)),
    "renew": (20, timedelta(hours=1)),
    "promise": (20, timedelta(hours=1)),
    "dispute": (10, timedelta(hours=1)),
    "ask": (10, timedelta(hours=1)),
}


class BillingRateLimit(http.Controller):
    """How often one network may do what costs us something, counted over all workers."""

    def _billing_allow(self, action, link=None):
        """Count an attempt, of this network or on this link, and return whether it is allowed."""
        limit, within = LIMITS[action]
        if link:
            key = f"link-{link.id}"
        else:
            key = request.env["billing.event"]._hash_network(request.httprequest.remote_addr)
        return request.env["billing.attempt"]._allow(
            action, key or "unknown", limit=limit, within=within
        )
