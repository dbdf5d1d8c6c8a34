from decimal import Decimal

from dateutil.relativedelta import relativedelta
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .arrival import first_date, last_date
from .banking_days import find_closed_days


class BillingForecast(models.Model):
    """From what is open to what comes in: credits deducted, at a stated rate, with its dates."""

    _inherit = "billing.forecast"

    @api.model
    def _select_items(self, company, day, sources, *, is_now=True):
        """Return, as SQL, what was to come in or go out on a day, each amount with its dates.

        Credits are set against what the same contact owes in the same currency, what is due first
        at first. Dates are those of the prediction where there is one, not before ``day``, and on
        banking days.

        :param sources: see `_get_sources`
        :param is_now: False for a day in the past, of which no predictions are stored
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
            netted AS MATERIALIZED (
                SELECT asked.*,
                       CASE WHEN asked.is_asked THEN LEAST(
                           asked.asked_currency,
                           GREATEST(COALESCE(credit.amount, 0) - asked.asked_before, 0)
                       ) ELSE 0 END AS credited_currency
                  FROM (
                    SELECT owed.*, kind IN ('receivable', 'plan', 'bill') AS is_asked,
                           SUM(CASE WHEN kind IN ('receivable', 'plan', 'bill')
                                    THEN asked_currency ELSE 0 END) OVER (
                               PARTITION BY direction, partner_id, currency_id
                                   ORDER BY date_maturity, line_id, share_id
                                    ROWS UNBOUNDED PRECEDING
                           ) - asked_currency AS asked_before
                      FROM owed
                  ) asked
             LEFT JOIN credit ON credit.direction = asked.direction
                             AND credit.partner_id = asked.partner_id
                             AND credit.currency_id = asked.currency_id
            ),
            guess AS MATERIALIZED (%(guesses)s),
            dated AS (
                SELECT netted.*,
                       CASE WHEN kind = 'credit' THEN 0
                            ELSE asked_currency - credited_currency END AS amount_currency,
                       CASE WHEN netted.currency_id = %(currency)s THEN 1
                            ELSE COALESCE(rate.rate, open / NULLIF(open_currency, 0), 1)
                       END AS rate,
                       CASE WHEN netted.currency_id != %(currency)s THEN rate.rate_date
                       END AS rate_date,
                       GREATEST(netted.date_maturity, %(day)s) AS date_due,
                       %(dates)s
                  FROM netted
             LEFT JOIN rate ON rate.currency_id = netted.currency_id
             LEFT JOIN guess ON guess.id = netted.id
             LEFT JOIN (%(predictions)s) prediction
                    ON prediction.line_id = netted.line_id
                   AND prediction.share_id = netted.share_id
                   AND netted.kind IN ('receivable', 'plan')
            ),
            banked AS (
                SELECT dated.*,
                       COALESCE(expected.next_day, dated.expected) AS expected_date,
                       COALESCE(earliest.next_day, dated.earliest) AS earliest_date,
                       COALESCE(latest.next_day, dated.latest) AS latest_date
                  FROM dated
             LEFT JOIN closed expected ON expected.day = dated.expected
             LEFT JOIN closed earliest ON earliest.day = dated.earliest
             LEFT JOIN closed latest ON latest.day = dated.latest
            )
            SELECT item.*, round(amount_currency * rate / %(rounding)s) * %(rounding)s AS amount,
                   %(first_date)s AS first_date, %(last_date)s AS last_date
              FROM banked item
            """,
            currency=company.currency_id.id,
            rounding=Decimal(str(company.currency_id.rounding)),
            day=day,
            rates=self._select_rates(company, day),
            closed=self._select_closed_days(company, day),
            sources=SQL(" UNION ALL ").join(SQL("(%s)", source) for source in sources),
            guesses=self._select_guesses(company, day, is_now),
            predictions=SQL("SELECT * FROM billing_prediction WHERE %s", is_now),
            dates=self._dates_to_sql(day),
            first_date=first_date(day),
            last_date=last_date(),
        )

    @api.model
    def _select_guesses(self, company, day, is_now):
        """Return, as SQL, predictions for what has none yet: new items, and bills to be made.

        From the same engine, which looks at what was paid before the day. Whoever is not to be
        scored is taken for the average of all.
        """
        settlement = self.env["billing.settlement"].with_context(billing_as_of=False)
        return self.env["billing.prediction"]._predict(
            SQL(
                """
                SELECT netted.id, netted.date_maturity, %(day)s::date AS as_of,
                       CASE WHEN %(not_scored)s THEN NULL ELSE netted.partner_id END AS partner_id
                  FROM netted
             LEFT JOIN res_partner person ON person.id = netted.partner_id
                 WHERE direction = 'in' AND kind IN ('receivable', 'plan', 'draft', 'recurring')
                   AND NOT EXISTS (
                        SELECT FROM billing_prediction known
                         WHERE %(is_now)s AND known.line_id = netted.line_id
                           AND known.share_id = netted.share_id
                       )
                """,
                not_scored=self.env["billing.score"]._no_scoring_to_sql("person", company),
                day=day,
                is_now=is_now,
            ),
            SQL(
                """
                SELECT partner_id, date_maturity, settled_date
                  FROM %s settlement WHERE company_id = %s
                """,
                settlement._table_sql,
                company.id,
            ),
            SQL(
                """
                SELECT partner_id, invoice_date, date_maturity, NULL::date AS settled_date
                  FROM netted
                 WHERE direction = 'in' AND kind IN ('receivable', 'plan') AND asked_currency > 0
                """
            ),
        )

    @api.model
    def _dates_to_sql(self, day):
        """Return the columns ``expected``, ``earliest``, ``latest``, ``promised_date``, ``basis``.

        Vendor bills and typed amounts move on their day.
        """
        expected = SQL(
            "COALESCE(prediction.expected_date, netted.date_maturity + guess.expected_days::int,"
            " netted.date_maturity)"
        )
        return SQL(
            """
            GREATEST(%(expected)s, %(day)s) AS expected,
            GREATEST(LEAST(
                COALESCE(prediction.earliest_date, netted.date_maturity + guess.low_days::int),
                %(expected)s
            ), %(day)s) AS earliest,
            GREATEST(
                COALESCE(prediction.latest_date, netted.date_maturity + guess.high_days::int),
                %(expected)s, %(day)s
            ) AS latest,
            prediction.promised_date,
            CASE WHEN netted.kind = 'planned' THEN 'typed'
                 WHEN prediction.promised_date IS NOT NULL THEN 'promise'
                 WHEN prediction.id IS NOT NULL OR guess.id IS NOT NULL THEN 'prediction'
                 ELSE 'due' END AS basis
            """,
            expected=expected,
            day=day,
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
