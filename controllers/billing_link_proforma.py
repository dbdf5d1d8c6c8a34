from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .billing_link import BillingLink

# Longer texts are nobody's name or reason.
NAME_LENGTH = 100
REASON_LENGTH = 2000


class BillingLinkProforma(BillingLink):
    """The page behind the link of a pro forma: what is estimated, and the customer's answer.

    Answers come by POST only, with Odoo's token against forged requests, and count once.
    """

    # -- Pages ----------------------------------------------------------------

    @http.route()
    def billing_link_page(self, token, invoice_id=None, **kwargs):
        link, proforma = self._billing_find_proforma(token)
        if not proforma or invoice_id is not None:
            return super().billing_link_page(token, invoice_id=invoice_id, **kwargs)
        self._billing_log_visit(link, proforma)
        return self._billing_render_proforma(token, link, proforma)

    @http.route(
        "/billing/l/<string:token>/proforma.pdf",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def billing_link_proforma_pdf(self, token, **kwargs):
        link, proforma = self._billing_find_proforma(token)
        if not proforma or proforma.state == "draft":
            return self._billing_not_found()
        if not self._billing_allow("download", link):
            return self._billing_too_many()
        self._billing_log_visit(link, proforma, kind="downloaded")
        content, _type = (
            request.env["ir.actions.report"]
            .sudo()
            ._render_qweb_pdf("billing_crm.action_report_proforma", proforma.ids)
        )
        headers = {
            "Content-Type": "application/pdf",
            "Content-Length": len(content),
            "Content-Disposition": http.content_disposition(
                f"{proforma._get_report_base_filename()}.pdf"
            ),
            **self._billing_headers(),
        }
        return request.make_response(content, list(headers.items()))

    # -- Actions --------------------------------------------------------------

    @http.route(
        [
            "/billing/l/<string:token>/<any(accept, decline):answer>",
        ],
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def billing_link_answer(self, token, answer, name="", reason="", version="", **kwargs):
        """Record the customer's answer, then show the page anew."""
        link, proforma = self._billing_find_proforma(token)
        if not proforma:
            return self._billing_not_found()
        if not self._billing_allow("answer", link):
            return self._billing_too_many()
        self._billing_use_language(link)
        proforma = proforma.with_context(lang=request.env.lang)
        name, reason = name.strip()[:NAME_LENGTH], reason.strip()[:REASON_LENGTH]
        error = self._billing_get_answer_error(proforma, name, version)
        if not error:
            state = "accepted" if answer == "accept" else "declined"
            try:
                proforma._answer_through_link(link, state, name, reason)
            except UserError as refusal:
                error = str(refusal)
        if error:
            return self._billing_render_proforma(token, link, proforma, error=error, name=name)
        return request.redirect(f"/billing/l/{token}")

    @http.route()
    def billing_link_seen(self, token, invoice_id=None, is_scripted=False, **kwargs):
        link, proforma = self._billing_find_proforma(token)
        if proforma:
            self._billing_log_visit(link, proforma, kind="viewed", is_scripted=bool(is_scripted))
            return True
        return super().billing_link_seen(
            token, invoice_id=invoice_id, is_scripted=is_scripted, **kwargs
        )

    # -- Helpers --------------------------------------------------------------

    def _billing_find(self, token, invoice_id=None):
        # EXTENDS: the link of a pro forma opens nothing else
        link, invoices = super()._billing_find(token, invoice_id)
        if link.proforma_id:
            link = link.browse()
        return link, invoices

    def _billing_find_proforma(self, token):
        """Return the working link with this secret and its pro forma, as superuser, else none."""
        link = request.env["billing.link"]._find(token)
        proforma = link._get_proforma() if link else request.env["billing.proforma"]
        if proforma:
            # valid until its last day is over where the company is
            zone = proforma.company_id._get_billing_zone()
            proforma = proforma.with_context(tz=zone)
        return (link, proforma) if proforma else (link.browse(), proforma)

    def _billing_get_answer_error(self, proforma, name, version):
        """Return why an answer cannot be taken, or False."""
        if proforma.status != "sent":
            return request.env._("This pro forma does not wait for an answer any more.")
        if version != proforma._get_version():
            return request.env._("It has been changed since you opened it. Please look again.")
        if not name:
            return request.env._("Please enter your name.")
        if request.env.user._is_internal():
            return request.env._("This is what your customer sees. Only they can answer here.")
        return False

    def _billing_render_proforma(self, token, link, proforma, **values):
        self._billing_use_language(link)
        proforma = proforma.with_context(lang=request.env.lang)
        return self._billing_render(
            "billing_crm.link_proforma_page",
            {"token": token, "link": link, "proforma": proforma, "error": False, **values},
        )
