from odoo import api, models
from odoo.tools import SQL


class BillingReceivable(models.Model):
    """What keeps an installment from being chased: what the customer said, and who said "wait"."""

    _inherit = "billing.receivable"

    @api.model
    def _get_hold_sources(self, as_of):
        """Return what holds back installments on a date. Features add their own.

        :return: a list of SQL queries with the columns ``line_id``, ``kind``, ``on_date`` and
            ``amount``. Kinds: ``dispute`` (``amount`` in the item's currency), ``promise`` and
            ``pause`` (``on_date`` is the last day of waiting), and ``broken`` (``on_date`` is when
            a promise was found broken; it holds nothing back)
        :rtype: list[SQL]
        """
        return []

    @api.model
    def _select_holds(self, as_of):
        """Return, as SQL, one row for each installment that something is known of."""
        nothing = SQL(
            "SELECT 0 AS line_id, '' AS kind, NULL::date AS on_date, 0.0 AS amount LIMIT 0"
        )
        sources = [nothing, *self._get_hold_sources(as_of)]
        return SQL(
            """
            SELECT line_id,
                   SUM(amount) FILTER (WHERE kind = 'dispute') AS disputed,
                   MAX(on_date) FILTER (WHERE kind = 'promise') AS promised_until,
                   MAX(on_date) FILTER (WHERE kind = 'pause') AS paused_until,
                   MAX(on_date) FILTER (WHERE kind = 'broken') AS promise_broken_on
              FROM (%s) known
          GROUP BY line_id
            """,
            SQL(" UNION ALL ").join(SQL("(%s)", source) for source in sources),
        )
