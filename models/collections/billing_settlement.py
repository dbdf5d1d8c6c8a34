from odoo import api, fields, models
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
              FROM (%(settled)s
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
            settled=self._select_last_reconciled(),
            as_of=as_of,
        )

    @api.model
    def _select_last_reconciled(self):
        """Return, as SQL that ends with its GROUP BY, when debts were last reconciled."""
        return SQL(
            """
            SELECT partial.debit_move_id AS line_id,
                   MAX(partial.max_date) AS on_date,
                   bool_or(counterpart.move_type != 'out_refund') AS is_payment
              FROM account_partial_reconcile partial
              JOIN account_move_line credit ON credit.id = partial.credit_move_id
              JOIN account_move counterpart ON counterpart.id = credit.move_id
          GROUP BY partial.debit_move_id
            """
        )

    @api.model
    def _select_installments(self, company):
        """Return, as SQL, every installment that ``company`` ever invoiced, and its end so far.

        ``settled_date`` is NULL for what is open, ``is_payment`` FALSE for what credit notes
        settled altogether. Unlike the rows of this model these do not leave out what was credited:
        before that it was open, and who goes through the past must not know better.
        """
        return SQL(
            """
            SELECT line.id,
                   partner.commercial_partner_id AS partner_id,
                   COALESCE(move.invoice_date, line.date) AS invoice_date,
                   COALESCE(line.date_maturity, line.date) AS date_maturity,
                   CASE WHEN line.reconciled AND settled.on_date <= %(as_of)s
                        THEN settled.on_date
                   END AS settled_date,
                   COALESCE(settled.is_payment, FALSE) AS is_payment
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN account_account account ON account.id = line.account_id
         LEFT JOIN res_partner partner ON partner.id = line.partner_id
         LEFT JOIN (%(settled)s) settled ON settled.line_id = line.id
             WHERE line.company_id = %(company)s
               AND line.parent_state = 'posted'
               AND line.balance > 0
               AND account.account_type = 'asset_receivable'
               AND move.move_type IN ('out_invoice', 'out_receipt')
               -- what nothing was reconciled with and is not open never was (an amount of zero)
               AND (settled.line_id IS NOT NULL OR line.reconciled IS NOT TRUE)
            """,
            settled=self._select_last_reconciled(),
            as_of=self.env["billing.receivable"]._get_as_of(),
            company=company.id,
        )
