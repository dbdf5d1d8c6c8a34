from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..types import sql_field
from .billing_expense import BILLING_USER

REBILL_STATES = [
    ("no", "Not Charged"),
    ("pending", "Not Approved Yet"),
    ("waiting", "To Charge"),
    ("invoiced", "Charged"),
]


class BillingExpense(models.Model):
    """What was spent for a client waits for the client's next invoice, and is charged once."""

    _inherit = "billing.expense"

    client_note = fields.Char(
        string="Spent For", help="The client or project, in the words of whoever spent it."
    )
    client_id = fields.Many2one(
        "res.partner",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('parent_id', '=', False)]",
    )
    client_commercial_id = fields.Many2one(
        related="client_id.commercial_partner_id", store=True, index="btree_not_null"
    )
    rebillable = fields.Boolean(
        string="Charge to Client",
        compute="_compute_rebillable",
        store=True,
        readonly=False,
        precompute=True,
    )
    markup = fields.Float(
        string="Mark-up (%)",
        digits=(16, 2),
        compute="_compute_markup",
        store=True,
        readonly=False,
        groups=BILLING_USER,
        help="Added to the net cost when the client is charged.",
    )
    charge_amount = fields.Monetary(
        string="Charge",
        compute="_compute_charge_amount",
        currency_field="company_currency_id",
        groups=BILLING_USER,
        help="Net cost with mark-up, before the client's own taxes.",
    )
    invoice_line_id = fields.Many2one(
        "account.move.line",
        readonly=True,
        copy=False,
        ondelete="set null",
        groups=BILLING_USER,
    )
    invoice_id = fields.Many2one(
        related="invoice_line_id.move_id", string="Client Invoice", groups=BILLING_USER
    )
    rebill_state = fields.Selection(
        REBILL_STATES,
        string="Client Charge",
        compute="_compute_rebill_state",
        search="_search_rebill_state",
    )

    _invoice_line_uniq = models.UniqueIndex(
        "(invoice_line_id) WHERE invoice_line_id IS NOT NULL",
        "An invoice line charges one expense.",
    )
    _markup_minimum = models.Constraint(
        "CHECK(markup IS NULL OR markup >= 0 AND markup <= 1000)",
        "A mark-up lies between 0 and 1000 percent.",
    )

    @api.depends("client_id")
    def _compute_rebillable(self):
        for line in self:
            line.rebillable = bool(line.client_id)

    @api.depends("client_id", "company_id")
    def _compute_markup(self):
        for line in self:
            client = line.client_id.sudo().with_company(line.company_id)
            line.markup = client.commercial_partner_id.billing_expense_markup

    @api.constrains("rebillable", "client_id")
    def _check_client(self):
        for line in self:
            if line.rebillable and not line.client_id:
                raise UserError(self.env._("«%s»: say which client is charged.", line.name))

    @api.depends("untaxed_amount", "markup", "rebillable")
    def _compute_charge_amount(self):
        for line in self:
            line.charge_amount = (
                line._get_charge(line.company_currency_id) if line.rebillable else 0.0
            )

    def _get_charge(self, currency):
        """Return what the client is charged, in ``currency``, rounded once, before their taxes.

        The net cost with mark-up, at the rate of the receipt's day. In the company's currency it
        is the cost in the ledger, in the receipt's the one on the receipt.
        """
        self.ensure_one()
        if currency == self.company_currency_id:
            cost = self.untaxed_amount
        else:
            cost = self.currency_id._convert(
                self.untaxed_amount_currency, currency, self.company_id, self.date, round=False
            )
        return add_markup(cost, self.sudo().markup, currency)

    # -- The state: one SQL expression for the field, its search and its groups ------------------

    @api.depends("rebillable", "invoice_line_id", "report_id.decision")
    def _compute_rebill_state(self):
        """Not stored: it follows the invoice, and posting an invoice must not write here."""
        sql_field.compute(self, "rebill_state", unsaved="no")

    def _search_rebill_state(self, operator, value):
        return sql_field.search("rebill_state", operator, value)

    def _field_to_sql(self, alias, fname, query=None):
        # EXTENDS 'base'
        if fname == "rebill_state":
            return self._rebill_state_to_sql(alias, query)
        return super()._field_to_sql(alias, fname, query)

    def _rebill_state_to_sql(self, alias, query):
        """An expense is charged while its invoice line stands: not cancelled, not credited.

        What a credit note takes back is counted from its lines. The payment state would not do: a
        credit note that is a draft again leaves it at "reversed", and a paid invoice stays paid.
        """
        expense, move = self.sudo(), self.env["account.move"].sudo()
        line = self.env["account.move.line"].sudo()
        return SQL(
            """
            CASE
                WHEN %(invoice_line_id)s IS NOT NULL AND EXISTS (
                    SELECT FROM account_move_line charged
                      JOIN account_move invoice ON invoice.id = charged.move_id
                     WHERE charged.id = %(invoice_line_id)s
                       AND %(invoice_state)s != 'cancel'
                       AND NOT EXISTS (
                           SELECT FROM account_move_line credited
                             JOIN account_move credit_note ON credit_note.id = credited.move_id
                            WHERE %(credited_expense)s = %(id)s
                              AND %(reversed_entry)s = invoice.id
                              AND %(credit_note_state)s = 'posted'
                           HAVING abs(sum(%(credited_amount)s)) >= abs(%(charged_amount)s)
                       )
                ) THEN 'invoiced'
                WHEN %(rebillable)s IS NOT TRUE THEN 'no'
                WHEN (SELECT %(decision)s FROM billing_expense_report expense_report
                       WHERE expense_report.id = %(report_id)s) != 'approved' THEN 'pending'
                ELSE 'waiting'
            END
            """,
            id=SQL.identifier(alias, "id"),
            invoice_line_id=expense._field_to_sql(alias, "invoice_line_id", query),
            rebillable=expense._field_to_sql(alias, "rebillable", query),
            report_id=expense._field_to_sql(alias, "report_id", query),
            decision=expense.report_id._field_to_sql("expense_report", "decision"),
            invoice_state=move._field_to_sql("invoice", "state"),
            credited_expense=line._field_to_sql("credited", "billing_expense_id"),
            credited_amount=line._field_to_sql("credited", "price_subtotal"),
            charged_amount=line._field_to_sql("charged", "price_subtotal"),
            reversed_entry=move._field_to_sql("credit_note", "reversed_entry_id"),
            credit_note_state=move._field_to_sql("credit_note", "state"),
        )


def add_markup(cost, markup, currency):
    """Return ``cost`` with ``markup`` percent, rounded once to the unit of ``currency``."""
    return currency.round(cost * (100.0 + markup) / 100.0)
