from odoo import api, fields, models
from odoo.exceptions import UserError


class BillingMilestonePlanLine(models.Model):
    """What is sold for the contract's amount; a change order adds another one."""

    _name = "billing.milestone.plan.line"
    _description = "Contract Line"
    _order = "plan_id, sequence, id"
    _check_company_auto = True

    plan_id = fields.Many2one(
        "billing.milestone.plan", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="plan_id.currency_id", store=True, precompute=True)
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
        required=True,
    )
    quantity = fields.Float(digits="Product Unit", default=1.0)
    price_unit = fields.Float(
        string="Unit Price",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        precompute=True,
        min_display_digits="Product Price",
    )
    discount = fields.Float(string="Discount (%)", digits="Discount")
    tax_ids = fields.Many2many(
        "account.tax",
        "billing_milestone_plan_line_tax_rel",
        compute="_compute_tax_ids",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain="[('type_tax_use', '=', 'sale')]",
    )
    price_subtotal = fields.Monetary(string="Untaxed", compute="_compute_amounts")
    price_total = fields.Monetary(string="Total", compute="_compute_amounts")
    change_order_id = fields.Many2one(
        "billing.change.order",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    milestone_id = fields.Many2one(
        "billing.milestone",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The milestone that bills this line alone. Empty: all milestones share it.",
    )
    proforma_line_id = fields.Many2one(
        "billing.proforma.line",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    amounts = fields.Json(
        copy=False,
        help="What was agreed when the contract was confirmed: base and taxes to the cent.",
    )

    @api.depends("product_id")
    def _compute_name(self):
        for line in self:
            if line.product_id:
                product = line.product_id.with_context(lang=line.plan_id.partner_id.lang)
                line.name = product.get_product_multiline_description_sale()
            else:
                line.name = line.name

    @api.depends("product_id")
    def _compute_price_unit(self):
        for line in self:
            if line.product_id:
                line.price_unit = line.product_id._get_tax_included_unit_price(
                    line.plan_id.company_id,
                    line.plan_id.currency_id,
                    fields.Date.context_today(line),
                    "sale",
                    fiscal_position=line.plan_id.fiscal_position_id,
                )

    @api.depends("product_id", "plan_id.company_id", "plan_id.fiscal_position_id")
    def _compute_tax_ids(self):
        for line in self:
            company = line.plan_id.company_id or self.env.company
            taxes = line.product_id.taxes_id._filter_taxes_by_company(company)
            if not line.product_id:
                taxes = company.account_sale_tax_id
            line.tax_ids = line.plan_id.fiscal_position_id.map_tax(taxes)

    @api.depends(
        "amounts", "quantity", "price_unit", "discount", "tax_ids", "currency_id",
        "plan_id.line_ids.price_unit", "plan_id.line_ids.quantity", "plan_id.line_ids.discount",
    )  # fmt: skip
    def _compute_amounts(self):
        for plan in self.plan_id:
            amounts = plan._get_line_amounts()
            for line in self.filtered(lambda line, plan=plan: line.plan_id == plan):
                untaxed, tax = amounts[line]["base"], plan._sum_tax(amounts[line])
                line.price_subtotal = untaxed
                line.price_total = untaxed + tax
        for line in self.filtered(lambda line: not line.plan_id):
            line.price_subtotal = line.price_total = 0.0

    def _prepare_base_line_for_taxes_computation(self):
        """Return this line as the tax engine wants it. Amounts are in the contract's currency."""
        self.ensure_one()
        return self.env["account.tax"]._prepare_base_line_for_taxes_computation(
            self,
            tax_ids=self.tax_ids,
            price_unit=self.price_unit,
            quantity=self.quantity,
            discount=self.discount,
            currency_id=self.plan_id.currency_id or self.env.company.currency_id,
            partner_id=self.plan_id.partner_id,
            rate=1.0,
        )

    def write(self, vals):
        if AGREED.intersection(vals):
            self._check_editable()
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.filtered(lambda line: not line.change_order_id)._check_editable()
        return lines

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        self._check_editable()

    def _check_editable(self):
        for plan in self.plan_id:
            if plan.state != "draft":
                raise UserError(
                    self.env._(
                        "The total of %s is agreed. Change it with a change order.",
                        plan.display_name,
                    )
                )


# What makes up the agreed total.
AGREED = {"plan_id", "product_id", "quantity", "price_unit", "discount", "tax_ids"}
