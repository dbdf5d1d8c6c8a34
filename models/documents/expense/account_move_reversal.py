from odoo import models


class AccountMoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"

    def reverse_moves(self, is_modify=False):
        # EXTENDS 'account': what replaces a credited document stands for its expenses
        action = super().reverse_moves(is_modify=is_modify)
        if is_modify:
            for move in self.new_move_ids:
                lines = move._get_expense_lines()
                if move.is_sale_document():
                    lines._reclaim_expenses()
                else:
                    lines._reclaim_reports()
        return action
