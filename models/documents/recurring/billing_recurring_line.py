from odoo import api, fields, models
from odoo.tools import float_round

from .placeholders import escape
from .pricing import compound


class BillingRecurringLine(models.Model):
    """A line of each bill of a series."""

    _name = "billing.recurring.line"
    _description = "Recurring Invoice Line"
    _inherit = ["billing.document.line.mixin"]
    _order = "recurring_id, sequence, id"
    _check_company_auto = True
    _document_field = "recurring_id"

    recurring_id = fields.Many2one(
        "billing.recurring", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="recurring_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="recurring_id.currency_id")
    display_type = fields.Selection(
        selection=[("line_section", "Section"), ("line_note", "Note")], default=False
    )
    name = fields.Text(
        required=True,
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
        digits="Product Price", help="The price at the start, before any raise."
    )
    tax_ids = fields.Many2many(string="Taxes")
    price_next = fields.Float(
        string="Price of the Next Bill", digits="Product Price", compute="_compute_price_next"
    )
    price_change_ids = fields.One2many("billing.recurring.price.change", "line_id")

    _discount_at_most_all = models.Constraint(
        "CHECK (discount <= 100)", "A discount is at most 100 percent."
    )

    def _get_product_text(self):
        # OVERRIDE: braces in it are no placeholders, and the period is named
        product = self._in_customers_language()
        texts = [product.display_name, product.description_sale]
        return "\n".join([*(escape(text) for text in texts if text), "{period}"])

    @api.depends("product_id")
    def _compute_product_uom_id(self):
        for line in self:
            line.product_uom_id = line.product_id.uom_id

    @api.depends("product_uom_id")
    def _compute_price_unit(self):
        # EXTENDS 'billing.document.line.mixin': the price is that of the unit
        return super()._compute_price_unit()

    def _get_product_price(self, **options):
        # EXTENDS 'billing.document.line.mixin'
        return super()._get_product_price(product_uom=self.product_uom_id, **options)

    @api.depends("display_type", "recurring_id.fiscal_position_id")
    def _compute_tax_ids(self):
        # EXTENDS 'billing.document.line.mixin'
        texts = self.filtered("display_type")
        texts.tax_ids = False
        return super(BillingRecurringLine, self - texts)._compute_tax_ids()

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
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return float_round(price, precision_digits=digits)

    def copy_data(self, default=None):
        """A duplicate has no history: it starts at the price that the next bill would have."""
        vals_list = super().copy_data(default)
        return [
            {**vals, "price_unit": line.price_next}
            for line, vals in zip(self, vals_list, strict=True)
        ]
