import re

from odoo import fields, http
from odoo.addons.account_payment.controllers.payment import PaymentPortal
from odoo.addons.account_payment.controllers.portal import PortalAccount
from odoo.exceptions import ValidationError
from odoo.http import request

# Programs that fetch links on a person's behalf and say so themselves.
MACHINE_AGENTS = re.compile(
    r"bot|crawl|spider|preview|scan|proxy|fetch|curl|wget|python|java/|go-http|headless",
    re.IGNORECASE,
)


class BillingLink(PortalAccount, PaymentPortal):
    """The page behind a payment link: what is owed, and Odoo's own payment form.

    A GET writes nothing but a line in the journal. An unknown, expired or revoked link, and an
    invoice that a link does not cover, all get the same answer.
    """

    # -- Pages ----------------------------------------------------------------

    @http.route(
        ["/billing/l/<string:token>", "/billing/l/<string:token>/<int:invoice_id>"],
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def billing_link_page(self, token, invoice_id=None, **kwargs):
        link, invoices = self._billing_find(token, invoice_id)
        if not link:
            return self._billing_not_found()
        self._billing_log_visit(link, invoices)
        self._billing_use_language(link)
        if link.move_id or invoice_id:
            values = self._billing_invoice_values(token, link, invoices)
            return self._billing_render("billing_crm.link_invoice_page", values)
        values = self._billing_statement_values(token, link, invoices)
        return self._billing_render("billing_crm.link_statement_page", values)

    @http.route(
        "/billing/l/<string:token>/<int:invoice_id>/pdf",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def billing_link_download(self, token, invoice_id, **kwargs):
        link, invoice = self._billing_find(token, invoice_id)
        if not link:
            return self._billing_not_found()
        self._billing_log_visit(link, invoice, kind="downloaded")
        document = invoice._get_invoice_legal_documents("pdf", allow_fallback=True)
        headers = self._get_http_headers(invoice, "pdf", document["content"], True)
        return request.make_response(
            document["content"], [*headers.items(), *self._billing_headers().items()]
        )

    @http.route(
        "/billing/paid",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def billing_link_landing(self, **kwargs):
        """Bring the payer back to the page they came from.

        Payment transactions store where to return to; the link's secret must not be stored, so it
        waits in the payer's own session.
        """
        path = request.session.get("billing_link_path")
        return request.redirect(path) if path else self._billing_not_found()

    # -- Actions --------------------------------------------------------------

    @http.route("/billing/l/<string:token>/<int:invoice_id>/pay", type="jsonrpc", auth="public")
    def billing_link_transaction(self, token, invoice_id, access_token=None, **kwargs):
        """Start a payment of one invoice with Odoo's payment flow.

        :return: the processing values of the new `payment.transaction`
        :raise ValidationError: if the link does not open this invoice or nothing is owed on it
        """
        link, invoice = self._billing_find(token, invoice_id)
        if not link or not invoice._has_to_be_paid():
            raise ValidationError(request.env._("This invoice cannot be paid with this link."))
        self._validate_transaction_kwargs(kwargs)
        if kwargs.get("token_id") or kwargs.get("flow") == "token":
            raise ValidationError(request.env._("Saved payment methods cannot be used here."))
        # What is paid, and where it leads, is not for the browser to say.
        kwargs.update(
            amount=self._billing_amount_to_pay(invoice),
            landing_route="/billing/paid",
            is_validation=False,
            tokenization_requested=False,
        )
        processing_values = self._process_transaction(
            invoice.partner_id.id, invoice.currency_id.id, invoice.ids, False, **kwargs
        )
        self._billing_log_visit(link, invoice, kind="payment_started")
        request.session["billing_link_path"] = f"/billing/l/{token}/{invoice.id}"
        return processing_values

    @http.route("/billing/l/<string:token>/seen", type="jsonrpc", auth="public")
    def billing_link_seen(self, token, invoice_id=None, **kwargs):
        """Called by the page itself, once someone has moved, touched or typed on it."""
        link, invoices = self._billing_find(token, invoice_id)
        if link:
            self._billing_log_visit(link, invoices, kind="viewed")
        return True

    # -- Helpers --------------------------------------------------------------

    def _billing_find(self, token, invoice_id=None):
        """Return the working link with this secret and the invoices it shows, as superuser.

        Both are empty if there is no such link, or if it does not cover ``invoice_id``.
        """
        link = request.env["billing.link"]._find(token)
        invoices = link._get_invoices() if link else request.env["account.move"]
        if isinstance(invoice_id, int):
            invoices = self._billing_covered(link, invoices, invoice_id)
        if (link.move_id or invoice_id) and not invoices:
            link = link.browse()
        return link, invoices

    def _billing_covered(self, link, invoices, invoice_id):
        """Return the invoice if the link shows it, or showed it until it was paid through it."""
        covered = invoices.filtered(lambda invoice: invoice.id == invoice_id)
        if link and not covered and not link.move_id:
            started = (
                request.env["billing.event"]
                .sudo()
                .search_count(
                    [
                        ("link_id", "=", link.id),
                        ("move_id", "=", invoice_id),
                        ("kind", "=", "payment_started"),
                    ],
                    limit=1,
                )
            )
            if started:
                covered = request.env["account.move"].sudo().browse(invoice_id)
        return covered

    def _billing_amount_to_pay(self, invoice):
        """Return what is open on an invoice, in its currency, less a discount still granted."""
        return invoice._get_invoice_next_payment_values()["amount_due"]

    def _billing_invoice_values(self, token, link, invoice):
        values = {"token": token, "link": link, "invoice": invoice}
        if not invoice._has_to_be_paid():
            return values
        amount = self._billing_amount_to_pay(invoice)
        path = f"/billing/l/{token}/{invoice.id}"
        payment_values = self._get_common_page_view_values(
            {
                "partner": invoice.partner_id,
                "company": invoice.company_id,
                "total_amount": amount,
                "amount_residual": amount,
                "currency": invoice.currency_id,
                "landing_route": "/billing/paid",
                "transaction_route": f"{path}/pay",
            }
        )
        return {
            **values,
            **payment_values,
            "amount": amount,
            "partner_id": invoice.partner_id.id,
            # Whoever holds the link may pay, but neither see nor use what the customer saved.
            "tokens_sudo": payment_values["tokens_sudo"].browse(),
            "show_tokenize_input_mapping": dict.fromkeys(
                payment_values["providers_sudo"].ids, False
            ),
        }

    def _billing_statement_values(self, token, link, invoices):
        open_credits = (
            request.env["billing.receivable"]
            .sudo()
            .search(
                [
                    ("company_id", "=", link.company_id.id),
                    ("partner_id", "=", link.partner_id.id),
                    ("currency_id", "=", link.currency_id.id),
                    ("residual_currency", "<", 0),
                ]
            )
        )
        return {
            "token": token,
            "link": link,
            "invoices": invoices,
            "credit": -sum(open_credits.mapped("residual_currency")),
            "today": fields.Date.context_today(invoices),
        }

    def _billing_use_language(self, link):
        """Speak the recipient's language, not the visitor's browser's."""
        lang = (link.recipient_id or link.partner_id).lang
        if lang:
            request.update_context(lang=lang)

    def _billing_log_visit(self, link, invoices, kind="link_clicked"):
        """Write down a visit, unless it is the company's own staff who look."""
        if request.env.user._is_internal():
            return
        if kind in ("link_clicked", "downloaded"):
            agent, reason = self._billing_classify_visit()
        else:
            agent, reason = "human", request.env._("Acted on the page")
        request.env["billing.event"]._log(invoices, kind, link=link, agent=agent, reason=reason)

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

    @staticmethod
    def _billing_headers():
        """Keep the secret of the address out of other sites' logs, caches and search engines."""
        return {
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
            "X-Robots-Tag": "noindex, nofollow",
        }

    def _billing_render(self, template, values, status=200):
        response = request.render(template, values, status=status)
        response.headers.update(self._billing_headers())
        return response

    def _billing_not_found(self):
        return self._billing_render("billing_crm.link_invalid_page", {}, status=404)
