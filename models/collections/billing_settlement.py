from odoo import fields, models
from odoo.tools import SQL


class BillingSettlement(models.Model):
    """One row for each installment that was settled, and when.

    The only place that knows how Odoo stores when a debt was paid: an installment is settled on the
    date of the last entry that was reconciled with it. What a credit note settled in full is
    not a payment and is left out.

    ``billing_as_of`` in the context asks about a past date: settled later is not settled.
    """

    _name = "billing.settlement"
    _description = "Settled Installment"
    _auto = False
    _order = "settled_date desc, id desc"
    _rec_name = "move_id"

    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    salesperson_id = fields.Many2one("res.users", readonly=True)
    invoice_date = fields.Date(readonly=True)
    date_maturity = fields.Date(string="Due Date", readonly=True)
    settled_date = fields.Date(readonly=True)
    days_late = fields.Integer(
        readonly=True, aggregator="avg", help="Days from due to settled; negative when early."
    )
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(currency_field="company_currency_id", readonly=True)

    _depends = {
        "account.move": ["invoice_date", "move_type"],
        "account.move.line": [
            "account_id",
            "balance",
            "company_id",
            "date",
            "date_maturity",
            "move_id",
            "parent_state",
            "partner_id",
            "reconciled",
        ],
        "account.account": ["account_type"],
        "account.partial.reconcile": ["credit_move_id", "debit_move_id", "max_date"],
        "res.partner": ["commercial_partner_id", "user_id"],
    }

    @property
    def _table_query(self):
        as_of = self.env["billing.receivable"]._get_as_of()
        return SQL(
            """
            SELECT line.id,
                   line.move_id,
                   line.company_id,
                   company.currency_id AS company_currency_id,
                   partner.commercial_partner_id AS partner_id,
                   customer.user_id AS salesperson_id,
                   move.invoice_date,
                   COALESCE(line.date_maturity, line.date) AS date_maturity,
                   settled.on_date AS settled_date,
                   settled.on_date - COALESCE(line.date_maturity, line.date) AS days_late,
                   line.balance AS amount
              FROM (
                    SELECT partial.debit_move_id AS line_id,
                           MAX(partial.max_date) AS on_date
                      FROM account_partial_reconcile partial
                      JOIN account_move_line credit ON credit.id = partial.credit_move_id
                      JOIN account_move counterpart ON counterpart.id = credit.move_id
                  GROUP BY partial.debit_move_id
                    HAVING bool_or(counterpart.move_type != 'out_refund')
                       AND MAX(partial.max_date) <= %(as_of)s
                   ) settled
              JOIN account_move_line line ON line.id = settled.line_id
              JOIN account_move move ON move.id = line.move_id
              JOIN account_account account ON account.id = line.account_id
              JOIN res_company company ON company.id = line.company_id
              JOIN res_partner partner ON partner.id = line.partner_id
              JOIN res_partner customer ON customer.id = partner.commercial_partner_id
             WHERE line.reconciled
               AND line.parent_state = 'posted'
               AND account.account_type = 'asset_receivable'
               AND move.move_type IN ('out_invoice', 'out_receipt')
            """,
            as_of=as_of,
        )
