import logging

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from . import accuracy
from .billing_backtest_line import BANDS

_logger = logging.getLogger(__name__)

# The usual period: installments of a year, the last of them old enough for most to be paid.
MONTHS = 12
DAYS_AGO = 60

# So many installments are checked, the newest of the period: more move no figure, and a person
# has to be able to go through them.
MOST_INSTALLMENTS = 20_000

# Of companies with more invoices than this a check is made in the background.
MOST_AT_ONCE = 20_000

# Kept for each company: the figures of the checks of two years, the single predictions of the
# latest ones.
CHECKS_KEPT = 24
LINES_KEPT = 3

# Who had paid fewer times than this is a new customer.
FEW_PAYMENTS = 3

FIGURES = (
    "prediction_count",
    "judged_count",
    "settled_count",
    "late_count",
    "auc",
    "auc30",
    "error_days",
    "due_date_error",
    "average_error",
    "calibration_error",
    "within_share",
    "cash_within_share",
)
OF_NEW = {"settled_count": "new_count", "error_days": "new_error_days", "auc": "new_auc"}


class BillingBacktest(models.Model):
    """Making a check: on demand, and every month."""

    _inherit = "billing.backtest"

    @api.model
    def _get_usual_period(self, company):
        """Return the first and the last invoice date of the usual check of ``company``."""
        last = company._get_billing_today() - relativedelta(days=DAYS_AGO)
        return last - relativedelta(months=MONTHS, days=-1), last

    @api.model
    def _request(self, company, date_from, date_to):
        """Make a check of a period: now, or in the background where there is much to go through.

        :return: the check
        """
        if not self.env.user.has_group("billing_crm.group_billing_user"):
            raise AccessError(self.env._("Only billing users may check predictions."))
        if company not in self.env.companies:
            raise AccessError(self.env._("Only predictions of your own companies can be checked."))
        check = self.sudo().create(
            {"company_id": company.id, "date_from": date_from, "date_to": date_to}
        )
        if self._count_invoices(company) > MOST_AT_ONCE:
            self.env.ref("billing_crm.ir_cron_backtest").sudo()._trigger()
        else:
            check._run()
        return check.sudo(False)

    @api.model
    def _count_invoices(self, company):
        """Count the invoices of a company, as far as it matters how many there are."""
        return (
            self.env["account.move"]
            .sudo()
            .search_count(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "posted"),
                    ("move_type", "in", ("out_invoice", "out_receipt")),
                ],
                limit=MOST_AT_ONCE + 1,
            )
        )

    @api.model
    def _cron_run(self):
        """Make the checks that wait, and this month's of each company."""
        self._add_monthly()
        checks = self.search([("state", "=", "waiting")], order="id")
        for number, check in enumerate(checks, start=1):
            try:
                with self.env.cr.savepoint():
                    check._run()
            except Exception:
                _logger.exception("Check of predictions of %s", check.company_id.name)
                check.state = "failed"
            if not self.env["ir.cron"]._commit_progress(1, remaining=len(checks) - number):
                break

    @api.model
    def _add_monthly(self):
        """Ask for a check of each company that sells, once a month."""
        for company in self.env["res.company"].search(Domain.TRUE):
            month = company._get_billing_today().replace(day=1)
            mine = [("company_id", "=", company.id)]
            if self.search_count([*mine, ("is_automatic", "=", True), ("run_on", ">=", month)]):
                continue
            if self._count_invoices(company):
                date_from, date_to = self._get_usual_period(company)
                self.create(
                    {
                        "company_id": company.id,
                        "date_from": date_from,
                        "date_to": date_to,
                        "is_automatic": True,
                    }
                )

    def _run(self):
        """Make this check from the ledger as it stands today."""
        self.ensure_one()
        today = self.company_id._get_billing_today()
        self.env.flush_all()
        self.line_ids.unlink()
        self.bin_ids.unlink()
        history = self._begin_history()
        with self.env["billing.receivable"]._joining_large_sets():
            self.env.cr.execute(self._insert_history(history, today))
            self.env.cr.execute(self._insert_lines(history, today))
            self._measure()
        self.write({"state": "done", "run_on": fields.Datetime.now(), "outcome_date": today})
        self.env.invalidate_all()
        self._forget_old()

    def _insert_history(self, history, today):
        settlement = self.env["billing.settlement"].with_context(billing_as_of=today)
        # who is not to be scored is nobody: part of the company's average, and no more
        return SQL(
            """
            INSERT INTO %(history)s (id, partner_id, invoice_date, date_maturity, settled_date,
                                     is_payment)
            SELECT installment.id, CASE WHEN %(no_scoring)s THEN NULL ELSE customer.id END,
                   invoice_date, date_maturity, settled_date, is_payment
              FROM (%(installments)s) installment
              JOIN res_partner customer ON customer.id = installment.partner_id
            """,
            history=history,
            no_scoring=self.env["billing.score"]._no_scoring_to_sql("customer", self.company_id),
            installments=settlement._select_installments(self.company_id),
        )

    def _insert_lines(self, history, today):
        """Predict the installments of the period, and write down what happened to each.

        What a credit note settled altogether was neither paid nor late: it is left out. Nothing is
        predicted for who is not to be scored.
        """
        chosen = SQL(
            """
            id IN (
                SELECT id FROM %(history)s
                 WHERE invoice_date BETWEEN %(start)s AND %(end)s
                   AND (settled_date IS NULL OR is_payment)
                   AND partner_id IS NOT NULL
              ORDER BY invoice_date DESC, id DESC
                 LIMIT %(most)s
            )
            """,
            history=history,
            start=self.date_from,
            end=self.date_to,
            most=MOST_INSTALLMENTS,
        )
        predictions = SQL(
            """
            SELECT predicted.*, installment.partner_id, installment.invoice_date,
                   installment.date_maturity, installment.settled_date,
                   installment.settled_date - installment.date_maturity AS days_late,
                   CASE WHEN installment.settled_date IS NULL
                        THEN %(today)s - installment.date_maturity
                   END AS days_so_far
              FROM (%(predicted)s) predicted
              JOIN %(history)s installment ON installment.id = predicted.id
            """,
            today=today,
            predicted=self._replay(chosen),
            history=history,
        )
        return SQL(
            """
            INSERT INTO billing_backtest_line (
                backtest_id, company_id, move_id, partner_id, invoice_date, date_maturity,
                settled_date, amount, payment_count, earlier_count, late_probability,
                late30_probability, expected_days, low_days, high_days, average_days, days_late,
                days_so_far, error_days, missed_by, error_band, outcome, within)
            SELECT %(backtest)s, %(company)s, line.move_id, judged.partner_id, judged.invoice_date,
                   judged.date_maturity, judged.settled_date, line.balance, judged.payment_count,
                   judged.earlier_count, judged.late_probability, judged.late30_probability,
                   judged.expected_days, judged.low_days, judged.high_days, judged.average_days,
                   judged.days_late, judged.days_so_far,
                   judged.days_late - judged.expected_days,
                   COALESCE(ABS(judged.days_late - judged.expected_days),
                            GREATEST(judged.days_so_far - judged.expected_days, 0)),
                   CASE WHEN judged.days_late IS NOT NULL THEN %(band)s END,
                   CASE WHEN NOT judged.is_late THEN 'on_time'
                        WHEN judged.days_so_far > 0 THEN 'unpaid'
                        WHEN judged.days_late IS NULL THEN 'open'
                        WHEN judged.is_late30 THEN 'very_late'
                        ELSE 'late'
                   END,
                   CASE WHEN judged.is_within THEN 'yes' WHEN NOT judged.is_within THEN 'no'
                        ELSE 'open'
                   END
              FROM (%(judged)s) judged
              JOIN account_move_line line ON line.id = judged.id
            """,
            backtest=self.id,
            company=self.company_id.id,
            band=self._error_to_band(SQL("round(judged.days_late - judged.expected_days)")),
            judged=accuracy.judge(predictions),
        )

    @api.model
    def _error_to_band(self, error):
        pieces = [SQL("WHEN %s >= %s THEN %s", error, least, band) for band, least in BANDS[::-1]]
        return SQL("CASE %s ELSE '1' END", SQL(" ").join(pieces))

    def _measure(self):
        """Write down how right the predictions are: the figures, and the tenths."""
        judged = self._select_judged()
        [figures] = self.env.execute_query_dict(accuracy.measure(judged))
        few = SQL("SELECT * FROM (%s) all_lines WHERE earlier_count < %s", judged, FEW_PAYMENTS)
        [of_new] = self.env.execute_query_dict(accuracy.measure(few))
        self.write(
            {
                **{name: figures[name] for name in FIGURES},
                **{name: of_new[source] for source, name in OF_NEW.items()},
            }
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO billing_backtest_bin (backtest_id, company_id, number, predicted,
                                                  happened, number_judged)
                SELECT %s, %s, number, predicted, happened, number_judged FROM (%s) bin
                """,
                self.id,
                self.company_id.id,
                accuracy.bins(judged),
            )
        )

    def _select_judged(self):
        return accuracy.judge(
            SQL(
                """
                SELECT id, late_probability, late30_probability, expected_days, low_days,
                       high_days, average_days, earlier_count, amount, days_late, days_so_far
                  FROM billing_backtest_line WHERE backtest_id = %s
                """,
                self.id,
            )
        )

    def _forget_old(self):
        """Forget the checks, and the single predictions, that are more than what is kept."""
        checks = self.search([("company_id", "=", self.company_id.id), ("state", "!=", "waiting")])
        checks[CHECKS_KEPT:].unlink()
        self.env.cr.execute(
            SQL(
                "DELETE FROM billing_backtest_line WHERE company_id = %s AND backtest_id NOT IN %s",
                self.company_id.id,
                tuple(checks[:LINES_KEPT].ids),
            )
        )
        self.env["billing.backtest.line"].invalidate_model()
