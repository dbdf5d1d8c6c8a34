import logging
from datetime import timedelta

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# A payment may be booked, or taken back, long after its date: a verdict is looked at again so long.
REVIEW_DAYS = 60


class BillingPromise(models.Model):
    """Judging promises from the ledger, one statement a company."""

    _inherit = "billing.promise"

    @api.model
    def _cron_judge(self):
        """Judge the promises of every company, each in its own transaction."""
        groups = self._read_group([("state", "!=", "withdrawn")], ["company_id"])
        for number, (company,) in enumerate(groups, start=1):
            self.with_company(company)._judge(company)
            if not self.env["ir.cron"]._commit_progress(1, remaining=len(groups) - number):
                break

    @api.model
    def _judge(self, company):
        """Give every promise that is open, or was decided lately, the state the ledger shows.

        * What was paid since, dated up to the end of the days of grace, is compared with what was
          promised, or with what is left to pay of it once credit notes are deducted.
        * Nothing left to pay: withdrawn, and not counted. All of it: kept, at once. After the days
          of grace: some of it is partly kept, nothing is broken.
        * As long as a payment is on its way nothing is decided.
        * A payment that is booked late, or taken back, changes the verdict for `REVIEW_DAYS`.

        :return: the promises whose state has changed, as superuser
        """
        self.env.flush_all()
        as_of = (
            self.env["billing.receivable"].with_context(tz=company._get_billing_zone())._get_as_of()
        )
        rows = self.env.execute_query(
            SQL(
                """
                WITH judged AS (
                    SELECT promise.id, promise.state AS old_state, ledger.paid,
                           CASE
                               WHEN ledger.needed <= 0 THEN 'withdrawn'
                               WHEN ledger.paid >= ledger.needed THEN 'kept'
                               WHEN ledger.is_underway THEN promise.state
                               WHEN promise.date_until >= %(as_of)s
                                    THEN CASE WHEN %(is_taken)s THEN promise.state ELSE 'open' END
                               WHEN ledger.paid > 0 THEN 'partly'
                               ELSE 'broken'
                           END AS state
                      FROM billing_promise promise
                CROSS JOIN LATERAL (%(ledger)s) ledger
                     WHERE promise.company_id = %(company)s
                       AND (promise.state = 'open'
                            OR promise.state IN ('kept', 'partly', 'broken')
                           AND promise.date_until >= %(review_since)s)
                ),
                changed AS (
                    UPDATE billing_promise promise
                       SET state = judged.state,
                           amount_paid = judged.paid,
                           is_moot = judged.state = 'withdrawn',
                           kept_rate = CASE judged.state
                               WHEN 'kept' THEN 1 WHEN 'partly' THEN 0 WHEN 'broken' THEN 0
                           END,
                           closed_on = CASE
                               WHEN judged.state = 'open' THEN NULL
                               WHEN judged.state = judged.old_state THEN promise.closed_on
                               ELSE %(as_of)s
                           END,
                           -- the moment of the verdict, for the timeline
                           write_date = CASE
                               WHEN judged.state = judged.old_state THEN promise.write_date
                               ELSE now() AT TIME ZONE 'UTC'
                           END
                      FROM judged
                     WHERE judged.id = promise.id
                       AND (judged.state != promise.state
                            OR judged.paid IS DISTINCT FROM promise.amount_paid)
                 RETURNING promise.id, judged.old_state, judged.state
                ),
                item AS (
                    UPDATE billing_promise_item item
                       SET is_open = changed.state = 'open'
                      FROM changed
                     WHERE changed.id = item.promise_id AND changed.state != changed.old_state
                )
                SELECT id FROM changed WHERE state != old_state ORDER BY id
                """,
                as_of=as_of,
                company=company.id,
                review_since=as_of - timedelta(days=REVIEW_DAYS),
                ledger=self._select_ledger("promise"),
                is_taken=SQL(
                    """
                    EXISTS (
                        SELECT FROM billing_promise_item own
                          JOIN billing_promise_item other
                            ON other.line_id = own.line_id AND other.is_open
                         WHERE own.promise_id = promise.id AND other.promise_id != promise.id
                    )
                    """
                ),
            )
        )
        self.env.invalidate_all(flush=False)
        decided = self.sudo().browse(row[0] for row in rows)
        for promise in decided:
            promise._tell_or_log()
        return decided

    def _tell_or_log(self):
        """Tell what became of one promise; if that is impossible, the verdict still stands."""
        try:
            with self.env.cr.savepoint():
                self._tell_decided()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            _logger.warning("Nobody could be told of promise %s", self.id, exc_info=True)

    @api.model
    def _select_ledger(self, alias):
        """Return, as SQL, what the ledger says of the promise in ``alias``, in its currency.

        One row: ``needed`` (what was promised, or what is left to pay of it if that is less),
        ``paid`` and ``is_underway``. Only a payment pays: an entry of a bank or cash journal that
        was made after the promise. What else settles an installment, such as a credit note, a
        payment on account that was there before, or a write-off, lessens what is left to pay.
        """
        return SQL(
            """
            SELECT LEAST(%(alias)s.amount, COALESCE(SUM(
                       line.amount_currency - COALESCE(settled.otherwise, 0)
                   ), 0)) AS needed,
                   COALESCE(SUM(settled.paid), 0) AS paid,
                   COALESCE(bool_or(
                       line.reconciled IS NOT TRUE
                       AND (move.payment_state = 'in_payment' OR %(payment_underway)s)
                   ), FALSE) AS is_underway
              FROM billing_promise_item item
              JOIN account_move_line line ON line.id = item.line_id
              JOIN account_move move ON move.id = line.move_id AND move.state = 'posted'
         LEFT JOIN LATERAL (
                    SELECT SUM(reconciled.amount) FILTER (WHERE reconciled.is_payment) AS paid,
                           SUM(reconciled.amount) FILTER (WHERE NOT reconciled.is_payment)
                               AS otherwise
                      FROM (
                            SELECT partial.debit_amount_currency AS amount,
                                   credit.id > %(alias)s.last_line_id
                                   AND counterpart.move_type = 'entry'
                                   AND journal.type IN ('bank', 'cash', 'credit') AS is_payment
                              FROM account_partial_reconcile partial
                              JOIN account_move_line credit ON credit.id = partial.credit_move_id
                              JOIN account_move counterpart ON counterpart.id = credit.move_id
                              JOIN account_journal journal ON journal.id = counterpart.journal_id
                             WHERE partial.debit_move_id = line.id
                               AND partial.max_date <= %(alias)s.date_until
                           ) reconciled
                   ) settled ON TRUE
             WHERE item.promise_id = %(alias)s.id
            """,
            alias=SQL.identifier(alias),
            payment_underway=self.env["account.move"]._payment_underway_to_sql("move"),
        )
