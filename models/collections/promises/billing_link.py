from datetime import timedelta

from odoo import models
from odoo.tools import groupby


class BillingLink(models.Model):
    """What the holder of a link may promise, and what was promised."""

    _inherit = "billing.link"

    def _get_promise_offer(self, invoice, promises):
        """Return what the page may offer to promise: what is due of what it shows.

        :param invoice: the one shown; None for everything
        :param promises: what `_get_promises` returned of it
        :return: ``first_day`` and ``last_day`` (both may be promised), ``is_refused``, and
            ``choices``, for each currency a dictionary with ``currency``, ``open`` and ``amount``
            (the same less credits of the customer); None if nothing may be promised here
        :rtype: dict | None
        """
        self.ensure_one()
        company = self.company_id
        if not company.billing_promise_days:
            return None
        if invoice and not invoice._get_billing_plan_parts():
            choices = self._get_invoice_to_promise(invoice, promises)
        else:
            choices = self._get_items_to_promise(invoice)
        if not choices:
            return None
        own = self.currency_id or company.currency_id
        rank = promises._get_next_rank(company, self.partner_id.commercial_partner_id)
        return {
            **self._get_promise_days(),
            "is_refused": not promises._may_promise(company, rank, is_page=True),
            "choices": sorted(choices, key=lambda choice: choice["currency"] != own),
        }

    def _get_promise_rows(self, invoice=None):
        """Return the open items that may be promised here.

        :return: `billing.receivable`, as superuser
        """
        self.ensure_one()
        company, partner = self.company_id, self.partner_id.commercial_partner_id
        domain = [("date_maturity", "<=", company._get_billing_today())]
        if invoice:
            domain.append(("move_id", "=", invoice.id))
        rows = self.env["billing.promise"]._get_promisable(company, partner, domain)
        if not company.billing_promise_days:
            return rows.browse()
        return rows.filtered(lambda row: row.move_id in self._covers(rows.move_id))

    def _get_items_to_promise(self, invoice):
        """Return the choices of an offer from the open items."""
        choices = []
        for currency, same in groupby(self._get_promise_rows(invoice), lambda row: row.currency_id):
            total = currency.round(sum(row.residual_currency for row in same))
            amount = total if invoice else self._get_amount_to_promise(currency, total)
            choices.append({"currency": currency, "open": total, "amount": amount})
        return choices

    def _get_invoice_to_promise(self, invoice, promises):
        """Return the same of one invoice, from what its page has read already.

        Asking for its open items would take a third of the page's time, to plan the query.
        """
        is_open = invoice.payment_state in ("not_paid", "partial")
        if not (is_open and self._covers(invoice)) or invoice._billing_is_payment_underway():
            return []
        today = self.company_id._get_billing_today()
        due = {
            item["line"]: item["open"]
            for item in invoice._get_billing_installments()
            if item["date"] <= today and invoice.currency_id.compare_amounts(item["open"], 0) > 0
        }
        promised = promises.item_ids.line_id
        total = invoice.currency_id.round(
            sum(amount for line, amount in due.items() if line not in promised)
        )
        return [{"currency": invoice.currency_id, "open": total, "amount": total}] if total else []

    def _get_amount_to_promise(self, currency, total):
        """Return what is asked for, credits deducted, if that is less than ``total``."""
        net = self.env["billing.receivable"]._get_due_now(
            self.company_id, self.partner_id.commercial_partner_id, currency
        )["net"]
        return net if 0 < net < total else total

    def _get_promise_change(self, promise):
        """Return between which days, and up to what amount, a promise may be changed.

        :return: as `_get_promise_offer`, with ``open``; None if it may not be changed
        :rtype: dict | None
        """
        self.ensure_one()
        company = promise.company_id
        rank = promise._get_next_rank(company, promise.partner_id) + 1
        if not company.billing_promise_days or not promise._may_promise(company, rank, True):
            return None
        return {
            **self._get_promise_days(),
            "open": sum(promise.item_ids.line_id.mapped("amount_residual_currency")),
        }

    def _get_promise_days(self):
        today = self.company_id._get_billing_today()
        return {
            "first_day": today,
            "last_day": today + timedelta(days=self.company_id.billing_promise_days),
        }

    def _get_promises(self, invoice=None):
        """Return the open promises about what the page shows."""
        self.ensure_one()
        domain = [
            ("company_id", "=", self.company_id.id),
            ("partner_id", "=", self.partner_id.commercial_partner_id.id),
            ("state", "=", "open"),
        ]
        if invoice:
            domain.append(("item_ids.move_id", "=", invoice.id))
        return self.env["billing.promise"].sudo().search(domain, order="date_promised, id")

    def _may_change(self, promise):
        """Whether everything a promise is about is open to the holder of this link."""
        self.ensure_one()
        moves = promise.item_ids.move_id
        return bool(moves) and (
            moves == self.move_id if self.move_id else self._covers(moves) == moves
        )
