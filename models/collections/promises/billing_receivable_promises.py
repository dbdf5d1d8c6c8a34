from odoo import api, models
from odoo.tools import SQL


class BillingReceivable(models.Model):
    _inherit = "billing.receivable"

    _depends = {
        "billing.promise": ["closed_on", "date_until", "promised_on", "state"],
        "billing.promise.item": ["line_id", "promise_id"],
    }

    @api.model
    def _get_hold_sources(self, as_of):
        # EXTENDS: a promise, as it was known on that date
        return [
            *super()._get_hold_sources(as_of),
            SQL(
                """
                SELECT item.line_id, 'promise' AS kind, promise.date_until AS on_date, 0.0 AS amount
                  FROM billing_promise promise
                  JOIN billing_promise_item item ON item.promise_id = promise.id
                 WHERE promise.promised_on <= %(as_of)s
                   AND promise.date_until >= %(as_of)s
                   AND (promise.state = 'open' OR promise.closed_on > %(as_of)s)
                """,
                as_of=as_of,
            ),
            SQL(
                """
                SELECT item.line_id, 'broken', promise.closed_on, 0.0
                  FROM billing_promise promise
                  JOIN billing_promise_item item ON item.promise_id = promise.id
                 WHERE promise.state = 'broken' AND promise.closed_on <= %s
                """,
                as_of,
            ),
        ]
