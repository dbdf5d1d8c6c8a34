import logging

from dateutil.relativedelta import relativedelta
from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from .constants import POOR_GRADES, TREND_MONTHS, TREND_POINTS

_logger = logging.getLogger(__name__)

# So many months are rebuilt from the ledger where there is no history yet.
REBUILT_MONTHS = 12

COLUMNS = (
    "score",
    "grade",
    "expected_delay",
    "house_delay",
    "own_delay",
    "weight",
    "delay_score",
    "settled_count",
    "late_count",
    "average_days_late",
    "overdue_count",
    "overdue_days",
    "promise_kept_count",
    "promise_partly_count",
    "promise_broken_count",
    "promise_broken_on",
    "promise_points",
    "dispute_rejected_count",
    "dispute_rejected_on",
    "dispute_points",
    "bounce_count",
    "bounce_points",
    "recent_count",
    "reminded_count",
    "reminder_most",
    "reminder_points",
    "points_off",
    "owed",
    "confidence",
    "trend",
    "trend_points",
    "is_new_risk",
    "refreshed_on",
)
MONTH_COLUMNS = ("score", "grade", "expected_delay", "own_score", "confidence")


def columns(names, alias=None):
    """Return names of columns as SQL, separated by commas."""
    return SQL(", ").join(
        SQL.identifier(alias, name) if alias else SQL.identifier(name) for name in names
    )


