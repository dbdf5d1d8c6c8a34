from odoo import fields, models


class AccountMove(models.Model):
    """A document that resolves a dispute does so when it is confirmed, and no longer if it is taken
    back. Documents that have nothing to do with a dispute cost nothing more: the link is on them.
    """

    _inherit = "account.move"

    billing_dispute_id = fields.Many2one(
        "billing.dispute",
        string="Resolves",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The dispute that this document resolves.",
    )

    def _post(self, soft=True):
        # EXTENDS 'account'
        posted = super()._post(soft)
        documents = posted.filtered("billing_dispute_id")
        if documents:
            documents._billing_settle_disputes()
        return posted

    def _billing_settle_disputes(self):
        """These documents are confirmed: set credits against the invoices, close the disputes."""
        for document in self:
            dispute = document.billing_dispute_id.sudo()
            if document.move_type == "out_refund" and document.billing_credit_use != "keep":
                document._billing_set_against(dispute.move_id)
            if dispute.state == "open" and not dispute.has_draft:
                dispute._close("resolved", document._get_billing_resolution())

    def _billing_set_against(self, invoice):
        """Reconcile what is open of this credit with what is open of an invoice."""
        lines = (self.line_ids + invoice.line_ids).filtered(
            lambda line: (
                line.account_type == "asset_receivable"
                and not line.reconciled
                and line.parent_state == "posted"
            )
        )
        for lines_of_account in lines.grouped("account_id").values():
            if len(lines_of_account.move_id) > 1:
                lines_of_account.reconcile()

    def _get_billing_resolution(self):
        """Return in which way this document resolves a dispute."""
        if self.billing_type == "mixed":
            return "mixed"
        return "credit" if self.move_type == "out_refund" else "debit"

    def button_draft(self):
        # EXTENDS 'account'
        result = super().button_draft()
        # Odoo leaves a draft set against the invoice, as if what is disputed were settled
        documents = self.filtered(lambda move: move.billing_dispute_id)
        documents.line_ids.remove_move_reconcile()
        documents._billing_reopen_disputes()
        return result

    def button_cancel(self):
        # EXTENDS 'account'
        result = super().button_cancel()
        cancelled = self.filtered(lambda move: move.move_type in ("out_invoice", "out_receipt"))
        if cancelled:
            cancelled._get_billing_open_disputes()._close("resolved", "cancelled")
        return result

    def _billing_reopen_disputes(self):
        """What resolved these disputes is taken back. A line that is disputed anew stays there."""
        self.billing_dispute_id.sudo().filtered(
            lambda dispute: (
                dispute.state == "resolved"
                and "posted" not in dispute.document_ids.mapped("state")
                and not dispute.line_ids._find_open(dispute.line_ids.move_line_id)
            )
        )._reopen()
