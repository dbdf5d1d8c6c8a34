from odoo import models


class AccountMoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"

    def modify_moves(self):
        # EXTENDS 'account': the corrected draft takes over the hours of the credited invoice
        action = super().modify_moves()
        self.new_move_ids._take_over_hours()
        return action
