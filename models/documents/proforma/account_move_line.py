from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    billing_proforma_line_id = fields.Many2one(
        "billing.proforma.line",
        string="Estimated Line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    billing_proforma_factor = fields.Float(
        string="Estimated Quantity in One",
        digits=0,
        readonly=True,
        copy=False,
        help="A part of an estimated line that is no quantity of it, such as a third of one unit, "
        "is invoiced as a lump sum. This is the quantity it stands for.",
    )

    def _copy_data_extend_business_fields(self, values):
        # EXTENDS 'account': a credit or debit note corrects the same estimated line
        result = super()._copy_data_extend_business_fields(values)
        if self.billing_proforma_line_id:
            values["billing_proforma_line_id"] = self.billing_proforma_line_id.id
            values["billing_proforma_factor"] = self.billing_proforma_factor
        return result

    def _get_estimated_quantity(self):
        """Return how much of the estimated line this line bills, in the unit of the estimate."""
        self.ensure_one()
        estimated = self.billing_proforma_line_id
        if self.billing_proforma_factor:
            return self.quantity * self.billing_proforma_factor
        if self.product_uom_id and estimated.product_uom_id:
            return self.product_uom_id._compute_quantity(
                self.quantity, estimated.product_uom_id, round=False
            )
        return self.quantity

    def _get_billed_amount(self, currency):
        """Return what this line bills without taxes, in ``currency``; negative on a credit note.

        The ledger's amount: where taxes are rounded on the whole document, it is the one that
        adds up to the document's total.
        """
        self.ensure_one()
        if self.currency_id == currency:
            return -self.amount_currency
        return self.currency_id._convert(
            -self.amount_currency,
            currency,
            self.company_id,
            self.move_id.invoice_date or self.date or fields.Date.context_today(self),
        )
