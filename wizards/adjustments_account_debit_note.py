from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class AccountDebitNote(models.TransientModel):
    """A debit note to a customer has a reason, and points at the first original."""

    _inherit = "account.debit.note"

    billing_for_customer = fields.Boolean(compute="_compute_billing_for_customer")

    @api.depends("move_ids")
    def _compute_billing_for_customer(self):
        for wizard in self:
            wizard.billing_for_customer = any(move.is_sale_document() for move in wizard.move_ids)

    @api.model
    def default_get(self, fields):
        # EXTENDS 'account_debit_note': Odoo refuses debit notes to debit notes. It is asked about
        # the first original of each instead, which is what the new one points at.
        moves = self.env["account.move"]
        if self.env.context.get("active_model") == "account.move":
            moves = moves.browse(self.env.context.get("active_ids"))
        debit_notes = moves.filtered(lambda move: move.debit_origin_id and move.is_sale_document())
        if not debit_notes or any(move.state != "posted" for move in debit_notes):
            return super().default_get(fields)
        asked = [
            (move._get_billing_first_original() if move in debit_notes else move).id
            for move in moves
        ]
        values = super(AccountDebitNote, self.with_context(active_ids=asked)).default_get(fields)
        values["move_ids"] = [Command.set(moves.ids)]
        return values

    def _prepare_default_values(self, move):
        # EXTENDS 'account_debit_note'
        values = super()._prepare_default_values(move)
        if move.is_sale_document():
            original = move._get_billing_first_original()
            reason = (self.reason or "").strip()
            values.update(
                debit_origin_id=original.id,
                billing_reason=reason,
                ref=f"{original.name}, {reason}",
            )
        return values

    def create_debit(self):
        # EXTENDS 'account_debit_note'
        if self.billing_for_customer and not (self.reason or "").strip():
            raise UserError(self.env._("Say why there is a debit note: the customer reads it."))
        return super().create_debit()
