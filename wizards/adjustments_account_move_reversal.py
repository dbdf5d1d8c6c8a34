from odoo import api, fields, models


class AccountMoveReversal(models.TransientModel):
    """The wizard asks what becomes of the credit."""

    _inherit = "account.move.reversal"

    billing_credit_use = fields.Selection(
        selection=[
            ("invoice", "Set against this invoice"),
            ("keep", "Keep as credit for the next invoice"),
            ("refund", "Refund the money"),
        ],
        string="Use of the Credit",
        default="invoice",
        required=True,
        help="Kept credit leaves this invoice as it is, and is offered on the next invoices of the "
        "customer. A refund is set against what is still open on this invoice; the rest is paid "
        "back.",
    )
    billing_for_customer = fields.Boolean(compute="_compute_billing_for_customer")

    @api.depends("move_ids")
    def _compute_billing_for_customer(self):
        for wizard in self:
            wizard.billing_for_customer = bool(wizard.move_ids) and all(
                move.is_sale_document(include_receipts=True) for move in wizard.move_ids
            )

    def _prepare_default_reversal(self, move):
        # EXTENDS 'account'
        values = super()._prepare_default_reversal(move)
        if move.is_sale_document(include_receipts=True):
            values["billing_reason"] = self.reason
            if move.is_inbound() and self.billing_credit_use != "invoice":
                values["billing_credit_use"] = self.billing_credit_use
        return values

    def modify_moves(self):
        # EXTENDS 'account': an invoice that is replaced is cancelled by its credit note
        self.billing_credit_use = "invoice"
        return super().modify_moves()
