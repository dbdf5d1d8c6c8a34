from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .billing_expense_report import lock_or_tell


class BillingExpenseReport(models.Model):
    """What is approved is owed: a vendor bill of the person who spent it."""

    _inherit = "billing.expense.report"

    def action_approve(self):
        """Approve the reports and post their bills, or do nothing at all."""
        self._check_may_approve()
        lock_or_tell(self)
        for report in self:
            if report.decision != "submitted":
                raise UserError(self.env._("%s is not waiting for approval.", report.display_name))
            report.sudo().decision = "approved"
            report._finish_activities()
        self._create_bills()
        return self._warn_about_receipts()

    def action_create_bill(self):
        """Bill approved reports again, whose bill was cancelled, deleted or credited."""
        self._check_may_approve()
        self._create_bills()

    def _create_bills(self):
        """Post one vendor bill for each report, equal to it to the cent."""
        # One of two people who approve at the same time starts again, and finds the other's bill.
        lock_or_tell(self)
        self.invalidate_recordset(["state"])
        for report in self:
            if report.state != "approved":
                raise UserError(self.env._("There is a bill for %s already.", report.display_name))
            bill = (
                self.env["account.move"]
                .with_company(report.company_id)
                .create(report._prepare_bill())
            )
            if report.currency_id.compare_amounts(bill.amount_total, report.total_amount):
                raise UserError(
                    self.env._(
                        "The bill for %(report)s would be %(bill)s instead of %(total)s. Check the "
                        "taxes of its expenses.",
                        report=report.display_name,
                        bill=report.currency_id.format(bill.amount_total),
                        total=report.currency_id.format(report.total_amount),
                    )
                )
            report.sudo().bill_id = bill
            report._copy_receipts(bill)
            bill._post(soft=False)
            bill.message_post(body=self.env._("Made from %s.", report._get_html_link()))
        self.invalidate_recordset(["state"])

    def _prepare_bill(self):
        self.ensure_one()
        today = fields.Date.context_today(self)
        return {
            "move_type": "in_invoice",
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "billing_type_id": self.billing_type_id.id,
            "ref": self.name,
            "invoice_origin": self.name,
            "invoice_date": today,
            "fiscal_position_id": False,
            "invoice_line_ids": [
                Command.create(line._prepare_bill_line()) for line in self.line_ids
            ],
        }

    def _copy_receipts(self, bill):
        for receipt in self.sudo().line_ids.receipt_ids:
            receipt.copy({"res_model": bill._name, "res_id": bill.id})

    def action_view_bill(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.bill_id.id,
            "view_mode": "form",
        }

    def action_view_client_invoices(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Client Invoices"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", self.line_ids.invoice_line_id.move_id.ids)],
        }
