import logging

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from .formulas import AT_RISK_DAYS, COUNTBACK_MONTHS, SALES_MONTHS, get_formulas

_logger = logging.getLogger(__name__)

# So many months are kept, the current one included: two years, and the month they compare with.
MONTHS = 25

# Who clicks on Refresh waits: so many months are refreshed then.
MONTHS_BY_HAND = 2

AMOUNTS = (
    "receivable",
    "opening",
    "overdue",
    "open_debts",
    "overdue_days",
    "at_risk",
    "at_risk_base",
    *(f"sales_{back}" for back in range(COUNTBACK_MONTHS)),
)


class BillingKpi(models.Model):
    """Rebuilding the key figures: one statement for a company's month."""

    _inherit = "billing.kpi"

    @api.model
    def _cron_refresh(self):
        """Refresh what was not refreshed since midnight (UTC), a month at a time."""
        midnight = fields.Datetime.now().replace(hour=0, minute=0, second=0)
        done = set(
            self._read_group([("refreshed_on", ">=", midnight)], ["company_id", "month:month"])
        )
        tasks = [
            (company, month)
            for company in self.env["res.company"].search(Domain.TRUE)
            for month in self._get_months(company)
            if (company, month) not in done
        ]
        for number, (company, month) in enumerate(tasks, start=1):
            try:
                with self.env.cr.savepoint():
                    self._refresh_month(company, month)
            except Exception:
                _logger.exception("Key figures of %s, %s", company.name, month)
            if not self.env["ir.cron"]._commit_progress(1, remaining=len(tasks) - number):
                break

    def action_refresh(self):
        """Form the key figures of the current companies anew: of this month and the last.

        Those of the months before are formed too where there are none yet, else every night.
        """
        if not self.env.user.has_group("billing_crm.group_billing_user"):
            raise AccessError(self.env._("Only billing users may refresh key figures."))
        model = self.sudo().with_context(billing_as_of=False)
        for company in self.env.companies:
            known = dict(model._read_group([("company_id", "=", company.id)], ["month:month"],
                                           ["__count"]))  # fmt: skip
            for number, month in enumerate(model._get_months(company)):
                if number < MONTHS_BY_HAND or month not in known:
                    model._refresh_month(company, month)

    @api.model
    def _refresh(self, companies):
        """Rebuild all months of ``companies``."""
        for company in companies:
            for month in self._get_months(company):
                self._refresh_month(company, month)

    @api.model
    def _get_months(self, company):
        """Return the first days of the months of a company that are kept, the latest first.

        They begin with the first entry on its receivable accounts.
        """
        self.env.flush_all()
        [(first,)] = self.env.execute_query(
            SQL(
                """
                SELECT MIN(line.date)
                  FROM account_move_line line
                  JOIN account_account account ON account.id = line.account_id
                 WHERE account.account_type = 'asset_receivable'
                   AND line.parent_state = 'posted'
                   AND line.company_id = %s
                """,
                company.id,
            )
        )
        current = company._get_billing_today().replace(day=1)
        months = [current - relativedelta(months=back) for back in range(MONTHS)]
        kept = [month for month in months if first and month >= first.replace(day=1)]
        self.search([("company_id", "=", company.id), ("month", "not in", kept)]).unlink()
        return kept

    @api.model
    def _refresh_month(self, company, month):
        """Rebuild the rows of a month, as the ledger has it today."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL("DELETE FROM billing_kpi WHERE company_id = %s AND month = %s", company.id, month)
        )
        with self.env["billing.receivable"]._joining_large_sets():
            self.env.cr.execute(self._insert_month(company, month))
        self.invalidate_model()

    @api.model
    def _insert_month(self, company, month):
        today = company._get_billing_today()
        date_end = min(month + relativedelta(months=1, days=-1), today)
        sales_from = month - relativedelta(months=SALES_MONTHS - 1)
        formulas = get_formulas(
            column=lambda name: SQL.identifier("figures", name),
            total=lambda value: value,
            average=lambda value: value,
        )
        return SQL(
            """
            INSERT INTO billing_kpi (company_id, currency_id, month, date_end, days, refreshed_on,
                                     partner_id, sales_period, %(amounts)s, %(names)s)
            SELECT company_id, currency_id, month, date_end, days, now() AT TIME ZONE 'UTC',
                   partner_id, sales_period, %(amounts)s, %(formulas)s
              FROM (
                SELECT %(company)s AS company_id, %(currency)s AS currency_id,
                       %(month)s AS month, %(date_end)s AS date_end, %(days)s AS days,
                       partner_id, %(sales_period)s AS sales_period, %(sums)s
                  FROM (%(sources)s) known
              GROUP BY partner_id
                HAVING %(something)s
              ) figures
            """,
            amounts=SQL(", ").join(map(SQL.identifier, AMOUNTS)),
            sums=SQL(", ").join(
                SQL("SUM(%s) AS %s", SQL.identifier("known", name), SQL.identifier(name))
                for name in AMOUNTS
            ),
            something=SQL(" OR ").join(
                SQL("SUM(%s) != 0", SQL.identifier("known", name)) for name in AMOUNTS
            ),
            sales_period=SQL(" + ").join(
                SQL("SUM(%s)", SQL.identifier("known", f"sales_{back}"))
                for back in range(SALES_MONTHS)
            ),
            names=SQL(", ").join(map(SQL.identifier, formulas)),
            formulas=SQL(", ").join(formulas.values()),
            sources=SQL(" UNION ALL ").join(
                (
                    self._select_owed(company, date_end),
                    self._select_moved(company, month, date_end, today),
                    self._select_at_risk(company, month, date_end, today),
                )
            ),
            company=company.id,
            currency=company.currency_id.id,
            month=month,
            date_end=date_end,
            days=(date_end - sales_from).days + 1,
        )

    @api.model
    def _source(self, query, **amounts):
        """Return ``query``, which ends with FROM and what follows, with all `AMOUNTS` selected."""
        return SQL(
            "SELECT source.partner_id, %s %s",
            SQL(", ").join(
                SQL("%s AS %s", amounts.get(name, SQL("0")), SQL.identifier(name))
                for name in AMOUNTS
            ),
            query,
        )

    @api.model
    def _select_owed(self, company, day):
        """What each customer owed at the end of a day."""
        items = self.env["billing.receivable"].with_company(company)
        return self._source(
            SQL(
                "FROM %s source WHERE source.company_id = %s",
                items.with_context(billing_as_of=day)._table_sql,
                company.id,
            ),
            receivable=SQL("source.residual"),
            opening=SQL("source.residual"),
            overdue=SQL("source.overdue"),
            overdue_days=SQL("source.overdue * source.days_overdue"),
            open_debts=SQL("GREATEST(source.residual, 0)"),
        )

    @api.model
    def _select_moved(self, company, month, date_end, today):
        """What was sold in the month and those before it, from the receivable accounts, with tax.

        What moved the accounts in the month is taken from what is owed at its end, to get to what
        was owed before it.
        """
        starts = [month - relativedelta(months=back) for back in range(COUNTBACK_MONTHS)]
        ends = [date_end, *(start - relativedelta(days=1) for start in starts[:-1])]
        is_sale = SQL("move.move_type IN ('out_invoice', 'out_receipt', 'out_refund')")
        sales = {
            f"sales_{back}": SQL(
                "CASE WHEN %s AND source.date BETWEEN %s AND %s THEN source.balance ELSE 0 END",
                is_sale,
                *months,
            )
            for back, months in enumerate(zip(starts, ends, strict=True))
        }
        return self._source(
            SQL(
                """
                  FROM (
                    SELECT customer.commercial_partner_id AS partner_id, line.move_id, line.date,
                           line.balance, COALESCE(line.date_maturity, line.date) AS due
                      FROM account_move_line line
                      JOIN account_account account ON account.id = line.account_id
                 LEFT JOIN res_partner customer ON customer.id = line.partner_id
                     WHERE account.account_type = 'asset_receivable'
                       AND line.parent_state = 'posted'
                       AND line.company_id = %s
                       AND line.date BETWEEN %s AND %s
                  ) source
                  JOIN account_move move ON move.id = source.move_id
                """,
                company.id,
                starts[-1],
                date_end,
            ),
            opening=SQL("CASE WHEN source.date >= %s THEN -source.balance ELSE 0 END", month),
            at_risk_base=SQL(
                """
                CASE WHEN move.move_type IN ('out_invoice', 'out_receipt') AND source.date >= %s
                          AND source.due < %s
                     THEN source.balance ELSE 0 END
                """,
                month,
                today - relativedelta(days=AT_RISK_DAYS),
            ),
            **sales,
        )

    @api.model
    def _select_at_risk(self, company, month, date_end, today):
        """What is unpaid today, and very late, of what was invoiced in the month."""
        items = self.env["billing.receivable"].with_company(company)
        return self._source(
            SQL(
                """
                  FROM %s source
                 WHERE source.company_id = %s AND source.kind = 'invoice'
                   AND source.date BETWEEN %s AND %s AND source.days_overdue > %s
                """,
                items.with_context(billing_as_of=today)._table_sql,
                company.id,
                month,
                date_end,
                AT_RISK_DAYS,
            ),
            at_risk=SQL("source.overdue"),
        )
