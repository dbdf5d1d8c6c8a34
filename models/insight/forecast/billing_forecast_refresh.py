import logging

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

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
        model = self.sudo().with_context(billing_as_of=False)
        # what was promised or paid since last night changes when the rest is expected
        model.env["billing.prediction"]._refresh(self.env.companies)
        model._refresh(self.env.companies)

    @api.model
    def _refresh(self, companies):
        """Rebuild the forecasts of ``companies``, and what follows from them."""
        for company in companies:
            model = self.sudo().with_company(company)
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
        """Return the statement that writes all amounts of a company."""
        return SQL(
            """
            INSERT INTO billing_forecast (
                company_id, company_currency_id, refreshed_on, direction, kind, name, partner_id,
                move_id, line_id, share_id, recurring_id, planned_id, currency_id, open_currency,
                disputed_currency, credited_currency, amount_currency, open, amount, rate,
                rate_date, date_maturity, date_due, expected_date, earliest_date, latest_date,
                first_date, last_date, promised_date, basis, is_overdue, gap_rank)
            SELECT %(company)s, %(currency)s, now() AT TIME ZONE 'UTC', direction, kind, name,
                   partner_id, move_id, line_id, share_id, recurring_id, planned_id, currency_id,
                   sign * open_currency, sign * disputed_currency, sign * credited_currency,
                   sign * amount_currency, sign * open, sign * amount, rate, rate_date,
                   date_maturity, date_due, expected_date, earliest_date, latest_date,
                   first_date, last_date, promised_date, basis,
                   date_maturity < %(today)s AND amount_currency > 0, 0
              FROM (
                SELECT item.*, CASE WHEN direction = 'in' THEN 1 ELSE -1 END AS sign
                  FROM (%(items)s) item
              ) item
            """,
            company=company.id,
            currency=company.currency_id.id,
            today=today,
            items=self._select_items(company, today, sources),
        )
