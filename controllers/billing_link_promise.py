import re

from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import request

from .billing_link import BillingLink

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
AMOUNT = re.compile(r"\d{1,12}(?:[.,]\d{1,6})?", re.ASCII)


class BillingLinkPromise(BillingLink):
    """A customer says on the page when they will pay, or takes that back.

    By POST only, with Odoo's token against forged requests, like every answer of a customer.
    """

    @http.route(
        [
            "/billing/l/<string:token>/promise",
            "/billing/l/<string:token>/<int:invoice_id>/promise",
        ],
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def billing_link_promise(self, token, invoice_id=None, **entered):
        """Take a promise for what is due, then show the page anew.

        :param entered: ``day``, ``amount``, ``currency`` (an id), and ``promise`` (the id of one
            that this one takes the place of)
        """
        return self._billing_answer_promise(
            token,
            invoice_id,
            lambda link, shown: self._billing_promise(link, shown, entered),
            entered,
        )

    @http.route(
        [
            "/billing/l/<string:token>/promise/withdraw",
            "/billing/l/<string:token>/<int:invoice_id>/promise/withdraw",
        ],
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def billing_link_promise_withdraw(self, token, invoice_id=None, **entered):
        """Take back the ``promise`` with this id, then show the page anew."""
        return self._billing_answer_promise(
            token, invoice_id, lambda link, shown: self._billing_withdraw(link, shown, entered), {}
        )

    def _billing_answer_promise(self, token, invoice_id, act, entered):
        """Let ``act`` do what was asked for; if it cannot, say why on the page."""
        link, invoices = self._billing_find(token, invoice_id)
        if not link:
            return self._billing_not_found()
        if not self._billing_allow("promise", link):
            return self._billing_too_many()
        self._billing_use_language(link)
        link, invoices = (record.with_context(lang=request.env.lang) for record in (link, invoices))
        shown = invoices if link.move_id or invoice_id is not None else None
        try:
            if request.env.user._is_internal():
                raise UserError(
                    request.env._("This is what your customer sees. Only they can answer here.")
                )
            with request.env.cr.savepoint():
                invoices._billing_claim()
                act(link, shown)
        except UserError as refusal:
            values = {"promise_error": str(refusal), "promise_entered": entered}
            if shown:
                return self._billing_render_invoice(token, link, shown, None, **values)
            return self._billing_render_statement(token, link, **values)
        path = f"/billing/l/{token}" + (f"/{invoice_id}" if invoice_id is not None else "")
        return request.redirect(f"{path}#promise")

    def _billing_promise(self, link, shown, entered):
        """:raise UserError: if this cannot be promised"""
        day, amount = self._billing_read_promise(entered)
        promises = request.env["billing.promise"].with_context(lang=request.env.lang)
        if entered.get("promise"):
            lines = self._billing_withdraw(link, shown, entered).item_ids.line_id
            rows = promises._get_promisable(
                link.company_id,
                link.partner_id.commercial_partner_id,
                [("line_id", "in", lines.ids)],
            )
        else:
            rows = link._get_promise_rows(shown).filtered(
                lambda row: str(row.currency_id.id) == entered.get("currency")
            )
        promises._record(
            rows,
            amount,
            day,
            source="page",
            contact_id=(link.recipient_id or link.partner_id).id,
            user_id=False,
        )
        self._billing_log_visit(link, rows.move_id, kind="promised")

    def _billing_read_promise(self, entered):
        """Return the day and the amount that were entered; a browser may send anything.

        :raise UserError: if one of them is none
        """
        day, amount = (str(entered.get(name) or "").strip() for name in ("day", "amount"))
        try:
            date = fields.Date.to_date(day) if DAY.fullmatch(day) else None
        except ValueError:
            date = None
        if not date:
            raise UserError(request.env._("Please choose a day."))
        if not AMOUNT.fullmatch(amount):
            raise UserError(request.env._("Please enter an amount."))
        return date, float(amount.replace(",", "."))

    def _billing_withdraw(self, link, shown, entered):
        """Take back a promise, and return it.

        :raise UserError: if this link does not open all that was promised, or it is decided
        """
        ids = self._billing_read_ids([str(entered.get("promise") or "")])
        promise = link._get_promises(shown).filtered(
            lambda promise: promise.id in ids and link._may_change(promise)
        )
        if not promise:
            raise UserError(request.env._("This has changed. Please look again."))
        promise._withdraw(link.recipient_id or link.partner_id)
        return promise
