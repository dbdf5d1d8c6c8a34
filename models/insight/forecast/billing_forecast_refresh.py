import logging
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from .arrival import first_date, last_date
from .banking_days import find_closed_days

_logger = logging.getLogger(__name__)


class BillingForecast(models.Model):
    """Rebuilding the forecast: one statement for the amounts of a company, one for its periods."""

    _inherit = "billing.forecast"

    @api.model
    def _cron_refresh(self):
        """Refresh every company, each in its own transaction; one that fails stops nobody."""
        companies = self.env["res.company"].search(Domain.TRUE)
        for number, company in enumerate(companies, start=1):
            try:
                with self.env.cr.savepoint():
                    self._refresh(company)
            except Exception:
                _logger.exception("Cash forecast of %s", company.name)
            if not self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - number):
                break

    def action_refresh(self):
        """Form the forecasts of the current companies anew, as of now."""
        if not self.env.user.has_group("billing_crm.group_billing_user"):
            raise AccessError(self.env._("Only billing users may refresh the cash forecast."))
        self.sudo().with_context(billing_as_of=False)._refresh(self.env.companies)

    @api.model
    def _refresh(self, companies):
        """Rebuild the forecasts of ``companies``, and what follows from them."""
        for company in companies:
            model = self.with_company(company)
            today = company._get_billing_today()
            model._refresh_flows(company, today)
            model.env["billing.forecast.period"]._refresh(company, today)
            model.env["billing.cash.outlook"]._refresh(company, today)
            model.env["billing.forecast.snapshot"]._refresh(company, today)

    @api.model
    def _refresh_flows(self, company, today):
        sources = self._get_sources(company, today)
        self.env.flush_all()
        self.env.cr.execute(SQL("DELETE FROM billing_forecast WHERE company_id = %s", company.id))
        with self.env["billing.receivable"]._joining_large_sets():
            self.env.cr.execute(self._insert_flows(company, today, sources))
        self.invalidate_model()

    @api.model
    def _insert_flows(self, company, today, sources):
        """Return the statement that writes all amounts of a company.

        Credits are set against what the same contact owes in the same currency, what is due first
        at first. Dates are those of the prediction where there is one, not before today, and on
        banking days.
        """
        return SQL(
            """
            WITH rate (currency_id, rate, rate_date) AS (%(rates)s),
            closed (day, next_day) AS (%(closed)s),
            owed AS MATERIALIZED (
                SELECT source.*, row_number() OVER () AS id FROM (%(sources)s) source
            ),
            credit AS (
                SELECT direction, partner_id, currency_id, -SUM(open_currency) AS amount
                  FROM owed
                 WHERE kind = 'credit' AND partner_id IS NOT NULL
              GROUP BY direction, partner_id, currency_id
            ),
            netted AS (
                SELECT owed.*,
                       CASE WHEN owed.is_asked THEN LEAST(
                           owed.asked_currency,
                           GREATEST(COALESCE(credit.amount, 0) - owed.asked_before, 0)
                       ) ELSE 0 END AS credited_currency
                  FROM (
                    SELECT asked.*,
                           SUM(CASE WHEN is_asked THEN asked_currency ELSE 0 END) OVER (
                               PARTITION BY direction, partner_id, currency_id
                                   ORDER BY date_maturity, line_id, share_id
                                    ROWS UNBOUNDED PRECEDING
                           ) - asked_currency AS asked_before
                      FROM (
                        SELECT owed.*, kind IN ('receivable', 'plan', 'bill') AS is_asked
                          FROM owed
                      ) asked
                  ) owed
             LEFT JOIN credit ON credit.direction = owed.direction
                             AND credit.partner_id = owed.partner_id
                             AND credit.currency_id = owed.currency_id
            ),
            dated AS (
                SELECT netted.*,
                       CASE WHEN kind = 'credit' THEN 0
                            ELSE asked_currency - credited_currency END AS amount_currency,
                       COALESCE(rate.rate, open / NULLIF(open_currency, 0), 1) AS rate,
                       CASE WHEN rate.rate IS NOT NULL THEN rate.rate_date END AS rate_date,
                       GREATEST(date_maturity, %(today)s) AS date_due,
                       %(dates)s
                  FROM netted
             LEFT JOIN rate ON rate.currency_id = netted.currency_id
                       %(predictions)s
            ),
            item AS (
                SELECT dated.*,
                       COALESCE(expected.next_day, dated.expected) AS expected_date,
                       COALESCE(earliest.next_day, dated.earliest) AS earliest_date,
                       COALESCE(latest.next_day, dated.latest) AS latest_date
                  FROM dated
             LEFT JOIN closed expected ON expected.day = dated.expected
             LEFT JOIN closed earliest ON earliest.day = dated.earliest
             LEFT JOIN closed latest ON latest.day = dated.latest
            )
            INSERT INTO billing_forecast (
                company_id, company_currency_id, refreshed_on, direction, kind, name, partner_id,
                move_id, line_id, share_id, recurring_id, planned_id, currency_id, open_currency,
                disputed_currency, credited_currency, amount_currency, open, amount, rate,
                rate_date, date_maturity, date_due, expected_date, earliest_date, latest_date,
                first_date, last_date, promised_date, basis, is_overdue, gap_rank)
            SELECT %(company)s, %(currency)s, now() AT TIME ZONE 'UTC', direction, kind, name,
                   partner_id, move_id, line_id, share_id, recurring_id, planned_id, currency_id,
                   sign * open_currency, sign * disputed_currency, sign * credited_currency,
                   sign * amount_currency, sign * open,
                   sign * CASE WHEN currency_id = %(currency)s THEN amount_currency
                               ELSE round(amount_currency * rate / %(rounding)s) * %(rounding)s
                          END,
                   CASE WHEN currency_id = %(currency)s THEN 1 ELSE rate END,
                   CASE WHEN currency_id != %(currency)s THEN rate_date END,
                   date_maturity, date_due, expected_date, earliest_date, latest_date,
                   %(first_date)s, %(last_date)s, promised_date, basis,
                   date_maturity < %(today)s AND amount_currency > 0, 0
              FROM (
                SELECT item.*, CASE WHEN direction = 'in' THEN 1 ELSE -1 END AS sign FROM item
              ) item
            """,
            company=company.id,
            currency=company.currency_id.id,
            rounding=Decimal(str(company.currency_id.rounding)),
            today=today,
            rates=self._select_rates(company, today),
            closed=self._select_closed_days(company, today),
            sources=SQL(" UNION ALL ").join(SQL("(%s)", source) for source in sources),
            first_date=first_date(today),
            last_date=last_date(),
            **self._get_predictions(company, today),
        )

    @api.model
    def _select_rates(self, company, today):
        """Return, as SQL, for each currency with a rate, what 1 of it is worth in the company's.

        One of a day to come, which Odoo takes where there is no other, is none.
        """
        currencies = self.env["res.currency"].with_context(active_test=False).search(Domain.TRUE)
        rates = currencies._get_rates(company, today)
        known = self.env["res.currency.rate"]._read_group(
            [("name", "<=", today), ("company_id", "in", (False, company.root_id.id))],
            ["currency_id", "company_id"],
            ["name:max"],
        )
        # Odoo prefers the company's own rates, however old, to those for all companies
        dates = {}
        for currency, of_company, day in sorted(known, key=lambda row: row[1].id or 0):
            dates[currency.id] = (
                day if of_company or currency.id not in dates else dates[currency.id]
            )
        own = rates[company.currency_id.id]
        rows = [
            SQL("(%s, %s::numeric, %s::date)", currency, own / rates[currency], day)
            for currency, day in dates.items()
        ]
        nothing = SQL("(NULL::int, NULL::numeric, NULL::date)")
        return SQL("VALUES %s", SQL(", ").join([nothing, *rows]))

    @api.model
    def _select_closed_days(self, company, today):
        """Return, as SQL, the days on which the company's banks are closed, and when they open.

        For a year after the horizon; who pays later than that pays on any day.
        """
        last = company._get_billing_horizon() + relativedelta(years=1)
        country, state = company.country_id.code, company.state_id.code
        closed = find_closed_days(country, state, today, last)
        rows = [SQL("(%s::date, %s::date)", *days) for days in closed.items()]
        return SQL("VALUES %s", SQL(", ").join(rows))

    @api.model
    def _get_predictions(self, company, today):
        """Return ``dates``, which are columns, and ``predictions``, the joins they come from."""
        return {
            "dates": SQL(
                """
                GREATEST(date_maturity, %(today)s) AS expected,
                GREATEST(date_maturity, %(today)s) AS earliest,
                GREATEST(date_maturity, %(today)s) AS latest,
                NULL::date AS promised_date,
                CASE WHEN kind = 'planned' THEN 'typed' ELSE 'due' END AS basis
                """,
                today=today,
            ),
            "predictions": SQL(),
        }
