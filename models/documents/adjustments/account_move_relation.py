from odoo import api, fields, models


class AccountMove(models.Model):
    """What a credit or debit note has to do with an earlier invoice, and why there is one."""

    _inherit = "account.move"

    billing_reason = fields.Char(
        string="Reason", copy=False, help="Why there is a credit or debit note. Printed on it."
    )
    billing_credit_note_count = fields.Integer(
        string="Number of Credit Notes", compute="_compute_billing_credit_note_count"
    )

    @api.depends("reversal_move_ids")
    def _compute_billing_credit_note_count(self):
        counts = dict(
            self.sudo()._read_group(
                [("reversed_entry_id", "in", self.ids), ("move_type", "=", "out_refund")],
                ["reversed_entry_id"],
                ["__count"],
            )
        )
        for move in self:
            move.billing_credit_note_count = counts.get(move._origin, 0)

    def action_billing_view_original(self):
        """Open the invoice that this credit or debit note is about."""
        self.ensure_one()
        original = self.debit_origin_id or self.reversed_entry_id
        return original._get_billing_documents_action()

    def action_billing_view_credit_notes(self):
        """Open the credit notes to this invoice."""
        self.ensure_one()
        credit_notes = self.reversal_move_ids.filtered(lambda move: move.move_type == "out_refund")
        return credit_notes._get_billing_documents_action(name=self.env._("Credit Notes"))

    def _get_billing_documents_action(self, **values):
        """Open these documents; «New» there makes one of their kind."""
        return self._get_records_action(
            context={"default_move_type": self[:1].move_type or "out_invoice"}, **values
        )

    def _get_billing_first_original(self):
        """Return the invoice at the beginning of a chain of debit notes; of an invoice, itself."""
        self.ensure_one()
        original, seen = self, self
        while original.debit_origin_id and original.debit_origin_id not in seen:
            original = original.debit_origin_id
            seen |= original
        return original

    def _get_billing_relation_text(self):
        """Return what is printed about the original and the reason; False if there is nothing.

        In the language of the context. The original is named only on documents for customers.
        """
        self.ensure_one()
        if not self.is_sale_document(include_receipts=True):
            return False
        if self.debit_origin_id:
            text = self.env._("Debit note to %s", self.debit_origin_id.name)
        elif self.reversed_entry_id:
            text = self.env._("Credit note to %s", self.reversed_entry_id.name)
        elif self.billing_reason:
            return self.env._("Reason: %s", self.billing_reason)
        else:
            return False
        return f"{text}: {self.billing_reason}" if self.billing_reason else text

    def _is_billing_reference_printed(self):
        """Whether the reference says more than the relation to the original does already."""
        self.ensure_one()
        original = self.debit_origin_id or self.reversed_entry_id
        return not (
            original and original.name in (self.ref or "") and self._get_billing_relation_text()
        )
