from odoo import api, models
from odoo.tools import SQL


class BillingScore(models.Model):
    _inherit = "billing.score"

    @api.model
    def _forget(self, company, partners):
        # EXTENDS 'insight/score': until tonight they are expected to pay when it is due
        result = super()._forget(company, partners)
        forecast = self.env["billing.forecast"]
        forecast.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE billing_forecast
                   SET expected_date = date_due, earliest_date = date_due,
                       latest_date = date_due, first_date = date_due, last_date = date_due,
                       basis = 'due'
                 WHERE company_id = %s AND basis = 'prediction' AND partner_id = ANY(%s)
                """,
                company.id,
                partners.ids,
            )
        )
        forecast.invalidate_model()
        return result