class BillingScore(models.Model):
    """Rebuilding the scores: one statement a company, and one for each month of the past."""

    _inherit = "billing.score"

    @api.model
    def _cron_refresh(self):
        """Refresh every company, whoever waited longest first. One that fails is left out."""
        refreshed = dict(self._read_group([], ["company_id"], ["refreshed_on:min"]))
        companies = self.env["res.company"].search(Domain.TRUE)
        for company in companies.sorted(lambda company: str(refreshed.get(company) or "")):
            for month in self._get_missing_months(company):
                self._try(company, self._rebuild_month, month)
            self._try(company, self._refresh_company)

    @api.model
    def _try(self, company, method, *arguments):
        """Do something for a company, and commit; log it if it cannot be done."""
        try:
            with self.env.cr.savepoint():
                method(company, *arguments)
        except Exception:
            _logger.exception("The scores of %s cannot be refreshed", company.name)
        self.env["ir.cron"]._commit_progress()

    @api.model
    def _refresh_company(self, company):
        """Form the opinions of one company anew. Features add theirs."""
        self._refresh(company)

    def action_refresh(self):
        """Form the opinions of the current companies anew, as of today."""
        if not self.env.user.has_group("billing_crm.group_billing_user"):
            raise AccessError(self.env._("Only billing users may refresh payment scores."))
        for company in self.env.companies:
            self.sudo()._refresh_company(company)

    @api.model
    def _refresh(self, companies):
        """Rebuild the scores of ``companies``, each with one statement."""
        self.env.flush_all()
        for company in companies:
            scores = self._on(company)
            month = scores.env["billing.receivable"]._get_as_of().replace(day=1)
            with scores.env["billing.receivable"]._joining_large_sets():
                scores.env.cr.execute(scores._upsert(company, month))
        self.invalidate_model()
        self.env["billing.score.history"].invalidate_model()

    @api.model
    def _on(self, company, day=False):
        """Return this model as it is asked about a company at the end of a day, or today."""
        return self.with_company(company).with_context(
            billing_as_of=day, tz=company._get_billing_zone() or "UTC"
        )

    @api.model
    def _get_missing_months(self, company):
        """Return the months before this one that nothing is known of, at most `REBUILT_MONTHS`.

        They begin after the last one that is known, and with the company's first invoice.
        """
        current = company._get_billing_today().replace(day=1)
        [(known, since)] = self.env.execute_query(
            SQL(
                """
                SELECT (SELECT MAX(month) FROM billing_score_history
                         WHERE company_id = %(company)s AND month < %(current)s),
                       (SELECT MIN(invoice_date) FROM account_move
                         WHERE company_id = %(company)s AND state = 'posted'
                           AND move_type IN ('out_invoice', 'out_receipt'))
                """,
                company=company.id,
                current=current,
            )
        )
        months = [current - relativedelta(months=back) for back in range(REBUILT_MONTHS, 0, -1)]
        return [
            month
            for month in months
            if since and month >= since.replace(day=1) and (not known or month > known)
        ]

    @api.model
    def _rebuild_month(self, company, month):
        """Form the scores that customers had at the end of a month, from ledger and facts."""
        self.env.flush_all()
        then = self._on(company, day=month + relativedelta(months=1, days=-1))
        with then.env["billing.receivable"]._joining_large_sets():
            then.env.cr.execute(
                SQL(
                    "WITH %s %s",
                    then._with_scored(company),
                    self._insert_month(company, month, SQL("scored")),
                )
            )
        self.env["billing.score.history"].invalidate_model()

    @api.model
    def _insert_month(self, company, month, source):
        return SQL(
            """
            INSERT INTO billing_score_history AS history (company_id, month, partner_id, %(names)s)
            SELECT %(company)s, %(month)s, partner_id, %(names)s FROM %(source)s
            ON CONFLICT (company_id, month, partner_id) DO UPDATE
               SET (%(names)s) = ROW(%(excluded)s)
             WHERE (%(present)s) IS DISTINCT FROM (%(excluded)s)
            """,
            names=columns(MONTH_COLUMNS),
            excluded=columns(MONTH_COLUMNS, "excluded"),
            present=columns(MONTH_COLUMNS, "history"),
            company=company.id,
            month=month,
            source=source,
        )

    @api.model
    def _upsert(self, company, current):
        """Return the statement that writes the scores of a company, and those of this month."""
        return SQL(
            """
            WITH %(scored)s,
            formed AS (
                SELECT scored.*,
                       %(trend_points)s AS trend_points,
                       CASE WHEN (%(trend_points)s) IS NULL THEN NULL
                            WHEN LEAST(%(trend_points)s, scored.own_score - past.own_score)
                                 >= %(trend)s THEN 'improving'
                            WHEN GREATEST(%(trend_points)s, scored.own_score - past.own_score)
                                 <= -%(trend)s THEN 'slipping'
                            ELSE 'stable'
                       END AS trend,
                       scored.grade IN %(poor)s AND COALESCE(past.grade NOT IN %(poor)s, TRUE)
                           OR scored.confidence = 'low' AND is_much AS is_new_risk,
                       now() AT TIME ZONE 'UTC' AS refreshed_on
                  FROM scored
             LEFT JOIN billing_score_history past
                    ON past.partner_id = scored.partner_id AND past.company_id = %(company)s
                   AND past.month = %(before)s
            ),
            gone AS (
                DELETE FROM billing_score
                 WHERE company_id = %(company)s
                   AND partner_id NOT IN (SELECT partner_id FROM scored)
            ),
            gone_month AS (
                DELETE FROM billing_score_history
                 WHERE company_id = %(company)s AND month = %(current)s
                   AND partner_id NOT IN (SELECT partner_id FROM scored)
            ),
            of_month AS (%(of_month)s)
            INSERT INTO billing_score (company_id, partner_id, %(names)s)
            SELECT %(company)s, partner_id, %(names)s FROM formed
            ON CONFLICT (company_id, partner_id) DO UPDATE SET (%(names)s) = ROW(%(excluded)s)
            """,
            scored=self._with_scored(company),
            trend_points=SQL(
                """CASE WHEN scored.confidence != 'low' AND past.confidence != 'low'
                        THEN scored.score - past.score END"""
            ),
            trend=TREND_POINTS,
            poor=POOR_GRADES,
            before=current - relativedelta(months=TREND_MONTHS),
            current=current,
            of_month=self._insert_month(company, current, SQL("formed")),
            company=company.id,
            names=columns(COLUMNS),
            excluded=columns(COLUMNS, "excluded"),
        )

    @api.model
    def _forget(self, company, partners):
        """Delete at once what is thought of customers, and what was. Features add theirs.

        :param partners: commercial partners
        """
        for model in ("billing.score", "billing.score.history"):
            self.env[model].sudo().search(
                [("company_id", "=", company.id), ("partner_id", "in", partners.ids)]
            ).unlink()
