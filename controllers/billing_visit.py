import re
from datetime import timedelta

from odoo import fields, http
from odoo.http import request

# Programs that fetch links on a person's behalf and say so themselves.
MACHINE_AGENTS = re.compile(
    r"bot|crawl|spider|preview|scan|proxy|fetch|curl|wget|python|java/|go-http|headless",
    re.IGNORECASE,
)

# Within this time the same visit is written down once, however often the page is reloaded.
REPEAT = timedelta(hours=1)


class BillingVisit(http.Controller):
    """Writing down who came to a page of ours, and how sure it is that it was a person."""

    def _billing_log_visit(self, link, invoices, kind="link_clicked"):
        """Write down a visit, unless it is the company's own staff who look."""
        if request.env.user._is_internal():
            return
        if kind in ("link_clicked", "downloaded"):
            agent, reason = self._billing_classify_visit()
        else:
            agent, reason = "human", request.env._("Acted on the page")
        events = request.env["billing.event"].sudo()
        known = events.search(
            [
                ("link_id", "=", link.id),
                ("kind", "=", kind),
                ("agent", "=", agent),
                ("reason", "=", reason),
                ("date", ">", fields.Datetime.now() - REPEAT),
            ]
        )
        events._log(invoices - known.move_id, kind, link=link, agent=agent, reason=reason)

    def _billing_classify_visit(self):
        """Say what is known of a bare page request: often that it was a machine, else nothing."""
        headers = request.httprequest.headers
        agent = headers.get("User-Agent", "")
        if request.httprequest.method == "HEAD":
            return "machine", "HEAD"
        if not agent:
            return "machine", request.env._("No browser named")
        if MACHINE_AGENTS.search(agent):
            return "machine", agent[:64]
        if headers.get("Odoo-Link-Preview") or "prefetch" in headers.get("Sec-Purpose", ""):
            return "machine", request.env._("Preview")
        return "unknown", False

    def _billing_log_proforma_visit(self, link, proforma, kind="link_clicked"):
        """Write down a visit once an hour, unless it is the company's own staff who look."""
        if request.env.user._is_internal():
            return
        agent, reason = "human", request.env._("Acted on the page")
        if kind != "viewed":
            agent, reason = self._billing_classify_visit()
        events = request.env["billing.event"].sudo()
        is_known = events.search_count(
            [
                ("link_id", "=", link.id),
                ("kind", "=", kind),
                ("agent", "=", agent),
                ("reason", "=", reason),
                ("date", ">", fields.Datetime.now() - REPEAT),
            ],
            limit=1,
        )
        if not is_known:
            events._log_proforma(proforma, kind, link=link, agent=agent, reason=reason)
