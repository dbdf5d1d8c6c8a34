from odoo import api, fields, models
from odoo.fields import Domain


class BillingProformaLine(models.Model):
    """What is estimated: a quantity of something at a price, or a heading, or a note."""

    _name = "billing.proforma.line"
    _description = "Pro Forma Line"
    _inherit = ["billing.document.line.mixin"]
    _order = "proforma_id, sequence, id"
    _check_company_auto = True
    _document_field = "proforma_id"

    proforma_id = fields.Many2one(
        "billing.proforma", required=True, index=True, ondelete="cascade", copy=False
    )
    company_id = fields.Many2one(
        related="proforma_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="proforma_id.currency_id", store=True, precompute=True)
    partner_id = fields.Many2one(related="proforma_id.partner_id")
    display_type = fields.Selection(
        selection=[
            ("line_section", "Section"),
            ("line_subsection", "Subsection"),
            ("line_note", "Note"),
        ],
    )
    product_id = fields.Many2one(index="btree_not_null")
    quantity = fields.Float(
        compute="_compute_quantity",
        store=True,
        readonly=False,
        precompute=True,
        digits="Product Unit",
    )
    product_uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        domain="product_id and [('id', 'in', allowed_uom_ids)] or []",
    )
    allowed_uom_ids = fields.Many2many("uom.uom", compute="_compute_allowed_uom_ids")
    price_unit = fields.Float(min_display_digits="Product Price")
    tax_ids = fields.Many2many(
        string="Taxes",
        domain="[('type_tax_use', '=', 'sale'), ('country_id', '=', parent.tax_country_id)]",
    )
    price_subtotal = fields.Monetary(
        string="Estimated", compute="_compute_totals", store=True, precompute=True
    )
    price_total = fields.Monetary(
        string="Estimated incl. Taxes", compute="_compute_totals", store=True, precompute=True
    )

    _nothing_to_pay_on_texts = models.Constraint(
        "CHECK(display_type IS NULL OR (product_id IS NULL AND price_unit = 0 AND quantity = 0))",
        "A heading or note has neither product, quantity nor price.",
    )

    @api.depends("display_type")
    def _compute_quantity(self):
        for line in self:
            line.quantity = 0.0 if line.display_type else line.quantity or 1.0

    @api.depends("product_id")
    def _compute_product_uom_id(self):
        for line in self:
            line.product_uom_id = line.product_id.uom_id

    @api.depends("product_id", "product_id.uom_id", "product_id.uom_ids")
    def _compute_allowed_uom_ids(self):
        for line in self:
            line.allowed_uom_ids = line.product_id.uom_id | line.product_id.uom_ids

    @api.depends("product_uom_id")
    def _compute_price_unit(self):
        # EXTENDS 'billing.document.line.mixin'
        texts = self.filtered("display_type")
        texts.price_unit = 0.0
        return super(BillingProformaLine, self - texts)._compute_price_unit()

    def _get_product_price(self, **options):
        # EXTENDS 'billing.document.line.mixin'
        date = self.proforma_id.date or fields.Date.context_today(self)
        return super()._get_product_price(
            document_date=date, product_uom=self.product_uom_id, **options
        )

    @api.depends("display_type")
    def _compute_tax_ids(self):
        # EXTENDS 'billing.document.line.mixin'
        texts = self.filtered("display_type")
        texts.tax_ids = False
        return super(BillingProformaLine, self - texts)._compute_tax_ids()

    def _prepare_base_line_for_taxes_computation(self):
        """Return this line as Odoo's tax engine wants it."""
        self.ensure_one()
        proforma = self.proforma_id
        return self.env["account.tax"]._prepare_base_line_for_taxes_computation(
            self,
            partner_id=proforma.partner_id,
            currency_id=proforma.currency_id
            or proforma.company_id.currency_id
            or self.env.company.currency_id,
            rate=proforma.currency_rate or 1.0,
        )

    @api.depends(
        "quantity", "price_unit", "discount", "tax_ids", "product_uom_id",
        "currency_id", "display_type",
    )  # fmt: skip
    def _compute_totals(self):
        engine = self.env["account.tax"]
        for line in self:
            if line.display_type:
                line.price_subtotal = line.price_total = 0.0
                continue
            company = line.company_id or self.env.company
            base_line = line._prepare_base_line_for_taxes_computation()
            engine._add_tax_details_in_base_line(base_line, company)
            engine._round_base_lines_tax_details([base_line], company)
            line.price_subtotal = base_line["tax_details"]["total_excluded_currency"]
            line.price_total = base_line["tax_details"]["total_included_currency"]

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.proforma_id._check_editable()
        return lines

    def write(self, vals):
        # Odoo renumbers all lines when one is moved or when a computed figure is stored
        if self._get_content_fields().intersection(vals):
            self.proforma_id._check_editable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        self.proforma_id.filtered(lambda proforma: proforma.exists())._check_editable()

    @api.model
    def _get_content_fields(self):
        """Return the names of the fields that a customer sees on the estimate."""
        return {"name", "quantity", "price_unit", "discount", "tax_ids", "product_id",
                "product_uom_id", "display_type", "proforma_id"}  # fmt: skip

    @api.depends("name", "proforma_id.name")
    def _compute_display_name(self):
        for line in self:
            title = (line.name or line.product_id.display_name or "").split("\n")[0]
            line.display_name = f"{line.proforma_id.name}: {title}" if line.proforma_id else title

    @api.model
    def _search_display_name(self, operator, value):
        return Domain("name", operator, value) | Domain("proforma_id.name", operator, value)
