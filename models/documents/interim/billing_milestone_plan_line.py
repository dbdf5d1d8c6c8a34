from odoo import api, fields, models
from odoo.exceptions import UserError


class BillingMilestonePlanLine(models.Model):
    """What is sold for the contract's amount; a change order adds another one."""

    _name = "billing.milestone.plan.line"
    _description = "Contract Line"
    _inherit = ["billing.document.line.mixin"]
    _order = "plan_id, sequence, id"
    _check_company_auto = True
    _document_field = "plan_id"

    plan_id = fields.Many2one(
        "billing.milestone.plan", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="plan_id.currency_id", store=True, precompute=True)
    name = fields.Text(required=True)
    quantity = fields.Float(digits="Product Unit", default=1.0)
    price_unit = fields.Float(string="Unit Price", min_display_digits="Product Price")
    discount = fields.Float(string="Discount (%)")
    tax_ids = fields.Many2many(relation="billing_milestone_plan_line_tax_rel", context={})
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

    @api.depends("plan_id.company_id", "plan_id.fiscal_position_id")
    def _compute_tax_ids(self):
        # EXTENDS 'billing.document.line.mixin': the plan may change, too
        return super()._compute_tax_ids()

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
        result = super().write(vals)
        if AGREED.intersection(vals):
            self.plan_id.milestone_ids._rescale()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.filtered(lambda line: not line.change_order_id)._check_editable()
        lines.plan_id.milestone_ids._rescale()
        return lines

    def unlink(self):
        milestones = self.plan_id.milestone_ids
        result = super().unlink()
        milestones.exists()._rescale()
        return result

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
