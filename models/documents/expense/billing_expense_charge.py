from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date, get_lang

from .billing_expense_report import lock_or_tell


class BillingExpense(models.Model):
    """Charging clients on their invoices, each expense exactly once."""

    _inherit = "billing.expense"

    @api.model
    def _waiting_domain(self, client, company):
        """Return the domain of what waits for an invoice of ``company`` to ``client``."""
        return Domain(
            [
                ("rebill_state", "=", "waiting"),
                ("client_commercial_id", "=", client.commercial_partner_id.id),
                ("company_id", "=", company.id),
            ]
        )

    def _claim(self, line_by_expense):
        """Tie expenses to the invoice lines that charge them, each exactly once.

        Two people cannot: one is told that another is at it, or starts again and finds the
        expense charged.

        :param dict line_by_expense: `account.move.line` by `billing.expense`
        """
        expenses = self.sudo()
        lock_or_tell(expenses)
        expenses.invalidate_recordset(["invoice_line_id", "rebill_state"])
        for expense in expenses:
            if expense.rebill_state != "waiting":
                raise UserError(
                    self.env._(
                        "«%s» does not wait to be charged, or has just been charged by somebody "
                        "else.",
                        expense.name,
                    )
                )
            expense.invoice_line_id = line_by_expense[expense]
        expenses.flush_recordset(["invoice_line_id"])
        expenses.invalidate_recordset(["rebill_state"])

    def _add_to_invoice(self, invoice):
        """Charge the client of the draft ``invoice`` for these expenses."""
        invoice.ensure_one()
        if invoice.state != "draft" or not invoice.is_sale_document(include_receipts=True):
            raise UserError(self.env._("Expenses are charged on a draft invoice."))
        if self.client_commercial_id != invoice.commercial_partner_id:
            raise UserError(
                self.env._("These expenses are not those of %s.", invoice.partner_id.name)
            )
        if self.company_id != invoice.company_id:
            raise UserError(self.env._("These expenses are those of another company."))
        # before the lines: a line that refers to an expense waits for whoever has locked it
        lock_or_tell(self)
        invoice.write(
            {
                "invoice_line_ids": [
                    Command.create(expense._prepare_invoice_line(invoice)) for expense in self
                ]
            }
        )
        lines = invoice.invoice_line_ids.filtered(lambda line: line.billing_expense_id in self)
        by_expense = {}
        for line in lines.sorted("id"):  # the newest, if there are older ones
            by_expense[line.billing_expense_id] = line
        for line in by_expense.values():
            line._include_taxes_in_price()
        self._claim(by_expense)

    def _prepare_invoice_line(self, invoice):
        self.ensure_one()
        lang = get_lang(self.env, invoice.partner_id.lang).code
        date = format_date(self.env, self.date, lang_code=lang)
        return {
            "name": f"{self.name}, {date}, {self.partner_id.name}",
            "product_id": self.product_id.id,
            "quantity": 1.0,
            "discount": 0.0,
            "price_unit": self._get_charge(invoice.currency_id),
            "billing_expense_id": self.id,
        }

    def action_invoice_clients(self):
        """Make one draft invoice for each client and company of the selection, and open them."""
        if not self:
            raise UserError(self.env._("Choose expenses first."))
        for expense in self:
            if expense.rebill_state != "waiting":
                raise UserError(
                    self.env._("«%s» does not wait to be charged to a client.", expense.name)
                )
        invoices = self.env["account.move"]
        for (company, client), expenses in self.grouped(
            lambda expense: (expense.company_id, expense.client_commercial_id)
        ).items():
            invoice = (
                self.env["account.move"]
                .with_company(company)
                .create(
                    {
                        "move_type": "out_invoice",
                        "company_id": company.id,
                        "partner_id": client.id,
                    }
                )
            )
            expenses._add_to_invoice(invoice)
            invoices |= invoice
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Client Invoices"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", invoices.ids)],
            "context": {"default_move_type": "out_invoice"},
        }
        if len(invoices) == 1:
            action.update(view_mode="form", res_id=invoices.id)
        return action
