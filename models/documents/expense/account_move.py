from odoo import api, fields, models
from odoo.exceptions import UserError

CUSTOMER = ("out_invoice", "out_receipt")


class AccountMove(models.Model):
    _inherit = "account.move"

    billing_expense_report_id = fields.Many2one(
        "billing.expense.report",
        string="Expense Report",
        compute="_compute_billing_expense_report_id",
        groups="billing_crm.group_billing_user",
    )
    billing_expense_count = fields.Integer(
        string="Expenses",
        compute="_compute_billing_expense_count",
        groups="billing_crm.group_billing_user",
    )

    def _compute_billing_expense_report_id(self):
        reports = self.env["billing.expense.report"].search([("bill_id", "in", self.ids)])
        by_bill = {report.bill_id: report for report in reports}
        for move in self:
            move.billing_expense_report_id = by_bill.get(move._origin, False)

    def _compute_billing_expense_count(self):
        counts = dict(
            self.env["billing.expense"]._read_group(
                [("invoice_line_id.move_id", "in", self.ids)],
                ["invoice_line_id"],
                ["__count"],
            )
        )
        totals = dict.fromkeys(self._origin, 0)
        for line, count in counts.items():
            totals[line.move_id] += count
        for move in self:
            move.billing_expense_count = totals.get(move._origin, 0)

    # -- The vendor bill -------------------------------------------------------------------------

    def _compute_commercial_partner_id(self):
        # EXTENDS 'account': an employee is a contact of the company, which owes nothing to itself.
        # No `depends` on the type, which a bill has from the start (see the payment terms).
        result = super()._compute_commercial_partner_id()
        for move in self:
            if move._is_owed_to_employee():
                move.commercial_partner_id = move.partner_id
        return result

    def _is_owed_to_employee(self):
        self.ensure_one()
        return (
            self.move_type == "in_invoice"
            and self.billing_type == "expense"
            and self.partner_id.commercial_partner_id == self.company_id.partner_id
        )

    def _prepare_product_base_line_for_taxes_computation(self, product_line):
        # EXTENDS 'account': receipts are entered with their taxes, whatever kind of tax
        base_line = super()._prepare_product_base_line_for_taxes_computation(product_line)
        if product_line.sudo().billing_expense_id and self.is_purchase_document():
            base_line.update(special_mode="total_included", billing_is_receipt=True)
        return base_line

    # -- The client's invoice --------------------------------------------------------------------

    def _get_alerts(self):
        # EXTENDS 'account': offer what waits to be charged to this customer
        alerts = super()._get_alerts()
        if (
            self.state == "draft"
            and self.move_type in CUSTOMER
            and self._origin
            and self.partner_id
            and self.env.user.has_group("billing_crm.group_billing_user")
        ):
            expenses = self._get_waiting_expenses()
            if expenses:
                total = sum(expense._get_charge(self.currency_id) for expense in expenses)
                alerts["billing_expenses"] = {
                    "level": "info",
                    "message": self.env._(
                        "Expenses for this customer wait to be charged: %(count)s, %(amount)s "
                        "before taxes.",
                        count=len(expenses),
                        amount=self.currency_id.format(total),
                    ),
                    "action_text": self.env._("Add expenses"),
                    "action_call": (
                        "account.move",
                        "action_add_billing_expenses",
                        self._origin.ids,
                    ),
                }
        return alerts

    def _get_waiting_expenses(self):
        self.ensure_one()
        expenses = self.env["billing.expense"]
        return expenses.search(expenses._waiting_domain(self.partner_id, self.company_id))

    @api.onchange("currency_id")
    def _onchange_currency_of_billing_expenses(self):
        """What was spent costs the client the same in another currency."""
        if self.move_type in CUSTOMER:
            for line in self.invoice_line_ids:
                expense = line._origin.sudo().billing_expense_id
                if expense:
                    line.price_unit = expense._get_charge(self.currency_id)

    def action_add_billing_expenses(self):
        """Charge the customer for everything that was spent for them and not charged yet."""
        for move in self:
            expenses = move._get_waiting_expenses()
            if not expenses:
                raise UserError(
                    self.env._("No expense waits to be charged to %s.", move.partner_id.name)
                )
            expenses._add_to_invoice(move)

    def action_view_billing_expenses(self):
        """Open the expenses that this invoice charges."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "billing_crm.action_billing_expense_rebill"
        )
        return {
            **action,
            "domain": [("invoice_line_id.move_id", "=", self.id)],
            "context": {},
        }

    def action_view_billing_expense_report(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "billing.expense.report",
            "res_id": self.billing_expense_report_id.id,
            "view_mode": "form",
        }

    def _get_expense_lines(self):
        # all lines, as Odoo is about to read them too, so that this costs no query of its own
        return self.line_ids.filtered("billing_expense_id").sudo()

    def _post(self, soft=True):
        # EXTENDS 'account': an expense is charged once, and to the client it was spent for
        for move in self:
            if move.move_type in CUSTOMER:
                for line in move._get_expense_lines():
                    line._check_charges_its_expense()
            elif move.move_type == "in_invoice":
                move._get_expense_lines()._reclaim_reports()
        return super()._post(soft=soft)

    def button_draft(self):
        # EXTENDS 'account': what another document charges or reimburses by now does not come back
        for move in self:
            if move.state == "cancel" and move.move_type in CUSTOMER:
                move._get_expense_lines()._reclaim_expenses()
            elif move.state == "cancel" and move.move_type == "in_invoice":
                move._get_expense_lines()._reclaim_reports()
            elif move.state == "posted" and move.move_type in ("out_refund", "in_refund"):
                credited = move._get_expense_lines().billing_expense_id
                original = move.reversed_entry_id._get_expense_lines().grouped("billing_expense_id")
                lines = self.env["account.move.line"].union(
                    *(original[expense] for expense in credited if expense in original)
                )
                if move.move_type == "out_refund":
                    lines._reclaim_expenses()
                else:
                    lines._reclaim_reports()
        return super().button_draft()

    def copy_data(self, default=None):
        # EXTENDS 'account': a duplicate of an invoice does not charge its expenses a second time
        vals_list = super().copy_data(default)
        replaces = self.env.context.get("include_business_fields")
        if replaces and not (default or {}).get("debit_origin_id"):
            return vals_list
        for move, vals in zip(self, vals_list, strict=True):
            if move.move_type in CUSTOMER:
                vals["line_ids"] = [
                    command
                    for command in vals.get("line_ids", [])
                    if not (command[2] and command[2].get("billing_expense_id"))
                ]
        return vals_list
