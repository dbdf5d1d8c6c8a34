from odoo import api, fields, models
from odoo.exceptions import ValidationError

from . import share


class BillingDisputeLine(models.Model):
    """A line of an invoice that is disputed, or a part of it."""

    _name = "billing.dispute.line"
    _description = "Disputed Line"
    _rec_name = "name"
    _check_company_auto = True

    dispute_id = fields.Many2one(
        "billing.dispute", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="dispute_id.company_id", store=True)
    currency_id = fields.Many2one(related="dispute_id.currency_id")
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Line",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="Empty if the invoice was changed since.",
    )
    name = fields.Char(string="Description", compute="_compute_name", store=True, precompute=True)
    quantity = fields.Float(
        digits="Product Unit",
        compute="_compute_quantity",
        store=True,
        readonly=False,
        precompute=True,
        help="How much of it is disputed.",
    )
    amount = fields.Monetary(
        string="Disputed",
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
        help="Taxes included.",
    )
    is_open = fields.Boolean(compute="_compute_is_open", store=True, precompute=True)

    # the last word on what `_check_free` says first
    _one_open_uniq = models.UniqueIndex(
        "(move_line_id) WHERE is_open", "This line is disputed already."
    )

    @api.depends("move_line_id")
    def _compute_name(self):
        """What it said stays, also if the line is gone."""
        for line in self:
            item = line.move_line_id.sudo()
            if item:
                line.name = item._get_billing_label()
            else:
                line.name = line.name

    @api.depends("move_line_id")
    def _compute_quantity(self):
        for line in self:
            line.quantity = line.move_line_id.sudo().quantity or line.quantity

    @api.depends("move_line_id", "quantity")
    def _compute_amount(self):
        for line in self:
            item = line.move_line_id.sudo()
            if not item:
                line.amount = line.amount
                continue
            whole = line._get_whole_amount()
            factor = line.quantity / item.quantity if item.quantity else 1.0
            line.amount = item.currency_id.round(whole * factor)

    @api.depends("dispute_id.state")
    def _compute_is_open(self):
        for line in self:
            line.is_open = line.dispute_id.state == "open"

    def _get_whole_amount(self):
        """Return what the customer pays for the line of the invoice, taxes included."""
        item = self.move_line_id.sudo()
        item = item._origin or item
        part = item.move_id._get_billing_line_amounts().get(item)
        return item.currency_id.round(share.total_of(part)) if part else 0.0

    @api.constrains("move_line_id", "amount", "is_open")
    def _check_line(self):
        for line in self.filtered(lambda line: line.is_open and line.move_line_id):
            item = line.move_line_id.sudo()
            if item.move_id != line.dispute_id.move_id or item.display_type != "product":
                raise ValidationError(
                    self.env._("«%s» is no line of the disputed invoice.", line.name)
                )
            whole, currency = line._get_whole_amount(), item.currency_id
            if (
                currency.compare_amounts(line.amount, 0) <= 0
                or currency.compare_amounts(line.amount, whole) > 0
            ):
                raise ValidationError(
                    self.env._(
                        "Of «%(line)s» more than nothing and at most %(amount)s can be disputed.",
                        line=line.name,
                        amount=currency.format(whole),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        items = self.env["account.move.line"].browse(
            {vals.get("move_line_id") for vals in vals_list} - {None, False}
        )
        self._check_free(items)
        return super().create(vals_list)

    @api.model
    def _check_free(self, items):
        """Raise if an open dispute is about one of these lines of an invoice."""
        for line in self._find_open(items):
            raise ValidationError(self.env._("«%s» is disputed already.", line.name))

    @api.model
    def _find_open(self, items):
        """Return what is in open disputes of these lines of an invoice, whoever asks."""
        return self.sudo().search([("move_line_id", "in", items.ids), ("is_open", "=", True)])
