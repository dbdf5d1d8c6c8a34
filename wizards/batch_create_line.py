from odoo import api, fields, models


class BillingBatchCreateLine(models.TransientModel):
    """What is invoiced to each of the customers."""

    _name = "billing.batch.create.line"
    _description = "Line of Invoices for Many Customers"
    _order = "sequence, id"
    _check_company_auto = True

    wizard_id = fields.Many2one("billing.batch.create", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="wizard_id.company_id")
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product", check_company=True, domain=[("sale_ok", "=", True)]
    )
    name = fields.Text(
        string="Description",
        help="Empty: the product's name and description, in the language of each customer.",
    )
    quantity = fields.Float(default=1.0, digits="Product Unit", required=True)
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    price_unit = fields.Float(
        string="Price",
        digits="Product Price",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
    )
    tax_ids = fields.Many2many(
        "account.tax",
        string="Taxes",
        check_company=True,
        domain=[("type_tax_use", "=", "sale")],
        compute="_compute_tax_ids",
        store=True,
        readonly=False,
        help="Those of each customer's fiscal position take their place.",
    )
    amount = fields.Monetary(compute="_compute_amount")

    @api.depends("product_id", "currency_id")
    def _compute_price_unit(self):
        for line in self:
            product = line.product_id.with_company(line.company_id)
            if product:
                line.price_unit = product._get_tax_included_unit_price(
                    line.company_id,
                    line.currency_id,
                    line.wizard_id.invoice_date or fields.Date.context_today(line),
                    "sale",
                )

    @api.depends("product_id", "company_id")
    def _compute_tax_ids(self):
        for line in self:
            company = line.company_id
            taxes = line.product_id.taxes_id._filter_taxes_by_company(company)
            line.tax_ids = taxes if line.product_id else company.account_sale_tax_id

    @api.depends("quantity", "price_unit", "tax_ids", "currency_id")
    def _compute_amount(self):
        """The untaxed amount, as the invoice will have it."""
        for line in self:
            line.amount = line.tax_ids.compute_all(
                line.price_unit,
                currency=line.currency_id,
                quantity=line.quantity,
                product=line.product_id,
            )["total_excluded"]

    def _get_values(self):
        """Return this line as JSON, see `_get_draft_values` of `billing.batch`."""
        return {
            "product_id": self.product_id.id,
            "product_uom_id": self.product_uom_id.id,
            "name": self.name,
            "quantity": self.quantity,
            "price_unit": self.price_unit,
            "tax_ids": self.tax_ids.ids,
        }
