from odoo import fields, http
from odoo.addons.account_payment.controllers.payment import PaymentPortal
from odoo.addons.account_payment.controllers.portal import PortalAccount
from odoo.exceptions import ValidationError
from odoo.http import request

from .billing_visit import BillingVisit


class BillingLink(BillingVisit, PortalAccount, PaymentPortal):
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
        # two tabs that pay at the same time: one waits, the other is told
        if not link or not invoice.try_lock_for_update() or not self._billing_can_be_paid(invoice):
            raise ValidationError(request.env._("This invoice cannot be paid with this link."))
        self._validate_transaction_kwargs(kwargs)
        if kwargs.get("token_id") or kwargs.get("flow") == "token":
            raise ValidationError(request.env._("Saved payment methods cannot be used here."))
        # What is paid, through whom, and where it leads, is not for the browser to say.
        amount = self._billing_amount_to_pay(invoice)
        if not self._billing_provider(invoice, amount, kwargs.get("provider_id")):
            raise ValidationError(request.env._("This way to pay is not offered."))
        kwargs.update(
            amount=amount,
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
    def billing_link_seen(self, token, invoice_id=None, is_scripted=False, **kwargs):
        """Called by the page itself, once someone has moved, touched or typed on it."""
        link, invoices = self._billing_find(token, invoice_id)
        if link:
            self._billing_log_visit(link, invoices, kind="viewed", is_scripted=bool(is_scripted))
        return True

    # -- Helpers --------------------------------------------------------------

    def _billing_find(self, token, invoice_id=None):
        """Return the working link with this secret and the invoices it shows, as superuser.

        Both are empty if there is no such link, or if it does not cover ``invoice_id``.
        """
        link = request.env["billing.link"]._find(token)
        invoices = link._get_invoices() if link else request.env["account.move"]
        if invoice_id is not None:
            invoices = self._billing_covered(link, invoices, invoice_id)
        if (link.move_id or invoice_id is not None) and not invoices:
            link = link.browse()
        return link, invoices

    def _billing_covered(self, link, invoices, invoice_id):
        """Return the invoice if the link shows it, or showed it until it was paid through it."""
        if type(invoice_id) is not int:  # a bool is an int, and JSON may bring anything
            return invoices.browse()
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
                covered = link._covers(request.env["account.move"].sudo().browse(invoice_id))
        return covered

    def _billing_can_be_paid(self, invoice):
        """Whether a payment may be started: something is open, and nothing is on its way already.

        Odoo itself would take a second payment while the first is done but not booked, or booked
        but not confirmed by the bank.
        """
        done = invoice.transaction_ids.filtered(lambda tx: tx.state == "done")
        return (
            invoice._has_to_be_paid()
            and invoice.payment_state in ("not_paid", "partial")
            and all(done.mapped("is_post_processed"))
        )

    def _billing_amount_to_pay(self, invoice):
        """Return what is to be paid on an invoice now, in its currency.

        The installments that are overdue, else the next one; without installments all that is open,
        less a discount still granted.
        """
        values = invoice._get_invoice_next_payment_values()
        if values["installment_state"] in ("overdue", "next"):
            return values["next_amount_to_pay"]
        return values["amount_due"]

    def _billing_provider(self, invoice, amount, provider_id):
        """Return the provider if the page offered it; the browser may ask for any."""
        offered = (
            request.env["payment.provider"]
            .sudo()
            ._get_compatible_providers(
                invoice.company_id.id,
                invoice.partner_id.id,
                amount,
                currency_id=invoice.currency_id.id,
            )
        )
        return offered.filtered(lambda provider: provider.id == provider_id)

    def _billing_invoice_values(self, token, link, invoice):
        values = {"token": token, "link": link, "invoice": invoice}
        if not self._billing_can_be_paid(invoice):
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
        due = request.env["billing.receivable"]._get_due_now(
            link.company_id, link.partner_id, link.currency_id
        )
        return {
            "token": token,
            "link": link,
            "invoices": invoices,
            "due": due,
            "today": fields.Date.context_today(invoices),
        }

    def _billing_use_language(self, link):
        """Speak the recipient's language, not the visitor's browser's."""
        lang = (link.recipient_id or link.partner_id).lang
        if lang:
            request.update_context(lang=lang)

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
