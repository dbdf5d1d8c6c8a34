import re

from odoo import http
from odoo.addons.account_payment.controllers.payment import PaymentPortal
from odoo.addons.account_payment.controllers.portal import PortalAccount
from odoo.http import request

from ..models.tracking.payment_transaction import LANDING_ROUTE
from .billing_visit import BillingVisit
from .rate_limit import BillingRateLimit

# How an open item is called in an address: its id, or that of a part of it.
ITEM_KEY = re.compile(r"(p?)([0-9]{1,9})")


class BillingLink(BillingRateLimit, BillingVisit, PortalAccount, PaymentPortal):
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
    def billing_link_page(self, token, invoice_id=None, pay=None, sel=None, **kwargs):
        """Show one invoice, or everything that is open.

        :param pay: which of the named choices of an invoice to offer for payment
        :param sel: set if the customer ticked items of the statement, in parameters ``item``
        """
        link, invoices = self._billing_find(token, invoice_id)
        if not link:
            return self._billing_not_found()
        self._billing_log_visit(link, invoices)
        self._billing_use_language(link)
        if link.move_id or invoice_id:
            return self._billing_render_invoice(token, link, invoices, pay)
        ticked = None
        if sel is not None:
            ticked = self._billing_read_keys(request.httprequest.args.getlist("item"))
        return self._billing_render_statement(token, link, ticked)

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
        if not self._billing_allow("download", link):
            return self._billing_too_many()
        self._billing_log_visit(link, invoice, kind="downloaded")
        document = invoice._get_invoice_legal_documents("pdf", allow_fallback=True)
        headers = self._get_http_headers(invoice, "pdf", document["content"], True)
        return request.make_response(
            document["content"], [*headers.items(), *self._billing_headers().items()]
        )

    @http.route(
        LANDING_ROUTE,
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

    @staticmethod
    def _billing_read_ids(texts):
        """Return the ids among these texts; a browser may send anything."""
        return {int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 10}

    @staticmethod
    def _billing_read_keys(texts):
        """Return the keys of open items among these texts; a browser may send anything."""
        found = (ITEM_KEY.fullmatch(text) for text in texts)
        return {int(key[2]) * (-1 if key[1] else 1) for key in found if key}

    @staticmethod
    def _billing_write_key(key):
        """Return the key of an open item as a text; those of parts of an item are negative."""
        return f"p{-key}" if key < 0 else str(key)

    def _billing_render_invoice(self, token, link, invoice, pay, **more):
        """Show one invoice, what is open of it, and how to pay it.

        :param more: further values for the page, such as what is wrong with what was entered
        """
        link, invoice = (record.with_context(lang=request.env.lang) for record in (link, invoice))
        path = f"/billing/l/{token}"
        choices = invoice._get_billing_choices(link.line_id)
        usual = next(name for name in ("undisputed", "installment", "due") if name in choices)
        chosen = pay if pay in choices else usual
        amount = choices[chosen]["amount"]
        installments = invoice._get_billing_installments()
        is_underway = invoice._billing_is_payment_underway()
        is_open = (
            invoice.payment_state in ("not_paid", "partial") and invoice.move_type != "out_refund"
        )
        values = {
            "token": token,
            "link": link,
            "path": path,
            "company": invoice.company_id,
            "invoice": invoice,
            "choices": choices,
            "chosen": chosen,
            "amount": amount,
            "is_open": is_open,
            "is_underway": is_underway,
            "installments": installments,
            "is_overdue": any(
                item["is_overdue"] and item["line"] in choices[chosen]["lines"]
                for item in installments
            ),
            "payments": invoice._get_billing_payments(),
            "contact": invoice._get_billing_contact(),
            "bank": is_open and not is_underway and invoice._get_billing_bank_details(amount),
        }
        if invoice._billing_can_be_paid():
            values |= self._billing_payment_values(
                invoice, invoice.partner_id, amount, f"{path}/{invoice.id}/pay/{chosen}"
            )
        return self._billing_render("billing_crm.link_invoice_page", {**values, **more})

    def _billing_render_statement(self, token, link, ticked=None, error=False, **more):
        """Show everything that is open, and how to pay what is ticked (None: what is asked for).

        :param more: further values for the page, as for one invoice
        """
        link = link.with_context(lang=request.env.lang)
        path = f"/billing/l/{token}"
        blocks = link._get_statement()
        selection = link._get_selection(blocks, ticked)
        lines, amount = selection["lines"], selection["amount"]
        usable = link._get_usable_credits(link._get_creditable(lines))
        invoices = lines.move_id
        latest = link.env["account.move"].union(
            *(item["move"] for block in blocks for item in block["items"] if not item["is_entry"])
        )[-1:]
        values = {
            "token": token,
            "link": link,
            "path": path,
            "company": link.company_id,
            "invoice": None,
            "blocks": blocks,
            "selection": selection,
            "write_key": self._billing_write_key,
            "amount": amount,
            "error": error,
            "usable": -sum(usable.mapped("amount_residual_currency")),
            "contact": latest._get_billing_contact() if latest else link.company_id.partner_id,
            "bank": amount and invoices._get_billing_bank_details(amount),
        }
        if amount:
            route = f"{path}/pay/{'-'.join(map(self._billing_write_key, selection['keys']))}"
            values |= self._billing_payment_values(invoices, link.partner_id, amount, route)
        return self._billing_render("billing_crm.link_statement_page", {**values, **more})

    def _billing_payment_values(self, invoices, partner, amount, transaction_route):
        """Return what Odoo's payment form needs to take ``amount`` for these invoices."""
        values = self._get_common_page_view_values(
            {
                "partner": partner,
                "company": invoices.company_id,
                "total_amount": amount,
                "amount_residual": amount,
                "currency": invoices.currency_id,
                "landing_route": LANDING_ROUTE,
                "transaction_route": transaction_route,
            }
        )
        if values["company_mismatch"]:
            return {}
        return {
            **values,
            "partner_id": partner.id,
            # Whoever holds the link may pay, but neither see nor use what the customer saved.
            "tokens_sudo": values["tokens_sudo"].browse(),
            "show_tokenize_input_mapping": dict.fromkeys(values["providers_sudo"].ids, False),
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
        status = 404 if self._billing_allow("wrong_link") else 429
        return self._billing_render("billing_crm.link_invalid_page", {}, status=status)

    def _billing_too_many(self):
        return self._billing_render("billing_crm.link_too_many_page", {}, status=429)
