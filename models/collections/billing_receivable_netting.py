from contextlib import contextmanager

from odoo import api, models
from odoo.tools import SQL, groupby


class BillingReceivable(models.Model):
    """What a customer is to pay now: all that may be asked for, less what they have with us."""

    _inherit = "billing.receivable"

    @api.model
    def _get_credit_companies(self, company):
        """Return the companies whose credits reduce what is owed to ``company``.

        A branch shares its customers' payments with the company it belongs to.
        """
        return self.env["res.company"].sudo().search([("id", "child_of", company.root_id.id)])

    @api.model
    def _select_unposted_payments(self, companies):
        """Return customer payments that are registered but have no journal entry yet.

        They are money the customer has given us, so they are netted like any open credit. Those
        linked to an invoice are known from its payment state already.
        """
        return SQL(
            """
            SELECT partner.commercial_partner_id AS partner_id, payment.currency_id, payment.amount
              FROM account_payment payment
              JOIN res_partner partner ON partner.id = payment.partner_id
             WHERE payment.company_id IN %(companies)s
               AND payment.move_id IS NULL
               AND payment.state = 'in_process'
               AND payment.payment_type = 'inbound'
               AND payment.partner_type = 'customer'
               AND NOT EXISTS (
                    SELECT FROM account_move__account_payment linked
                     WHERE linked.payment_id = payment.id
                   )
            """,
            companies=tuple(companies.ids),
        )

    @contextmanager
    def _joining_large_sets(self):
        """Let PostgreSQL join whole sets as such in a statement about all open items.

        It takes what it knows nothing of for a single row: it would go through all items again for
        each customer (minutes instead of seconds), or compile the query first.
        """
        self.env.cr.execute("SET LOCAL enable_nestloop = off; SET LOCAL jit = off")
        yield
        self.env.cr.execute("SET LOCAL enable_nestloop = DEFAULT; SET LOCAL jit = DEFAULT")

    @api.model
    def _select_credits(self, companies):
        """Return, as SQL, what each customer has with us in each currency; never less than 0.

        :param companies: see `_get_credit_companies`; their items are in ``open_item``
        """
        return SQL(
            """
            SELECT partner_id, currency_id, GREATEST(SUM(amount), 0) AS amount FROM (
                SELECT partner_id, currency_id, -residual_currency AS amount
                  FROM open_item WHERE is_credit
                 UNION ALL
                %s
            ) given
          GROUP BY partner_id, currency_id
            """,
            self._select_unposted_payments(companies),
        )

    @api.model
    def _get_due_now(self, company, partner, currency):
        """Read from the ledger, now, what a customer is to pay to ``company`` in ``currency``.

        :return: see `_get_due_now_of_many`
        :rtype: dict
        """
        customer = (company, partner, currency)
        return self._get_due_now_of_many([customer])[customer]

    @api.model
    def _get_due_now_of_many(self, customers):
        """Read from the ledger, now, what customers are to pay, however many, with a few queries.

        :param customers: (company, partner, currency) of each
        :return: by customer: ``items`` (overdue items that may be reminded) and what `_net` says of
            them; ``upcoming``, the items that may be reminded once they are due, or of which a
            message before that speaks; and ``given``, what the customer has with the company
        :rtype: dict
        """
        due = {}
        for root, group in groupby(customers, lambda customer: customer[0].root_id):
            companies = self._get_credit_companies(root)
            partners = self.env["res.partner"].union(*(partner for _c, partner, _cur in group))
            currencies = self.env["res.currency"].union(*(currency for *_others, currency in group))
            open_items = self.sudo().search_fetch(
                [
                    ("company_id", "in", companies.ids),
                    ("partner_id", "in", partners.ids),
                    ("currency_id", "in", currencies.ids),
                ],
            )
            by_customer = dict(
                groupby(open_items, lambda item: (item.partner_id, item.currency_id))
            )
            unposted = self._get_unposted_payments(companies, partners)
            for company, partner, currency in group:
                items = self.browse().concat(*by_customer.get((partner, currency), ()))
                mine = items.filtered(
                    lambda item, company=company: (
                        item.company_id == company
                        and item.can_be_reminded
                        and not item.is_left_alone
                    )
                )
                given = max(
                    unposted.get((partner.id, currency.id), 0)
                    - sum(items.filtered("is_credit").mapped("residual_currency")),
                    0,
                )
                overdue = mine.filtered("is_overdue")
                due[company, partner, currency] = {
                    "items": overdue,
                    "upcoming": mine - overdue,
                    "given": given,
                    **self._net(overdue, given, company, currency),
                }
        return due

    @api.model
    def _get_unposted_payments(self, companies, partners):
        """Return the sums of `_select_unposted_payments` by the ids of customer and currency."""
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id, currency_id, SUM(amount) FROM (%s) given"
                " WHERE partner_id IN %s GROUP BY partner_id, currency_id",
                self._select_unposted_payments(companies),
                tuple(partners.ids),
            )
        )
        return {(partner, currency): float(amount) for partner, currency, amount in rows}

    @api.model
    def _net(self, items, credit, company, currency):
        """Return what is asked for if a customer who has ``credit`` with us is asked for ``items``.

        :return: the sums ``overdue`` and ``credit`` and what is left of them, ``net``, all in
            ``currency``; and ``net_company``, the same in the company's currency at the rate of the
            items
        :rtype: dict
        """
        overdue = sum(items.mapped("chased_currency"))
        net = currency.round(overdue - credit)
        share = net / overdue if overdue else 0
        return {
            "overdue": overdue,
            "credit": credit,
            "net": net,
            "net_company": company.currency_id.round(sum(items.mapped("chased")) * share),
        }
