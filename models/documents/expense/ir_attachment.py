from odoo import models
from odoo.exceptions import UserError


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        # EXTENDS 'base': what somebody is to approve is what was submitted
        self._check_receipts_of_drafts()
        return super().write(vals)

    def unlink(self):
        # EXTENDS 'base'
        self._check_receipts_of_drafts()
        return super().unlink()

    def _check_receipts_of_drafts(self):
        """Receipts are changed and deleted on drafts only, whoever does it by hand."""
        if self.env.su:
            return
        receipts = self.sudo().filtered(lambda file: file.res_model == "billing.expense")
        expenses = self.env["billing.expense"].sudo().browse(receipts.mapped("res_id")).exists()
        for expense in expenses:
            if expense.report_id.decision != "draft":
                raise UserError(
                    self.env._(
                        "%s has been submitted. Reset it to draft to change it.",
                        expense.report_id.display_name,
                    )
                )
