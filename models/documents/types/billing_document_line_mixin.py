from odoo import api, fields, models


class BillingDocumentLineMixin(models.AbstractModel):
    """A line of a document of ours: what is sold, in the words and at the price of the product.

    A person may change what the product proposes. Prices are in the currency of the document.
    """

    _name = "billing.document.line.mixin"
    _description = "Line of a Document That Leads to Invoices"

    # The name of the field that holds the document; each kind of line names its own.
    _document_field = None

    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product",
        check_company=True,
        ondelete="restrict",
        domain="[('sale_ok', '=', True)]",
    )
    name = fields.Text(
        string="Description",
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
    )
    price_unit = fields.Float(
        string="Price",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        precompute=True,
    )
    discount = fields.Float(string="Disc.%", digits="Discount")
    tax_ids = fields.Many2many(
        "account.tax",
        compute="_compute_tax_ids",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        context={"active_test": False},
        domain="[('type_tax_use', '=', 'sale')]",
    )

    @api.depends("product_id")
    def _compute_name(self):
        """Take the words of the product. Without one, what somebody wrote stays."""
        for line in self:
            line.name = line._get_product_text() if line.product_id else line.name

    def _get_product_text(self):
        """Return how the product is described to the customer."""
        self.ensure_one()
        return self._in_customers_language().get_product_multiline_description_sale()

    def _in_customers_language(self):
        """Return the product, in the language that the customer reads."""
        customer = self[self._document_field].partner_id
        return self.product_id.with_context(lang=customer.lang or self.env.lang)

    @api.depends("product_id")
    def _compute_price_unit(self):
        """Take the price of the product. Without one, what somebody wrote stays."""
        for line in self:
            line.price_unit = line._get_product_price() if line.product_id else line.price_unit

    def _get_product_price(self, **options):
        """Return the price of the product, today unless the ``options`` say another date.

        :param options: of `product.product._get_tax_included_unit_price`
        """
        self.ensure_one()
        document = self[self._document_field]
        company = document.company_id or self.env.company
        return self.product_id._get_tax_included_unit_price(
            **{
                "company": company,
                "currency": document.currency_id or company.currency_id,
                "document_date": fields.Date.context_today(self),
                "document_type": "sale",
                "fiscal_position": document.fiscal_position_id,
                **options,
            }
        )

    @api.depends("product_id")
    def _compute_tax_ids(self):
        for line in self:
            line.tax_ids = line._get_product_taxes()

    def _get_product_taxes(self):
        """Return the taxes of the product, else those that the company usually charges."""
        self.ensure_one()
        document = self[self._document_field]
        company = document.company_id or self.env.company
        taxes = self.product_id.taxes_id._filter_taxes_by_company(company)
        if not self.product_id:
            taxes = company.sudo().account_sale_tax_id.sudo(False)
        return document.fiscal_position_id.map_tax(taxes)
