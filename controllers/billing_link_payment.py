from datetime import timedelta

from odoo import fields, http
from odoo.addons.payment.controllers.post_processing import PaymentPostProcessing
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.http import request

from ..models.tracking.payment_transaction import LANDING_ROUTE
from .billing_link import BillingLink

# A provider may have forgotten a payment that was only begun longer ago.
BEGUN = timedelta(hours=1)


class BillingLinkPayment(BillingLink):
    """Paying what a link shows, with Odoo's payment flow.

    What is paid, how much of it, through whom, and where it leads, is not for the browser to say.
    """

    @http.route(
        [
            "/billing/l/<string:token>/<int:invoice_id>/pay",
            "/billing/l/<string:token>/<int:invoice_id>/pay/<string:choice>",
        ],
        type="jsonrpc",
        auth="public",
    )
    def billing_link_transaction(
        self, token, invoice_id, choice="due", access_token=None, **kwargs
    ):
        """Start a payment of one invoice.

        :param choice: one of the named choices of the invoice
        :return: the processing values of the `payment.transaction`
        :raise ValidationError: if the link does not open this invoice or nothing is owed on it
        """
        link, invoice = self._billing_find(token, invoice_id)
        if not link:
            raise ValidationError(request.env._("This invoice cannot be paid with this link."))
        invoice._billing_claim()
        choices = invoice._get_billing_choices(link.line_id)
        if choice not in choices or not invoice._billing_can_be_paid():
            raise ValidationError(request.env._("This invoice cannot be paid with this link."))
        lines, amount = choices[choice]["lines"], choices[choice]["amount"]
        values = self._billing_start(link, lines, amount, invoice.partner_id, kwargs)
        request.session["billing_link_path"] = f"/billing/l/{token}/{invoice.id}"
        return values

    @http.route("/billing/l/<string:token>/pay/<string:items>", type="jsonrpc", auth="public")
    def billing_link_statement_transaction(self, token, items, access_token=None, **kwargs):
        """Start one payment of several open items.

        :param items: keys of open items, separated by dashes
        :return: the processing values of the `payment.transaction`
        :raise ValidationError: if any of them is not an open item that can be paid with this link
        """
        link, _invoices = self._billing_find(token)
        keys = self._billing_read_keys(items.split("-"))
        if not link or link.move_id or not keys:
            raise ValidationError(request.env._("This cannot be paid with this link."))
        link._covers(link._get_keyed_lines(keys).move_id)._billing_claim()
        selection = link._get_selection(link._get_statement(), keys)
        if not selection["is_exact"] or not selection["amount"]:
            raise ValidationError(
                request.env._("Some of this cannot be paid any more. Please reload the page.")
            )
        values = self._billing_start(
            link, selection["lines"], selection["amount"], link.partner_id, kwargs
        )
        request.session["billing_link_path"] = f"/billing/l/{token}"
        return values

    @http.route(
        "/billing/l/<string:token>/credit",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def billing_link_credit(self, token, **kwargs):
        """Set the customer's credits against the ticked items, then show the page anew."""
        link, _invoices = self._billing_find(token)
        if not link or link.move_id:
            return self._billing_not_found()
        if not self._billing_allow("answer", link):
            return self._billing_too_many()
        self._billing_use_language(link)
        link = link.with_context(lang=request.env.lang)
        keys = self._billing_read_keys(request.httprequest.form.getlist("item"))
        try:
            if request.env.user._is_internal():
                raise UserError(
                    request.env._("This is what your customer sees. Only they can do this here.")
                )
            with request.env.cr.savepoint():
                link._use_credits(keys)
        except UserError as refusal:
            return self._billing_render_statement(token, link, error=str(refusal))
        return request.redirect(f"/billing/l/{token}")

    # -- Helpers --------------------------------------------------------------

    def _billing_start(self, link, lines, amount, partner, kwargs):
        """Start a payment of ``lines``, or go on with the one that was begun in another tab.

        :param amount: what is paid, in the currency of ``lines``
        :return: the processing values of the `payment.transaction`
        """
        if not self._billing_allow("pay", link):
            raise ValidationError(
                request.env._("Too many payments were begun with this link. Please wait an hour.")
            )
        invoices, currency = lines.move_id, lines.currency_id
        self._validate_transaction_kwargs(kwargs)
        if kwargs.get("token_id") or kwargs.get("flow") not in ("direct", "redirect"):
            raise ValidationError(request.env._("Saved payment methods cannot be used here."))
        shown = kwargs.get("amount")
        if not isinstance(shown, int | float) or currency.compare_amounts(shown, amount):
            raise ValidationError(
                request.env._("The amount has changed in the meantime. Please reload the page.")
            )
        self._billing_check_offer(invoices, partner, amount, kwargs)
        begun = request.env["payment.transaction"].sudo()._billing_begun(invoices)
        same = begun.filtered(
            lambda tx: (
                tx.create_date > fields.Datetime.now() - BEGUN
                and tx.provider_id.id == kwargs["provider_id"]
                and tx.payment_method_id.id == kwargs["payment_method_id"]
                and tx.operation == f"online_{kwargs['flow']}"
                and tx.partner_id == partner
                and tx.billing_line_ids == lines
                and not currency.compare_amounts(tx.amount, amount)
            )
        )[:1]
        (begun - same)._billing_replace()
        if same:
            PaymentPostProcessing.monitor_transaction(same)
        else:
            same = self._billing_create_transaction(lines, amount, partner, kwargs)
        self._billing_log_visit(link, invoices, kind="payment_started")
        return same._get_processing_values()

    def _billing_create_transaction(self, lines, amount, partner, kwargs):
        invoices = lines.move_id
        prefix = None  # Odoo takes the invoice's name
        if len(invoices) > 1:
            prefix = invoices.company_id.get_next_batch_payment_communication()
        return self._create_transaction(
            **{
                **kwargs,
                "amount": amount,
                "currency_id": lines.currency_id.id,
                "partner_id": partner.id,
                "token_id": None,
                "landing_route": LANDING_ROUTE,
                "is_validation": False,
                "tokenization_requested": False,
                "reference_prefix": prefix,
                "custom_create_values": {
                    "invoice_ids": [Command.set(invoices.ids)],
                    "billing_line_ids": [Command.set(lines.ids)],
                },
            }
        )

    def _billing_check_offer(self, invoices, partner, amount, kwargs):
        """Raise if the page did not offer this way to pay; the browser may ask for any."""
        currency = invoices.currency_id
        providers = (
            request.env["payment.provider"]
            .sudo()
            ._get_compatible_providers(
                invoices.company_id.id, partner.id, amount, currency_id=currency.id
            )
        ).filtered(lambda provider: provider.id == kwargs.get("provider_id"))
        methods = (
            request.env["payment.method"]
            .sudo()
            ._get_compatible_payment_methods(providers.ids, partner.id, currency_id=currency.id)
        ).filtered(lambda method: method.id == kwargs.get("payment_method_id"))
        if not providers or not methods:
            raise ValidationError(request.env._("This way to pay is not offered."))
