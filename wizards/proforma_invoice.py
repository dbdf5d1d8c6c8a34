from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import formatLang

from ..models.documents.proforma.base_lines import QUANTITY_DIGITS

# What an invoice that is made from an estimate can be.
INVOICE_BEHAVIORS = ("standard", "mixed", "timesheet", "interim")


class BillingProformaInvoice(models.TransientModel):
    """Turn an estimate into the real thing: all that is left, a percentage, or some quantities."""

    _name = "billing.proforma.invoice"
    _description = "Create Invoice from Pro Forma"

    proforma_id = fields.Many2one("billing.proforma", required=True, readonly=True)
    company_id = fields.Many2one(related="proforma_id.company_id")
    currency_id = fields.Many2one(related="proforma_id.currency_id")
    amount_estimated = fields.Monetary(related="proforma_id.amount_untaxed", string="Estimated")
    amount_invoiced = fields.Monetary(
        related="proforma_id.amount_invoiced", string="Invoiced so Far"
    )
    amount_in_draft = fields.Monetary(related="proforma_id.amount_in_draft")
    mode = fields.Selection(
        selection=[
            ("remaining", "Everything that is left"),
            ("percent", "A percentage"),
            ("quantities", "Chosen quantities"),
        ],
        string="Invoice",
        default="remaining",
        required=True,
    )
    percent = fields.Float(
        string="Percentage", default=50.0, help="Of the estimate, the same for every line."
    )
    invoice_type_id = fields.Many2one(
        "billing.invoice.type",
        domain=[("behavior", "in", INVOICE_BEHAVIORS)],
        check_company=True,
        default=lambda self: self._default_invoice_type_id(),
    )
    line_ids = fields.One2many(
        "billing.proforma.invoice.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    is_over = fields.Boolean(compute="_compute_is_over")
    allow_over = fields.Boolean(
        string="Invoice more than the estimate",
        help="Tick this only if the customer agreed to pay more than was estimated.",
    )

    @api.model
    def _default_invoice_type_id(self):
        proforma = self.env["billing.proforma"].browse(self.env.context.get("default_proforma_id"))
        return self.env["billing.invoice.type"]._get_default(
            proforma.company_id or self.env.company, "standard"
        )

    @api.depends("proforma_id")
    def _compute_line_ids(self):
        for wizard in self:
            remaining = wizard.proforma_id._get_remaining_quantities()
            wizard.line_ids = [Command.clear()] + [
                Command.create(
                    {
                        "proforma_line_id": line.id,
                        "estimated": line.quantity,
                        "remaining": rest,
                        "quantity": max(rest, 0.0) if line.quantity > 0 else min(rest, 0.0),
                    }
                )
                for line, rest in remaining.items()
            ]

    @api.onchange("mode", "percent")
    def _onchange_mode(self):
        for line in self.line_ids:
            line.quantity = self._get_quantity(line)

    def _get_quantity(self, line):
        """Return what is invoiced of a line of this wizard."""
        if self.mode == "percent":
            return line.estimated * self.percent / 100
        if self.mode == "remaining":
            return line.remaining if line.remaining * line.estimated > 0 else 0.0
        return line.quantity

    @api.depends("line_ids.quantity", "line_ids.remaining")
    def _compute_is_over(self):
        for wizard in self:
            wizard.is_over = any(
                _is_more(line.quantity, line.remaining, line.estimated) for line in wizard.line_ids
            )

    def action_create_invoice(self):
        """Make the draft invoice and open it."""
        self.ensure_one()
        proforma = self.proforma_id
        proforma._lock_for_invoicing()
        quantities = self._get_quantities()
        if not self.allow_over:
            self._check_not_over(quantities)
        invoice = proforma._create_invoice(quantities, self.invoice_type_id)
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "view_mode": "form",
            "res_id": invoice.id,
        }

    def _check_not_over(self, quantities):
        """Raise if the invoices would come to more than was estimated of some line.

        :param quantities: ``{line: quantity}``; what is left is read anew
        """
        remaining = self.proforma_id._get_remaining_quantities()
        over = [
            line
            for line, quantity in quantities.items()
            if _is_more(quantity, remaining.get(line, 0.0), line.quantity)
        ]
        if not over:
            return
        line = over[0]
        left = max(remaining.get(line, 0.0) / line.quantity, 0.0) if line.quantity else 0.0
        raise UserError(
            self.env._(
                "With this invoice, more than 100 %% of «%(line)s» would be invoiced: only "
                "%(left)s %% of it is left. Tick «Invoice more than the estimate» if the customer "
                "agreed to that.",
                line=line.name or line.product_id.display_name,
                left=formatLang(self.env, 100 * left, digits=2),
            )
        )

    def _get_quantities(self):
        """Return what to invoice, by line; read anew, as someone else may have invoiced too.

        :raise UserError: if the percentage or a quantity makes no sense
        """
        self.ensure_one()
        if self.mode == "remaining":
            return self.proforma_id._get_open_quantities()
        if self.mode == "percent":
            if not 0 < self.percent <= 100:
                raise UserError(self.env._("Enter a percentage above 0 and up to 100."))
            return {
                line: line.quantity * self.percent / 100
                for line in self.proforma_id.line_ids
                if not line.display_type
            }
        for line in self.line_ids:
            if line.quantity * line.estimated < 0:
                raise UserError(self.env._("The quantity of «%s» has the wrong sign.", line.name))
        return {line.proforma_line_id: line.quantity for line in self.line_ids}


def _is_more(quantity, remaining, estimated):
    """Whether a quantity to invoice is more than what is left of the estimated quantity.

    What is left has the sign of the estimate, and the other one where too much was invoiced.
    """
    sign = -1 if estimated < 0 else 1
    return quantity * sign > max(remaining * sign, 0.0) + 0.5 * 10**-QUANTITY_DIGITS


class BillingProformaInvoiceLine(models.TransientModel):
    _name = "billing.proforma.invoice.line"
    _description = "Line to Invoice from Pro Forma"

    wizard_id = fields.Many2one("billing.proforma.invoice", required=True, ondelete="cascade")
    proforma_line_id = fields.Many2one(
        "billing.proforma.line", string="Line", required=True, ondelete="cascade"
    )
    name = fields.Text(related="proforma_line_id.name")
    product_uom_id = fields.Many2one(related="proforma_line_id.product_uom_id")
    estimated = fields.Float(readonly=True, digits="Product Unit")
    remaining = fields.Float(string="Left", readonly=True, digits="Product Unit")
    quantity = fields.Float(string="To Invoice", digits="Product Unit")
    currency_id = fields.Many2one(related="proforma_line_id.currency_id")
    amount = fields.Monetary(compute="_compute_amount", help="Without taxes.")

    @api.depends("quantity")
    def _compute_amount(self):
        for line in self:
            estimated = line.proforma_line_id
            share = line.quantity / estimated.quantity if estimated.quantity else 0.0
            line.amount = estimated.price_subtotal * share
