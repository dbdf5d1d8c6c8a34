from odoo import api, fields, models
from odoo.tools import SQL

# The same item is worth something else on another date: its figures are cached by date.
AS_OF = {"readonly": True, "depends_context": ("billing_as_of",)}


def amount_field(label):
    return fields.Monetary(
        string=label, currency_field="company_currency_id", aggregator="sum", **AS_OF
    )


class BillingReceivable(models.Model):
    """One row for each open item on the receivable accounts, or each part of it in a payment plan.

    The only place that knows how Odoo stores what is owed. The sum of its rows equals the balance
    of the receivable accounts, today or, with ``billing_as_of`` in the context, on any past date:
    what was reconciled after that date counts as open then.
    """

    _name = "billing.receivable"
    _description = "Open Receivable"
    _auto = False
    _order = "date_maturity, id"
    _rec_name = "move_id"

    move_id = fields.Many2one("account.move", string="Document", readonly=True)
    line_id = fields.Many2one("account.move.line", string="Installment", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    salesperson_id = fields.Many2one(
        "res.users", readonly=True, help="The salesperson of the customer."
    )
    invoice_user_id = fields.Many2one("res.users", string="Invoiced by", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    kind = fields.Selection(
        selection=[
            ("invoice", "Invoice"),
            ("credit", "Credit note"),
            ("payment", "Payment"),
            ("entry", "Other entry"),
        ],
        readonly=True,
    )
    billing_type_id = fields.Many2one("billing.invoice.type", string="Invoice Type", readonly=True)
    billing_type = fields.Selection(
        selection=lambda self: self.env["account.move"]._fields["billing_type"].selection,
        readonly=True,
    )
    payment_state = fields.Char(readonly=True)
    no_followup = fields.Boolean(string="No Follow-Up", readonly=True)
    date = fields.Date(string="Accounting Date", readonly=True)
    invoice_date = fields.Date(readonly=True)
    date_maturity = fields.Date(string="Due Date", readonly=True)
    days_overdue = fields.Integer(aggregator="max", **AS_OF)
    residual_currency = fields.Monetary(
        string="Open in Currency", currency_field="currency_id", **AS_OF
    )
    residual = amount_field("Open")
    disputed_currency = fields.Monetary(
        string="Disputed",
        currency_field="currency_id",
        help="What the customer contests of this installment. It stays owed, but is not asked for.",
        **AS_OF,
    )
    chased_currency = fields.Monetary(
        string="To Be Collected",
        currency_field="currency_id",
        help="What the customer may be asked for: what is open, less what they contest.",
        **AS_OF,
    )
    chased = fields.Monetary(
        string="To Be Collected (Company Currency)",
        currency_field="company_currency_id",
        help="The same at the rate of the item; not rounded, so round sums of it.",
        **AS_OF,
    )
    promised_until = fields.Date(
        help="The customer has promised to pay; nobody asks again until after this day.", **AS_OF
    )
    paused_until = fields.Date(help="Somebody has stopped reminders until after this day.", **AS_OF)
    promise_broken_on = fields.Date(
        help="The last day on which the customer was found not to have kept a promise.", **AS_OF
    )
    share_id = fields.Integer(
        readonly=True,
        help="The part of a payment plan that this row is; 0 if the installment is in none.",
    )
    is_overdue = fields.Boolean(**AS_OF)
    can_be_reminded = fields.Boolean(
        help="An invoice that is not paid, not being paid online, not marked No Follow-Up, not "
        "disputed altogether, not promised and not paused. "
        "Odoo marks an invoice paid as soon as a payment is registered; its item may stay open "
        "until the bank confirms, but the customer is not asked again.",
        **AS_OF,
    )
    is_left_alone = fields.Boolean(
        readonly=True,
        help="Due before the company switched reminders on, for new debts only. It is owed like "
        "any other, but no reminder speaks of it.",
    )
    is_credit = fields.Boolean(
        help="Something the customer has with us: a credit note, a payment on account, or, "
        "counting against them, a payment of ours to the customer.",
        **AS_OF,
    )
    overdue = amount_field("Overdue")

    _depends = {
        "account.move": [
            "move_type",
            "billing_type",
            "billing_type_id",
            "payment_state",
            "invoice_date",
            "invoice_user_id",
        ],
        "account.move.line": [
            "account_id",
            "amount_residual",
            "amount_residual_currency",
            "company_id",
            "currency_id",
            "date",
            "date_maturity",
            "move_id",
            "no_followup",
            "parent_state",
            "partner_id",
            "payment_id",
            "reconciled",
        ],
        "account.account": ["account_type"],
        "account.partial.reconcile": [
            "amount",
            "credit_amount_currency",
            "credit_move_id",
            "debit_amount_currency",
            "debit_move_id",
            "max_date",
        ],
        "payment.transaction": ["invoice_ids", "is_post_processed", "provider_id", "state"],
        "payment.provider": ["code"],
        "res.company": ["billing_reminder_start", "billing_reminder_start_date"],
        "res.partner": ["commercial_partner_id", "country_id", "user_id"],
    }

    @api.model
    def _get_as_of(self):
        """Return the date that is asked about: ``billing_as_of`` of the context, else today."""
        as_of = fields.Date.to_date(self.env.context.get("billing_as_of"))
        return as_of or fields.Date.context_today(self)

    @property
    def _table_query(self):
        as_of = self._get_as_of()
        aged = SQL(
            """
            SELECT item.*,
                   item.residual > 0 AND item.date_maturity < %(as_of)s AS is_overdue,
                   item.residual_currency < 0 OR item.kind = 'payment' AS is_credit,
                   GREATEST(item.residual_currency - %(disputed)s, 0)
                       AS chased_currency,
                   item.residual * GREATEST(item.residual_currency - %(disputed)s, 0)
                       / NULLIF(item.residual_currency, 0) AS chased,
                   GREATEST(LEAST(%(disputed)s, item.residual_currency), 0)
                       AS disputed_currency,
                   hold.promised_until,
                   hold.paused_until,
                   hold.promise_broken_on,
                   COALESCE(item.date_maturity <= item.reminded_after, FALSE) AS is_left_alone,
                   item.kind = 'invoice'
                       AND item.residual_currency > %(disputed)s
                       AND hold.promised_until IS NULL
                       AND hold.paused_until IS NULL
                       AND NOT item.no_followup
                       AND item.payment_state IN ('not_paid', 'partial')
                       AND NOT item.payment_underway AS can_be_reminded,
                   CASE WHEN item.residual > 0
                        THEN GREATEST(%(as_of)s - item.date_maturity, 0) ELSE 0
                   END AS days_overdue
              FROM (%(items)s) item
         LEFT JOIN (%(holds)s) hold ON hold.line_id = item.line_id
            """,
            as_of=as_of,
            items=self._split_by_plan(
                self._items_as_of(as_of)
                if self.env.context.get("billing_as_of")
                else self._items_today(),
                as_of,
            ),
            holds=self._select_holds(as_of),
            # of an item in parts the last ones are disputed: what comes first stays to be paid
            disputed=SQL("GREATEST(COALESCE(hold.disputed, 0) - item.open_after, 0)"),
        )
        return SQL(
            """
            SELECT aged.*, CASE WHEN is_overdue THEN residual ELSE 0 END AS overdue
              FROM (%s) aged
            """,
            aged,
        )

    @api.model
    def _split_by_plan(self, items, as_of):
        """Return ``items``, an SQL query, with those that are under a payment plan on a date split
        into the plan's parts, each with its own due date.

        ``open_after`` is what is open in later parts of the same item, in its currency.
        """
        return SQL(
            """
            SELECT item.*,
                   item.line_id AS id,
                   0 AS share_id,
                   item.own_date_maturity AS date_maturity,
                   item.own_residual AS residual,
                   item.own_residual_currency AS residual_currency,
                   0::numeric AS open_after
              FROM (%s) item
            """,
            items,
        )

    @api.model
    def _items_today(self):
        return SQL(
            "%s WHERE %s AND line.reconciled IS NOT TRUE",
            self._select_items(
                SQL("line.amount_residual"), SQL("line.amount_residual_currency"), SQL()
            ),
            self._where_receivable(),
        )

    @api.model
    def _items_as_of(self, as_of):
        """Open items of a past date: what was reconciled later is added back to the residual."""
        later = SQL(
            """
            LEFT JOIN (
                SELECT line_id, SUM(amount) AS amount, SUM(amount_currency) AS amount_currency
                  FROM (
                    SELECT debit_move_id AS line_id, amount,
                           debit_amount_currency AS amount_currency
                      FROM account_partial_reconcile WHERE max_date > %(as_of)s
                     UNION ALL
                    SELECT credit_move_id, -amount, -credit_amount_currency
                      FROM account_partial_reconcile WHERE max_date > %(as_of)s
                  ) partial
                 GROUP BY line_id
            ) later ON later.line_id = line.id
            """,
            as_of=as_of,
        )
        return SQL(
            """%s WHERE %s AND line.date <= %s
                  AND (line.reconciled IS NOT TRUE OR later.line_id IS NOT NULL)""",
            self._select_items(
                SQL("line.amount_residual + COALESCE(later.amount, 0)"),
                SQL("line.amount_residual_currency + COALESCE(later.amount_currency, 0)"),
                later,
            ),
            self._where_receivable(),
            as_of,
        )

    @api.model
    def _select_items(self, residual, residual_currency, joins):
        return SQL(
            """
            SELECT line.id AS line_id,
                   line.move_id,
                   line.company_id,
                   line.currency_id,
                   company.currency_id AS company_currency_id,
                   CASE WHEN company.billing_reminder_start = 'new'
                        THEN company.billing_reminder_start_date
                   END AS reminded_after,
                   partner.commercial_partner_id AS partner_id,
                   customer.country_id,
                   customer.user_id AS salesperson_id,
                   move.invoice_user_id,
                   move.billing_type,
                   move.billing_type_id,
                   move.payment_state,
                   %(payment_underway)s AS payment_underway,
                   move.invoice_date,
                   line.date,
                   COALESCE(line.date_maturity, line.date) AS own_date_maturity,
                   COALESCE(line.no_followup, FALSE) AS no_followup,
                   %(kind)s AS kind,
                   %(residual)s AS own_residual,
                   %(residual_currency)s AS own_residual_currency
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
                   -- there always is one: PostgreSQL leaves out a LEFT JOIN that nobody reads
         LEFT JOIN account_move move ON move.id = line.move_id
         LEFT JOIN res_company company ON company.id = line.company_id
         LEFT JOIN res_partner partner ON partner.id = line.partner_id
         LEFT JOIN res_partner customer ON customer.id = partner.commercial_partner_id
              %(joins)s
            """,
            # of all moves at once: asked row by row, PostgreSQL expects so much work of a large
            # ledger that it spends seconds on compiling the query
            payment_underway=SQL(
                "move.id IN (%s)", self.env["account.move"]._select_payments_underway()
            ),
            kind=self._kind_to_sql(),
            residual=residual,
            residual_currency=residual_currency,
            joins=joins,
        )

    @api.model
    def _kind_to_sql(self):
        """Return, as SQL, the ``kind`` of what ``line`` of ``move`` is."""
        return SQL(
            """
            CASE
                WHEN move.move_type IN ('out_invoice', 'out_receipt') THEN 'invoice'
                WHEN move.move_type = 'out_refund' THEN 'credit'
                WHEN line.payment_id IS NOT NULL OR move.statement_line_id IS NOT NULL
                     THEN 'payment'
                ELSE 'entry'
            END
            """
        )

    @api.model
    def _where_receivable(self):
        return SQL("account.account_type = 'asset_receivable' AND line.parent_state = 'posted'")

    def action_open_document(self):
        """Open the document this item belongs to."""
        self.ensure_one()
        return self.move_id._get_records_action()
