from odoo import models


class AccountMoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"

    def _modify_default_reverse_values(self, origin_move):
        # EXTENDS 'account': the corrected invoice bills the milestone of the one it replaces
        values = super()._modify_default_reverse_values(origin_move)
        if origin_move.billing_milestone_id:
            values.update(
                billing_milestone_id=origin_move.billing_milestone_id.id,
                billing_type_id=origin_move.billing_type_id.id,
            )
        return values

    def reverse_moves(self, is_modify=False):
        # EXTENDS 'account'
        action = super().reverse_moves(is_modify=is_modify)
        for move in self.new_move_ids.filtered("billing_milestone_id"):
            move.sudo().billing_milestone_id.invoice_id = move
        return action
