import json

from odoo import api, fields, models
from odoo.tools import SQL


class BillingForecast(models.Model):
    """Where amounts come from: each source is an SQL query with the same columns.

    ``kind``, ``direction``, ``name``, ``partner_id``, ``move_id``, ``line_id``, ``share_id``,
    ``recurring_id``, ``planned_id``, ``currency_id``, ``invoice_date`` (of open invoices),
    ``date_maturity``, ``open`` (company currency, at the rate of the document),
    ``open_currency``, ``disputed_currency``, and
    ``asked_currency``, what is not disputed of it. All amounts are positive where something is to
    be paid, in whichever direction.
    """

    _inherit = "billing.forecast"

    @api.model
    def _get_sources(self, company, today):
        return [
            self._select_receivables(company),
            self._select_bills(company),
            self._select_drafts(company),
            self._select_to_come(self._get_recurring(company) + self._get_planned(company, today)),
        ]

    @api.model
    def _select_receivables(self, company, as_of=False):
        """What customers owe, and what they have with us; at the end of ``as_of``, if given."""
        receivable = self.env["billing.receivable"].with_company(company)
        receivable = receivable.with_context(billing_as_of=as_of, tz=company._get_billing_zone())
        return SQL(
            """
            SELECT CASE WHEN owed.is_credit THEN 'credit'
                        WHEN owed.share_id != 0 THEN 'plan'
                        ELSE 'receivable' END AS kind,
                   'in' AS direction,
                   move.name, owed.partner_id, owed.move_id, owed.line_id, owed.share_id,
                   NULL::int AS recurring_id, NULL::int AS planned_id, owed.currency_id,
                   owed.invoice_date, owed.date_maturity, owed.residual AS open,
                   owed.residual_currency AS open_currency, owed.disputed_currency,
                   owed.chased_currency AS asked_currency
              FROM %s owed
              JOIN account_move move ON move.id = owed.move_id
             WHERE owed.company_id = %s
            """,
            receivable._table_sql,
            company.id,
        )

    @api.model
    def _select_bills(self, company):
        """What we owe vendors, and what we have with them. A blocked bill is not paid."""
        return SQL(
            """
            SELECT CASE WHEN line.amount_residual_currency > 0 THEN 'credit' ELSE 'bill' END,
                   'out', move.name, partner.commercial_partner_id, line.move_id, line.id, 0,
                   NULL::int, NULL::int, line.currency_id, NULL::date,
                   COALESCE(line.date_maturity, line.date), -line.amount_residual,
                   -line.amount_residual_currency,
                   CASE WHEN move.payment_state = 'blocked'
                        THEN GREATEST(-line.amount_residual_currency, 0) ELSE 0 END,
                   CASE WHEN move.payment_state = 'blocked' THEN 0
                        ELSE GREATEST(-line.amount_residual_currency, 0) END
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
              JOIN account_move move ON move.id = line.move_id
         LEFT JOIN res_partner partner ON partner.id = line.partner_id
             WHERE account.account_type = 'liability_payable'
               AND line.parent_state = 'posted'
               AND line.reconciled IS NOT TRUE
               AND line.company_id = %s
               AND line.amount_residual_currency != 0
            """,
            company.id,
        )

    @api.model
    def _select_drafts(self, company):
        """Drafts that Odoo posts by itself on their day, and those a series has made.

        Of any other draft nobody has decided whether it is a bill.
        """
        return SQL(
            """
            SELECT 'draft',
                   CASE WHEN move.move_type IN ('out_invoice', 'out_receipt')
                        THEN 'in' ELSE 'out' END,
                   COALESCE(series.name, move.ref), partner.commercial_partner_id, line.move_id,
                   line.id, 0, NULL::int, NULL::int, line.currency_id, NULL::date,
                   COALESCE(line.date_maturity, move.invoice_date, move.date), 0,
                   abs(line.amount_currency), 0, abs(line.amount_currency)
              FROM account_move move
              JOIN account_move_line line ON line.move_id = move.id
         LEFT JOIN billing_recurring series ON series.id = move.billing_recurring_id
         LEFT JOIN res_partner partner ON partner.id = line.partner_id
             WHERE move.state = 'draft'
               AND move.move_type IN ('out_invoice', 'out_receipt', 'in_invoice', 'in_receipt')
               AND (move.auto_post != 'no' OR move.billing_recurring_id IS NOT NULL)
               AND line.display_type = 'payment_term'
               AND move.company_id = %s
            """,
            company.id,
        )

    @api.model
    def _select_to_come(self, rows):
        """What is no journal item yet.

        :param rows: dicts of ``kind``, ``direction``, ``name``, ``partner_id``, ``recurring_id``,
            ``planned_id``, ``currency_id``, ``date_maturity`` and ``amount_currency``
        """
        return SQL(
            """
            SELECT kind, direction, name, partner_id, NULL::int, NULL::int, 0, recurring_id,
                   planned_id, currency_id, NULL::date, date_maturity, 0, amount_currency, 0,
                   amount_currency
              FROM jsonb_to_recordset(%s::jsonb) AS row (
                   kind varchar, direction varchar, name varchar, partner_id int,
                   recurring_id int, planned_id int, currency_id int, date_maturity date,
                   amount_currency numeric)
            """,
            json.dumps(rows, default=str),
        )

    @api.model
    def _get_planned(self, company, today):
        horizon = company._get_billing_horizon()
        rows = []
        for planned in self.env["billing.planned.cash"].search([("company_id", "=", company.id)]):
            for day in planned._iterate_from(today):
                if day > horizon:
                    break
                rows.append(
                    {
                        "kind": "planned",
                        "direction": planned.direction,
                        "name": planned.name,
                        "partner_id": planned.partner_id.commercial_partner_id.id or None,
                        "planned_id": planned.id,
                        "currency_id": planned.currency_id.id,
                        "date_maturity": day,
                        "amount_currency": planned.amount,
                    }
                )
        return rows

    @api.model
    def _get_recurring(self, company):
        """Return what running series bill until the horizon, each installment a row.

        A series that cannot be billed now will not bring money, and is left out.
        """
        horizon = company._get_billing_horizon()
        today = company._get_billing_today()
        rows = []
        series_of_company = self.env["billing.recurring"].search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "running"),
                ("next_date", "<=", horizon),
            ]
        )
        for series in series_of_company.with_company(company):
            if series._find_obstacle():
                continue
            count = series._count_due(horizon)
            for bill in series._get_next_bills(limit=count):
                billed_on = max(bill["bill_date"], today)
                rows += [
                    {
                        "kind": "recurring",
                        "direction": "in",
                        "name": series.name,
                        "partner_id": series.partner_id.commercial_partner_id.id,
                        "recurring_id": series.id,
                        "currency_id": series.currency_id.id,
                        "date_maturity": fields.Date.to_string(due),
                        "amount_currency": amount,
                    }
                    for due, amount in series._get_installments(bill, billed_on)
                    if amount > 0
                ]
        return rows
