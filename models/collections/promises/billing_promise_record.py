from datetime import timedelta
from itertools import takewhile

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .billing_promise import NOT_KEPT

# Of an open item, what a promise is made of; the rest is not worth a second query.
PROMISED_FIELDS = (
    "company_id",
    "currency_id",
    "date_maturity",
    "line_id",
    "move_id",
    "partner_id",
    "residual_currency",
)


class BillingPromise(models.Model):
    """Taking a promise, and taking it back."""

    _inherit = "billing.promise"

    @api.model
    def _get_promisable(self, company, partner, domain=()):
        """Return the open installments that a customer may promise to pay.

        Not what is promised or part of a payment plan already, and not what is being paid.

        :param partner: commercial partner
        :return: `billing.receivable`, as superuser
        """
        rows = (
            self.env["billing.receivable"]
            .sudo()
            .search_fetch(
                Domain(
                    [
                        ("company_id", "=", company.id),
                        ("partner_id", "=", partner.id),
                        ("kind", "=", "invoice"),
                        ("residual_currency", ">", 0),
                        ("payment_state", "in", ("not_paid", "partial")),
                        ("share_id", "=", 0),
                    ]
                )
                & Domain(domain),
                PROMISED_FIELDS,
            )
        )
        promised = (
            self.env["billing.promise.item"]
            .sudo()
            .search([("line_id", "in", rows.line_id.ids), ("is_open", "=", True)])
            .line_id
        )
        return rows.filtered(
            lambda row: (
                row.line_id not in promised and not row.move_id._billing_is_payment_underway()
            )
        )

    @api.model
    def _record(self, rows, amount, date_promised, **values):
        """Write down a promise.

        :param rows: `billing.receivable` of one customer, company and currency, from
            `_get_promisable`
        :param amount: in their currency
        :param values: further values of the promise: ``source``, ``contact_id``, ``note`` …
        :return: the promise, as superuser
        :raise UserError: if this cannot be promised; the message is fit for the customer
        """
        rows = rows.sudo()
        company, partner, currency = rows.company_id, rows.partner_id, rows.currency_id
        if len(company) != 1 or len(partner) != 1 or len(currency) != 1:
            raise UserError(self.env._("There is nothing here that can be promised."))
        amount = currency.round(amount)
        rank = self._get_next_rank(company, partner)
        self._check_new(rows, amount, date_promised, rank, values.get("source", "clerk"))
        date_until = date_promised + timedelta(days=company.billing_promise_tolerance)
        promise = self.sudo().create(
            {
                "company_id": company.id,
                "partner_id": partner.id,
                "currency_id": currency.id,
                "amount": amount,
                "date_promised": date_promised,
                "date_until": date_until,
                "promised_on": company._get_billing_today(),
                "rank": rank,
                "last_line_id": self._get_last_line_id(),
                "item_ids": [
                    fields.Command.create(
                        {
                            "company_id": company.id,
                            "line_id": row.line_id.id,
                            "move_id": row.move_id.id,
                            "date_until": date_until,
                        }
                    )
                    for row in rows
                ],
                **values,
            }
        )
        self._forget_what_is_held()
        promise._tell_recorded()
        return promise

    @api.model
    def _check_new(self, rows, amount, date_promised, rank, source):
        company, currency = rows.company_id, rows.currency_id
        is_page = source == "page"
        days = company.billing_promise_days if is_page else company.billing_promise_clerk_days
        today = company._get_billing_today()
        if not self._may_promise(company, rank, is_page):
            raise UserError(
                self.env._("The last promises were not kept, so no further one can be taken here.")
            )
        if date_promised < today:
            raise UserError(self.env._("This day is over. Please choose a later one."))
        if date_promised > today + timedelta(days=days):
            raise UserError(
                self.env._("Please choose a day within %(days)s days from now.", days=days)
            )
        if currency.compare_amounts(amount, 0) <= 0:
            raise UserError(self.env._("Please enter an amount."))
        if currency.compare_amounts(amount, sum(rows.mapped("residual_currency"))) > 0:
            raise UserError(self.env._("This is more than is open."))

    @api.model
    def _may_promise(self, company, rank, is_page):
        """Whether another promise is taken after those that were not kept.

        A billing manager decides for themselves.
        """
        limit = company.billing_promise_limit
        is_manager = not is_page and self.env.user.has_group("billing_crm.group_billing_manager")
        return not limit or rank <= limit or is_manager

    @api.model
    def _get_next_rank(self, company, partner):
        """Return how many promises in a row the next one of a customer makes, itself included."""
        verdicts = self.sudo().search_fetch(
            [
                ("company_id", "=", company.id),
                ("partner_id", "=", partner.id),
                "|",
                ("state", "=", "kept"),
                "&",
                ("state", "in", NOT_KEPT),
                ("is_moot", "=", False),
            ],
            ["state"],
            order="id desc",
        )
        return 1 + len(list(takewhile(lambda promise: promise.state != "kept", verdicts)))

    @api.model
    def _get_last_line_id(self):
        query = SQL("SELECT COALESCE(MAX(id), 0) FROM account_move_line")
        return self.env.execute_query(query)[0][0]

    def _withdraw(self, author=None):
        """Take back these promises, which are open.

        :param author: the contact who did it on the customer page; else the current user did
        """
        for company, promises in self.grouped("company_id").items():
            promises.write({"state": "withdrawn", "closed_on": company._get_billing_today()})
        self.item_ids.write({"is_open": False})
        self._forget_what_is_held()
        self._tell_decided(author)

    @api.model
    def _forget_what_is_held(self):
        """What is known of open items has changed without a write to any of them."""
        self.env["billing.receivable"].invalidate_model()
