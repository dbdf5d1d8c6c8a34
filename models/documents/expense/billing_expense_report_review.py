from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list


class BillingExpenseReport(models.Model):
    """A report on its way: submitted, refused, reset."""

    _inherit = "billing.expense.report"

    def action_submit(self):
        """Hand the reports in. Missing receipts are pointed out, not forbidden."""
        self.check_access("write")
        for report in self:
            report._check_submission()
            number = report.sudo().name or report.billing_type_id.sudo()._next_expense_number()
            report.sudo().write(
                {
                    "name": number,
                    "decision": "submitted",
                    "submitted_on": fields.Date.context_today(report),
                    "refusal_reason": False,
                }
            )
            if report.missing_receipt_count:
                report.message_post(
                    body=self.env._(
                        "Submitted with %s expenses without a receipt.",
                        report.missing_receipt_count,
                    )
                    if report.missing_receipt_count > 1
                    else self.env._("Submitted with one expense without a receipt.")
                )
            if report.approver_id:
                report.sudo().activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=report.approver_id.id,
                    summary=self.env._("Approve the expenses of %s", report.partner_id.name),
                )
        return self._warn_about_receipts()

    def _check_submission(self):
        """Raise a UserError that says what is wrong with a draft."""
        self.ensure_one()
        if self.decision != "draft":
            raise UserError(self.env._("%s is not a draft.", self.display_name))
        if not self.line_ids:
            raise UserError(self.env._("Add what was spent before submitting the report."))
        if not self.billing_type_id:
            raise UserError(
                self.env._("%s has no invoice type for expense reports.", self.company_id.name)
            )
        self.line_ids._check_submission()

    def _warn_about_receipts(self):
        missing = sum(self.mapped("missing_receipt_count"))
        if not missing:
            return None
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._(
                    "Expenses without a receipt: %(count)s, in %(reports)s.",
                    count=missing,
                    reports=format_list(
                        self.env,
                        self.filtered("missing_receipt_count").mapped("display_name"),
                    ),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _refuse(self, reason):
        """Send the reports back with a reason, and tell whoever submitted them."""
        self._check_may_approve()
        for report in self:
            if report.state not in ("submitted", "approved"):
                raise UserError(self.env._("%s cannot be refused now.", report.display_name))
            report._check_not_charged()
            # without its bill, which would reimburse it if it were revived
            report.sudo().write({"decision": "refused", "refusal_reason": reason, "bill_id": False})
            report._finish_activities()
            report.message_post(
                body=self.env._("Refused: %s", reason),
                partner_ids=report.partner_id.ids,
                subtype_xmlid="mail.mt_comment",
            )

    def action_reset(self):
        """Make the reports drafts again; an approved one only by those who may approve it."""
        self.check_access("write")
        for report in self:
            if report.state not in ("submitted", "refused", "approved"):
                raise UserError(
                    self.env._("%s cannot be reset: there is a bill for it.", report.display_name)
                )
            if report.state == "approved":
                report._check_may_approve()
                report._check_not_charged()
            report.sudo().write({"decision": "draft", "bill_id": False})
            report._finish_activities()

    def _check_not_charged(self):
        """What a client has been charged stays approved."""
        charged = self.sudo().line_ids.filtered(lambda line: line.rebill_state == "invoiced")
        if charged:
            raise UserError(
                self.env._(
                    "A client has been charged for %(expenses)s in %(invoices)s. Cancel or credit "
                    "that first.",
                    expenses=format_list(self.env, charged.mapped("name")),
                    invoices=format_list(
                        self.env, charged.invoice_line_id.move_id.mapped("display_name")
                    ),
                )
            )

    def _finish_activities(self):
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
