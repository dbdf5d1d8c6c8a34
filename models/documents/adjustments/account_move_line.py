from odoo import api, fields, models
from odoo.exceptions import ValidationError

# A credit note that takes back a mixed document takes back its adjustments too.
ADJUSTING_TYPES = ("mixed", "credit")


class AccountMoveLine(models.Model):
    """A line of a mixed document may name the invoice that it raises or lowers."""

    _inherit = "account.move.line"

    billing_adjusted_move_id = fields.Many2one(
        "account.move",
        string="Adjusts",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The invoice that this line raises or lowers.",
    )
    billing_adjustment = fields.Monetary(
        string="Adjustment",
        compute="_compute_billing_adjustment",
        currency_field="currency_id",
        help="What this line adds to the invoice it names, taxes included. Negative: it lowers it.",
    )

    @api.depends("price_total", "move_id.move_type")
    def _compute_billing_adjustment(self):
        for line in self:
            line.billing_adjustment = line.move_id._get_billing_print_sign() * line.price_total

    @api.constrains("billing_adjusted_move_id")
    def _check_billing_adjusted_move_id(self):
        for line in self.filtered("billing_adjusted_move_id"):
            invoice, document = line.billing_adjusted_move_id, line.move_id
            if (
                invoice.move_type not in ("out_invoice", "out_receipt")
                or invoice.state != "posted"
                or invoice == document
                or invoice.company_id != document.company_id
            ):
                raise ValidationError(
                    self.env._(
                        "«%(line)s» cannot adjust %(invoice)s: only confirmed customer invoices of "
                        "the same company can be adjusted.",
                        line=line.name or "",
                        invoice=invoice.display_name,
                    )
                )
            if (
                invoice.commercial_partner_id != document.commercial_partner_id
                or invoice.currency_id != document.currency_id
            ):
                raise ValidationError(
                    self.env._(
                        "«%(line)s» cannot adjust %(invoice)s: it is of another customer, or in "
                        "another currency.",
                        line=line.name or "",
                        invoice=invoice.display_name,
                    )
                )
