from odoo import api, fields, models

from .placeholders import escape
from .pricing import compound


class BillingRecurringLine(models.Model):
    """A line of each bill of a series."""

    _name = "billing.recurring.line"
    _description = "Recurring Invoice Line"
    _order = "recurring_id, sequence, id"
    _check_company_auto = True

    recurring_id = fields.Many2one(
        "billing.recurring", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="recurring_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="recurring_id.currency_id")
    sequence = fields.Integer(default=10)
    display_type = fields.Selection(
        selection=[("line_section", "Section"), ("line_note", "Note")], default=False
    )
    product_id = fields.Many2one(
        "product.product",
        ondelete="restrict",
        check_company=True,
        domain="[('sale_ok', '=', True)]",
    )
    name = fields.Text(
        string="Description",
        required=True,
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        help="May have placeholders: {month}, {month+1}, {quarter}, {year}, {period}, "
        "{period_start}, {period_end}, {bill_date}, {number}.",
    )
    quantity = fields.Float(digits="Product Unit", default=1.0)
    product_uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
    )
    price_unit = fields.Float(
        string="Price",
        digits="Product Price",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        precompute=True,
        help="The price at the start, before any raise.",
    )
    price_next = fields.Float(
        string="Price of the Next Bill", digits="Product Price", compute="_compute_price_next"
    )
    discount = fields.Float(string="Disc.%", digits="Discount")
    tax_ids = fields.Many2many(
        "account.tax",
        string="Taxes",
        compute="_compute_tax_ids",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain="[('type_tax_use', '=', 'sale')]",
        context={"active_test": False},
    )
    price_change_ids = fields.One2many("billing.recurring.price.change", "line_id")

    _discount_at_most_all = models.Constraint(
        "CHECK (discount <= 100)", "A discount is at most 100 percent."
    )

    @api.depends("product_id")
    def _compute_name(self):
        for line in self:
            if not line.product_id:
                line.name = line.name or False
                continue
            customer = line.recurring_id.partner_id
            product = line.product_id.with_context(lang=customer.lang or self.env.lang)
            texts = [product.display_name, product.description_sale]
            line.name = "\n".join([*(escape(text) for text in texts if text), "{period}"])

    @api.depends("product_id")
    def _compute_product_uom_id(self):
        for line in self:
            line.product_uom_id = line.product_id.uom_id

    @api.depends("product_id", "product_uom_id")
    def _compute_price_unit(self):
        for line in self:
            series = line.recurring_id
            if not line.product_id or not series.currency_id:
                line.price_unit = line.price_unit
                continue
            line.price_unit = line.product_id._get_tax_included_unit_price(
                series.company_id,
                series.currency_id,
                fields.Date.context_today(line),
                "sale",
                fiscal_position=series.fiscal_position_id,
                product_uom=line.product_uom_id,
            )

    @api.depends("product_id", "display_type", "recurring_id.fiscal_position_id")
    def _compute_tax_ids(self):
        for line in self:
            series = line.recurring_id
            company = series.company_id
            if line.display_type or not company:
                line.tax_ids = False
                continue
            taxes = line.product_id.taxes_id._filter_taxes_by_company(company)
            if not line.product_id:
                taxes = company.account_sale_tax_id
            line.tax_ids = series.fiscal_position_id.map_tax(taxes)

    @api.depends(
        "price_unit",
        "price_change_ids.percent",
        "price_change_ids.date_from",
        "recurring_id.next_number",
        "recurring_id.date_start",
        "recurring_id.interval_number",
        "recurring_id.interval_unit",
        "recurring_id.month_end",
    )
    def _compute_price_next(self):
        for line in self:
            series = line.recurring_id
            if series.date_start and series.interval_number >= 1:
                line.price_next = line._get_price(series._get_schedule().start(series.next_number))
            else:
                line.price_next = line.price_unit

    @api.constrains("name")
    def _check_name(self):
        for line in self:
            line.recurring_id._check_placeholders(line.name)

    def _get_short_name(self):
        """Return what is billed, in the language of the context, without the period."""
        self.ensure_one()
        return self.product_id.display_name or self.name.splitlines()[0]

    def _get_price(self, on):
        """Return the price of a period that begins ``on`` a date, with all raises until then."""
        self.ensure_one()
        changes = self.price_change_ids.filtered(lambda change: change.date_from <= on)
        return compound(
            self.price_unit,
            changes.sorted(lambda change: (change.date_from, change._origin.id)).mapped("percent"),
            self._round_price,
        )

    def _round_price(self, price):
        """Round to the currency; as prices are where the price itself is finer than that."""
        currency = self.currency_id
        if abs(self.price_unit - currency.round(self.price_unit)) < 1e-9:
            return currency.round(price)
        return round(price, self.env["decimal.precision"].precision_get("Product Price"))

    def copy_data(self, default=None):
        """A duplicate has no history: it starts at the price that the next bill would have."""
        vals_list = super().copy_data(default)
        return [
            {**vals, "price_unit": line.price_next}
            for line, vals in zip(self, vals_list, strict=True)
        ]
