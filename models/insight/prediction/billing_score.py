import logging

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class BillingScore(models.Model):
    """Predictions are formed with the scores, and forgotten with them."""

    _inherit = "billing.score"

    @api.model
    def _cron_refresh(self):
        # EXTENDS 'insight/score'
        result = super()._cron_refresh()
        for company in self.env["res.company"].search(Domain.TRUE):
            predictions = self.env["billing.prediction"]
            self._try(company, predictions._refresh_predictions)
            # not as above: it commits between batches, and a savepoint would be gone
            try:
                predictions._update_moves(company)
            except Exception:
                self.env.cr.rollback()
                _logger.exception("Invoices of %s were not told what is expected", company.name)
        return result

    def action_refresh(self):
        # EXTENDS 'insight/score'
        result = super().action_refresh()
        self.env["billing.prediction"].sudo()._refresh(self.env.companies)
        return result

    @api.model
    def _forget(self, company, partners):
        # EXTENDS 'insight/score': the average of all customers is expected of them from tonight on
        result = super()._forget(company, partners)
        predictions = (
            self.env["billing.prediction"]
            .sudo()
            .search([("company_id", "=", company.id), ("partner_id", "in", partners.ids)])
        )
        moves = predictions.move_id
        predictions.unlink()
        self.env.execute_query(
            SQL(
                """
                UPDATE account_move
                   SET late_probability = NULL, expected_payment_date = NULL
                 WHERE id = ANY(%s)
             RETURNING id
                """,
                moves.ids,
            )
        )
        moves.invalidate_recordset(["late_probability", "expected_payment_date"])
        return result
