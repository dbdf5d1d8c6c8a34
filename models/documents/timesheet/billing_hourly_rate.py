from itertools import product as product_of

from odoo import api, fields, models


class BillingHourlyRate(models.Model):
    """What an hour costs: for a customer, a person, a product, or any of these together."""

    _name = "billing.hourly.rate"
    _description = "Hourly Rate"
    _order = "partner_id, user_id, product_id, id"
    _check_company_auto = True

    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        check_company=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: any customer.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Person",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('share', '=', False)]",
        help="Who worked. Empty: anyone.",
    )
    product_id = fields.Many2one(
        "product.product",
        string="Kind of Work",
        check_company=True,
        ondelete="cascade",
        domain="[('sale_ok', '=', True), ('type', '=', 'service')]",
        help="Empty: any work.",
    )
    rate = fields.Float(string="Rate per Hour", required=True, min_display_digits="Product Price")
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )

    _rate_not_negative = models.Constraint("CHECK(rate >= 0)", "An hourly rate cannot be negative.")
    _unique_scope = models.UniqueIndex(
        "(company_id, COALESCE(partner_id, 0), COALESCE(user_id, 0), COALESCE(product_id, 0))"
        " WHERE active",
        "There is already a rate for this customer, person and kind of work.",
    )

    @api.depends("partner_id", "user_id", "product_id")
    def _compute_display_name(self):
        for rate in self:
            scope = (rate.partner_id, rate.user_id, rate.product_id)
            names = [record.display_name for record in scope if record]
            rate.display_name = ", ".join(names) or self.env._("All hours")

    @api.model
    def _get_rates(self, hours):
        """Return what an hour of each of ``hours`` costs: {line: (rate, currency) or None}.

        The customer's rate wins over the person's, that over the product's, that over the
        product's own price, and that over the company's rate for all hours. Among rates of a
        customer, the one for this person wins, then the one for this product. A contact's rate
        wins over that of the company they work for; a branch's over its parent's.

        :param hours: `account.analytic.line`
        """
        rates = {
            (rate.company_id, rate.partner_id, rate.user_id, rate.product_id): rate
            for rate in self.sudo().search(
                [("company_id", "parent_of", hours.sudo().company_id.ids)]
            )
        }
        return {line: self._find_rate(rates, line.sudo()) for line in hours}

    @api.model
    def _find_rate(self, rates, hours):
        """Return (rate, currency) for one entry of hours, None if there is none.

        :param rates: what `_get_rates` knows: {(company, partner, user, product): rate}
        """
        partner = hours.partner_id
        product = hours._get_billing_product()
        scopes = product_of(
            dict.fromkeys((partner, partner.commercial_partner_id, partner.browse())),
            dict.fromkeys((hours.user_id, hours.user_id.browse())),
            dict.fromkeys((product, product.browse())),
        )
        price = hours._get_billing_product_price()
        for scope in scopes:
            if price and not any(scope):
                break
            for company in reversed(hours.company_id.parent_ids):
                rate = rates.get((company, *scope))
                if rate:
                    return rate.rate, rate.currency_id
        return price
