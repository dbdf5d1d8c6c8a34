from odoo import api, models
from odoo.tools import SQL


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

    @api.model
    def _get_due_now(self, company, partner, currency):
        """Read from the ledger, now, what a customer is to pay to ``company`` in ``currency``.

        :return: ``items`` (overdue items that may be reminded), the sums ``overdue`` and ``credit``
            and what is left of them, ``net``, all in ``currency``; and ``net_company``, the same in
            the company's currency at the rate of the items
        :rtype: dict
        """
        companies = self._get_credit_companies(company)
        open_items = self.sudo().search(
            [
                ("company_id", "in", companies.ids),
                ("partner_id", "=", partner.id),
                ("currency_id", "=", currency.id),
            ]
        )
        items = open_items.filtered(
            lambda item: (
                item.company_id == company
                and item.can_be_reminded
                and item.is_overdue
                and not item.is_left_alone
            )
        )
        unposted = self.env.execute_query(
            SQL(
                "SELECT COALESCE(SUM(amount), 0) FROM (%s) given"
                " WHERE partner_id = %s AND currency_id = %s",
                self._select_unposted_payments(companies),
                partner.id,
                currency.id,
            )
        )[0][0]
        overdue = sum(items.mapped("chased_currency"))
        given = open_items.filtered("is_credit")
        credit = max(float(unposted) - sum(given.mapped("residual_currency")), 0)
        net = currency.round(overdue - credit)
        share = net / overdue if overdue else 0
        return {
            "items": items,
            "overdue": overdue,
            "credit": credit,
            "net": net,
            "net_company": company.currency_id.round(sum(items.mapped("chased")) * share),
        }
