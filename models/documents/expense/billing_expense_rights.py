from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .billing_expense import BILLING_USER

# What the company decides about an expense after it was submitted.
CODING = {"product_id", "account_id", "tax_ids"}
CHARGING = {"client_id", "rebillable", "markup"}


class BillingExpense(models.Model):
    """Who may change what of an expense, and when; and who sees its receipts."""

    _inherit = "billing.expense"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if not self.env.su:
            if lines.sudo().invoice_line_id:
                raise AccessError(self.env._("Only invoicing an expense links it to an invoice."))
            lines._check_draft()
        lines._adopt_receipts()
        return lines

    def write(self, vals):
        if not self.env.su:
            self._check_write(vals)
        result = super().write(vals)
        if "receipt_ids" in vals:
            self._adopt_receipts()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        if not self.env.su:
            self._check_draft()

    def _check_draft(self):
        for report in self.report_id:
            if report.decision != "draft":
                raise UserError(
                    self.env._(
                        "%s has been submitted. Reset it to draft to change it.",
                        report.display_name,
                    )
                )

    def _check_write(self, vals):
        if vals.keys() & {"invoice_line_id", "report_id"}:
            raise AccessError(self.env._("Only invoicing an expense links it to an invoice."))
        if not vals.keys() - (CODING | CHARGING) and self.env.user.has_group(BILLING_USER):
            for line in self:
                if vals.keys() & CODING and line.report_id.state in ("billed", "paid"):
                    raise UserError(
                        self.env._("%s is billed: its accounts stay.", line.report_id.display_name)
                    )
                if vals.keys() & CHARGING and line.rebill_state == "invoiced":
                    raise UserError(self.env._("«%s» has been charged already.", line.name))
        else:
            self._check_draft()

    def _adopt_receipts(self):
        """Whoever sees an expense sees its receipts: files of a form belong to nobody at first."""
        for line in self.sudo():
            for receipt in line.receipt_ids:
                if (receipt.res_model, receipt.res_id) == (self._name, line.id):
                    continue
                if receipt.create_uid != self.env.user and not self.env.su:
                    raise AccessError(self.env._("Attach your own files only."))
                if receipt.res_id:  # on another record already: take a copy
                    line.receipt_ids = [
                        Command.unlink(receipt.id),
                        Command.link(receipt.copy({"res_model": self._name, "res_id": line.id}).id),
                    ]
                else:
                    receipt.write({"res_model": self._name, "res_id": line.id})
