from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..models.collections.disputes.billing_dispute_page import NAME_LENGTH, TEXT_LENGTH
from .billing_link import BillingLink


class BillingLinkDispute(BillingLink):
    """What a customer has to say about an invoice: that it is wrong, or a question.

    By POST only, with Odoo's token against forged requests. Whose link it was is written down, and
    whether it was first used elsewhere.
    """

    @http.route(
        "/billing/l/<string:token>/<int:invoice_id>/dispute",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def billing_link_dispute(
        self, token, invoice_id, reason="", scope="", amount="", name="", text="", **kwargs
    ):
        """Write down what is wrong, then show the page anew."""
        said = {
            "reason": reason,
            "scope": scope,
            "lines": self._billing_read_ids(request.httprequest.form.getlist("line")),
            "amount": amount[:NAME_LENGTH],
            "name": name.strip()[:NAME_LENGTH],
            "text": text.strip()[:TEXT_LENGTH],
        }

        def write_down(link, invoice, author):
            request.env["billing.dispute"].sudo()._raise_on_page(link, invoice, author, said)

        return self._billing_take(token, invoice_id, "dispute", said, write_down)

    @http.route(
        "/billing/l/<string:token>/<int:invoice_id>/dispute/<int:dispute_id>/withdraw",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def billing_link_dispute_withdraw(self, token, invoice_id, dispute_id, **kwargs):
        """Take a dispute back, then show the page anew."""

        def write_down(link, invoice, author):
            disputes = invoice._get_billing_page_disputes(link)["disputes"]
            dispute = disputes.filtered(lambda dispute: dispute.id == dispute_id)
            if not dispute:
                raise UserError(request.env._("This has changed. Please look again."))
            name = (link.recipient_id or link.partner_id).name
            dispute._withdraw_on_page(author, name)

        return self._billing_take(token, invoice_id, "dispute", {}, write_down)

    @http.route(
        [
            "/billing/l/<string:token>/ask",
            "/billing/l/<string:token>/<int:invoice_id>/ask",
        ],
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def billing_link_ask(self, token, invoice_id=None, name="", text="", **kwargs):
        """Leave a question for whoever is responsible, then show the page anew."""
        said = {"name": name.strip()[:NAME_LENGTH], "text": text.strip()[:TEXT_LENGTH]}

        def write_down(link, invoice, author):
            record = invoice or link.partner_id
            request.env["billing.dispute"].sudo()._ask_on_page(
                link, record, author, said["name"], said["text"]
            )

        return self._billing_take(token, invoice_id, "ask", said, write_down)

    # -- Helpers -----------------------------------------------------------------------------------

    def _billing_take(self, token, invoice_id, form, said, write_down):
        """Take what a customer sends, once it is clear that they may, and show the page anew.

        :param form: ``dispute`` or ``ask``: which form it was
        :param said: what is in it, shown again if it cannot be taken
        :param write_down: function of link, invoice (empty on the statement) and author
        """
        link, invoices = self._billing_find(token, invoice_id)
        if not link or (link.move_id and not invoice_id):
            return self._billing_not_found()
        if not self._billing_allow(form, link):
            return self._billing_too_many()
        self._billing_use_language(link)
        invoice = (invoices if invoice_id else invoices.browse()).with_context(
            lang=request.env.lang, tz=link.company_id._get_billing_zone()
        )
        try:
            if self._billing_is_staff():
                raise UserError(
                    request.env._("This is what your customer sees. Only they can do this here.")
                )
            author = (
                request.env["billing.event"]
                .sudo()
                ._get_author(
                    link,
                    address=request.httprequest.remote_addr,
                    headers=request.httprequest.headers,
                )
            )
            with request.env.cr.savepoint():
                write_down(link.with_context(lang=request.env.lang), invoice, author)
        except UserError as refusal:
            said = {"said": {**said, "form": form, "error": str(refusal)}}
            if invoice_id:
                return self._billing_render_invoice(token, link, invoices, None, **said)
            return self._billing_render_statement(token, link, **said)
        path = f"/billing/l/{token}/{invoice_id}" if invoice_id else f"/billing/l/{token}"
        return request.redirect(f"{path}?{'asked' if form == 'ask' else 'noted'}=1#said")
