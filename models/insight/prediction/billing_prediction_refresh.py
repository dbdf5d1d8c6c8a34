from odoo import api, models
from odoo.tools import SQL

from . import constants

# So many invoices are updated before the cron commits: nobody who works on one of them waits long.
MOVES_AT_ONCE = 5000

# A promise is believed if the customer keeps at least this part of their promises. Who has made
# none yet is taken for the average of all customers, with the weight of PRIOR_PAYMENTS promises.
BELIEVED_FROM = 0.5

FIELDS = (
    "company_id",
    "partner_id",
    "move_id",
    "date_maturity",
    "late_probability",
    "late30_probability",
    "expected_days",
    "expected_date",
    "earliest_date",
    "latest_date",
    "promised_date",
    "payment_count",
)


def names(*prefix):
    return SQL(", ").join(SQL.identifier(*prefix, name) for name in FIELDS)


class BillingPrediction(models.Model):
    """Predicting all open installments of a company in one statement."""

    _inherit = "billing.prediction"

    @api.model
    def _refresh(self, companies):
        """Predict the open installments of ``companies`` anew, and write it on their invoices."""
        for company in companies:
            self._refresh_predictions(company)
            self._update_moves(company)

    @api.model
    def _refresh_predictions(self, company):
        """Predict the open installments of a company as of its own today."""
        self.env.flush_all()
        predictions = self.with_company(company).with_context(
            billing_as_of=False, tz=company._get_billing_zone() or "UTC"
        )
        with self.env["billing.receivable"]._joining_large_sets():
            self.env.execute_query(predictions._upsert(company))
        self.invalidate_model()

    @api.model
    def _upsert(self, company):
        receivable = self.env["billing.receivable"]
        return SQL(
            """
            WITH item AS MATERIALIZED (
                SELECT receivable.id, receivable.line_id, receivable.share_id, receivable.move_id,
                       receivable.partner_id, receivable.date_maturity, receivable.invoice_date,
                       COALESCE(%(no_scoring)s, FALSE) AS is_anonymous,
                       receivable.chased_currency > 0 AS counts_against
                  FROM %(receivable)s receivable
             LEFT JOIN res_partner customer ON customer.id = receivable.partner_id
                 WHERE receivable.company_id = %(company)s
                   AND receivable.kind = 'invoice' AND receivable.residual_currency > 0
            ),
            predicted AS MATERIALIZED (%(predicted)s),
            word AS (%(word)s),
            opinion AS MATERIALIZED (
                SELECT %(company)s::int AS company_id, item.line_id, item.share_id, item.move_id,
                       item.partner_id, item.date_maturity, date_promised AS promised_date,
                       predicted.payment_count,
                       round(GREATEST(
                           predicted.late_probability,
                           CASE WHEN date_promised > item.date_maturity THEN kept ELSE 0 END
                       )::numeric, 2) AS late_probability,
                       round(late30_probability::numeric, 2) AS late30_probability,
                       LEAST(item.date_maturity + low_days,
                             CASE WHEN date_promised > %(today)s THEN date_promised
                                  WHEN date_promised IS NOT NULL THEN %(today)s
                             END) AS earliest_date,
                       GREATEST(item.date_maturity + high_days, date_promised) AS latest_date,
                       CASE WHEN date_promised IS NOT NULL AND kept >= %(believed_from)s
                            THEN GREATEST(date_promised, %(today)s)
                            ELSE GREATEST(item.date_maturity + predicted.expected_days,
                                          date_promised)
                       END AS expected_date
                  FROM item
                  JOIN predicted ON predicted.id = item.id
             LEFT JOIN word ON word.line_id = item.line_id
            ),
            gone AS (
                DELETE FROM billing_prediction old
                 WHERE company_id = %(company)s
                   AND NOT EXISTS (SELECT FROM opinion WHERE opinion.line_id = old.line_id
                                                         AND opinion.share_id = old.share_id)
            )
            INSERT INTO billing_prediction AS old (line_id, share_id, %(fields)s, refreshed_on)
            SELECT line_id, share_id, %(fields)s, now() AT TIME ZONE 'UTC'
              FROM (SELECT *, expected_date - date_maturity AS expected_days FROM opinion) opinion
       ON CONFLICT (line_id, share_id) DO UPDATE
               SET (%(fields)s, refreshed_on) = (%(excluded)s, EXCLUDED.refreshed_on)
             WHERE (%(old)s) IS DISTINCT FROM (%(excluded)s)
         RETURNING id
            """,
            receivable=receivable._table_sql,
            no_scoring=self.env["billing.score"]._no_scoring_to_sql("customer", company),
            company=company.id,
            today=company._get_billing_today(),
            predicted=self._predict(*self._get_relations(company)),
            word=self._select_promises(company),
            believed_from=BELIEVED_FROM,
            fields=names(),
            old=names("old"),
            excluded=names("excluded"),
        )

    @api.model
    def _get_relations(self, company):
        """Return what the engine is asked and what it may know, as SQL over ``item``.

        Who must not be scored is nobody's customer: the company's average is expected of them.
        """
        settlement = self.env["billing.settlement"]
        return (
            SQL(
                """
                SELECT id, CASE WHEN NOT is_anonymous THEN partner_id END AS partner_id,
                       date_maturity, %s::date AS as_of
                  FROM item
                """,
                company._get_billing_today(),
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
                  FROM item WHERE counts_against
                """
            ),
        )

    @api.model
    def _select_promises(self, company):
        """Return, as SQL, what was promised for each installment, and which part of their promises
        that customer keeps."""
        return SQL(
            """
            SELECT item.line_id, promise.date_promised,
                   (COALESCE(past.kept, 0) + %(prior)s * house.kept)
                       / (COALESCE(past.promises, 0) + %(prior)s) AS kept
              FROM billing_promise_item item
              JOIN billing_promise promise ON promise.id = item.promise_id
        CROSS JOIN (
                SELECT (COUNT(*) FILTER (WHERE state = 'kept') + 1) / (COUNT(*) + 2.0) AS kept
                  FROM billing_promise
                 WHERE company_id = %(company)s AND state IN ('kept', 'partly', 'broken')
                   ) house
         LEFT JOIN (
                SELECT partner_id, COUNT(*) AS promises,
                       COUNT(*) FILTER (WHERE state = 'kept') AS kept
                  FROM billing_promise
                 WHERE company_id = %(company)s AND state IN ('kept', 'partly', 'broken')
              GROUP BY partner_id
                   ) past ON past.partner_id = promise.partner_id
             WHERE item.company_id = %(company)s AND item.is_open
            """,
            company=company.id,
            prior=float(constants.PRIOR_PAYMENTS),
        )

    @api.model
    def _update_moves(self, company):
        """Write on each invoice when it will be paid in full; a cron commits between batches.

        Invoices that somebody else is writing to are left for the next time. Only what differs is
        written: an invoice that was paid forgets its expectation.
        """
        moves = self.env["account.move"]
        while True:
            updated = self.env.execute_query(self._select_and_update_moves(company))
            moves.invalidate_model(["late_probability", "expected_payment_date"], flush=False)
            if len(updated) < MOVES_AT_ONCE:
                return
            if self.env.context.get("ir_cron_progress_id"):
                self.env["ir.cron"]._commit_progress()

    @api.model
    def _select_and_update_moves(self, company):
        return SQL(
            """
            WITH opinion AS MATERIALIZED (
                SELECT prediction.move_id,
                       MAX(prediction.late_probability) AS late_probability,
                       MAX(prediction.expected_date) AS expected_date
                  FROM billing_prediction prediction
             LEFT JOIN res_partner customer ON customer.id = prediction.partner_id
                 WHERE prediction.company_id = %(company)s
                   AND (%(no_scoring)s) IS NOT TRUE
              GROUP BY prediction.move_id
            ),
            changed AS MATERIALIZED (
                SELECT move.id, opinion.late_probability, opinion.expected_date
                  FROM account_move move
             LEFT JOIN opinion ON opinion.move_id = move.id
                 WHERE move.company_id = %(company)s
                   AND (move.late_probability, move.expected_payment_date)
                       IS DISTINCT FROM (opinion.late_probability, opinion.expected_date)
                 LIMIT %(batch)s
                   FOR NO KEY UPDATE OF move SKIP LOCKED
            )
            UPDATE account_move move
               SET late_probability = changed.late_probability,
                   expected_payment_date = changed.expected_date
              FROM changed
             WHERE move.id = changed.id
         RETURNING move.id
            """,
            company=company.id,
            no_scoring=self.env["billing.score"]._no_scoring_to_sql("customer", company),
            batch=MOVES_AT_ONCE,
        )
