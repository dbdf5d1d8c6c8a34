from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .billing_expense_report import REVIEWED, SYSTEM_FIELDS


class BillingExpenseReport(models.Model):
    """Who may change what of a report, and when."""

    _inherit = "billing.expense.report"

    @api.model_create_multi
    def create(self, vals_list):
        reports = super().create(vals_list)
        # looked at afterwards: defaults of the context or of the user have a say, too
        empty = SYSTEM_FIELDS - {"decision"}
        if not self.env.su and any(
            report.decision != "draft" or any(report[fname] for fname in empty)
            for report in reports.sudo()
        ):
            raise AccessError(self.env._("An expense report starts as a draft."))
        return reports

    def write(self, vals):
        if not self.env.su:
            self._check_write(vals)
        result = super().write(vals)
        if "partner_id" in vals:
            self._check_own()
        return result

    def _check_own(self):
        """An employee spends for themselves; who is to be reimbursed else is for billing users."""
        user = self.env.user
        if self.env.su or user.has_group("billing_crm.group_billing_user"):
            return
        if self.sudo().partner_id != user.partner_id:
            raise AccessError(self.env._("Your expenses are reimbursed to you alone."))

    def _check_write(self, vals):
        """A report that was submitted is evidence: only its review may still change it."""
        if SYSTEM_FIELDS & vals.keys():
            raise AccessError(self.env._("Use the buttons to change an expense report's status."))
        content = {
            fname
            for fname in vals
            if fname in self._fields and not fname.startswith(("message_", "activity_"))
        }
        reviewer = self.env.user.has_group("billing_crm.group_billing_user")
        for report in self.filtered(lambda report: report.decision != "draft"):
            if content - (REVIEWED if reviewer else set()):
                raise UserError(
                    self.env._(
                        "%s has been submitted. Reset it to draft to change it.",
                        report.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        for report in self:
            if report.decision in ("submitted", "approved"):
                raise UserError(
                    self.env._(
                        "%s has been submitted and cannot be deleted. Reset it to draft first.",
                        report.display_name,
                    )
                )

    def unlink(self):
        # EXTENDS 'base': left to the database, the lines would leave their receipts behind
        self.check_access("unlink")
        self._unlink_except_submitted()
        self.sudo().line_ids.unlink()
        return super().unlink()

    @api.constrains("company_id", "line_ids")
    def _check_company_stays(self):
        for report in self:
            if report.sudo().line_ids.company_id - report.company_id:
                raise UserError(self.env._("All expenses of a report are of one company."))

    def _may_approve(self):
        """Whether the user decides about this report: a manager, and not about their own."""
        self.ensure_one()
        user = self.env.user
        if not user.has_group("billing_crm.group_billing_manager"):
            return False
        return (
            self.partner_id != user.partner_id
            or self.company_id.sudo().billing_expense_own_approval
        )

    def _check_may_approve(self):
        for report in self:
            if not report._may_approve():
                raise AccessError(
                    self.env._(
                        "A billing manager decides about expense reports, and nobody about their "
                        "own unless the company's settings allow it."
                    )
                )
