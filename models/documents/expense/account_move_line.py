from odoo import fields, models
from odoo.exceptions import UserError

from .billing_expense_report import lock_or_tell


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # Copied to credit notes and to the replacement of a credited invoice, so that they are known
    # to be about this expense. Duplicates leave such lines out (see `account.move.copy_data`).
    billing_expense_id = fields.Many2one(
        "billing.expense",
        string="Reported Expense",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )

    def _compute_partner_id(self):
        # EXTENDS 'account': see `account.move._compute_commercial_partner_id`
        result = super()._compute_partner_id()
        for line in self:
            if line.move_id._is_owed_to_employee():
                line.partner_id = line.move_id.partner_id
        return result

    def _include_taxes_in_price(self):
        """Raise the price by those of its taxes that a price includes: it was given without."""
        self.ensure_one()
        included = self.tax_ids.flatten_taxes_hierarchy().filtered("price_include")
        if not included:
            return
        details = included.with_context(force_price_include=False).compute_all(
            self.price_unit, self.currency_id, product=self.product_id, partner=self.partner_id
        )
        self.price_unit = details["total_included"]

    def _check_charges_its_expense(self):
        """Raise a UserError if this customer invoice line does not charge its expense rightly."""
        self.ensure_one()
        expense = self.billing_expense_id
        if expense.invoice_line_id != self:
            raise UserError(
                self.env._(
                    "«%s» is charged by another invoice. Remove its line here.", expense.name
                )
            )
        if expense.client_commercial_id != self.move_id.commercial_partner_id:
            raise UserError(
                self.env._(
                    "«%(expense)s» was spent for %(client)s, not for %(customer)s. Remove it.",
                    expense=expense.name,
                    client=expense.client_commercial_id.name,
                    customer=self.move_id.commercial_partner_id.name,
                )
            )

    def _reclaim_expenses(self):
        """Let customer invoice lines charge their expenses again, unless others do by now."""
        for line in self:
            expense = line.billing_expense_id.sudo()
            if expense.invoice_line_id == line:
                continue
            if expense.rebill_state != "waiting":
                raise UserError(
                    self.env._(
                        "«%(expense)s» is charged in %(invoice)s by now. Remove it there, or "
                        "make a new invoice without it.",
                        expense=expense.name,
                        invoice=expense.invoice_line_id.move_id.display_name
                        or self.env._("no invoice"),
                    )
                )
            expense._claim({expense: line})

    def _reclaim_reports(self):
        """Let vendor bill lines be the reimbursement of their reports, unless others are by now."""
        lines_by_report = self.sudo().grouped(lambda line: line.billing_expense_id.report_id)
        for report, lines in lines_by_report.items():
            report.invalidate_recordset(["state"])
            bill = lines.move_id
            if report.bill_id == bill:
                continue
            if report.state != "approved":
                raise UserError(
                    self.env._(
                        "%(report)s is reimbursed by %(bill)s, and not a second time.",
                        report=report.display_name,
                        bill=report.bill_id.display_name or self.env._("no bill"),
                    )
                )
            lock_or_tell(report)
            report.bill_id = bill
