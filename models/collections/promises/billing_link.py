from datetime import timedelta

from odoo import models
from odoo.tools import groupby


class BillingLink(models.Model):
    """What the holder of a link may promise, and what was promised."""

    _inherit = "billing.link"

    def _get_promise_offer(self, invoice=None):
        """Return what the page may offer to promise: what is due of what it shows.

        :param invoice: the one shown; None for everything
        :return: ``first_day`` and ``last_day`` (both may be promised), and ``choices``, for each
            currency a dictionary with ``currency``, ``rows`` (`billing.receivable`), ``open``
            (their sum) and ``amount`` (the same less credits of the customer); None if nothing may
            be promised here
        :rtype: dict | None
        """
        self.ensure_one()
        company, partner = self.company_id, self.partner_id.commercial_partner_id
        promises = self.env["billing.promise"]
        if not company.billing_promise_days:
            return None
        domain = [("date_maturity", "<=", company._get_billing_day())]
        if invoice:
            domain.append(("move_id", "=", invoice.id))
        rows = promises._get_promisable(company, partner, domain)
        rows = rows.filtered(lambda row: row.move_id in self._covers(rows.move_id))
        if not rows:
            return None
        choices = []
        for currency, same in groupby(rows, lambda row: row.currency_id):
            same = rows.browse().concat(*same)
            total = currency.round(sum(same.mapped("residual_currency")))
            choices.append(
                {
                    "currency": currency,
                    "rows": same,
                    "open": total,
                    "amount": total if invoice else self._get_amount_to_promise(currency, total),
                }
            )
        own = self.currency_id or company.currency_id
        rank = promises._get_next_rank(company, partner)
        return {
            **self._get_promise_days(),
            "is_refused": not promises._may_promise(company, rank, is_page=True),
            "choices": sorted(choices, key=lambda choice: choice["currency"] != own),
        }

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
        today = self.company_id._get_billing_day()
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
