from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class BillingReceivable(models.Model):
    """What is disputed of an invoice is disputed of the installments that are due first."""

    _inherit = "billing.receivable"

    _depends = {
        "billing.dispute": ["amount", "closed_on", "move_id", "opened_on", "state"],
    }

    @api.model
    def _get_hold_sources(self, as_of):
        # EXTENDS 'billing.receivable'
        return [*super()._get_hold_sources(as_of), self._select_disputed(as_of)]

    @api.model
    def _select_disputed(self, as_of):
        """Return, as SQL, what is disputed of each installment: never more than is open on it.

        A payment in part leaves what is disputed disputed; it was made for the rest.
        """
        is_past = self.env.context.get("billing_as_of")
        return SQL(
            """
            SELECT line_id, 'dispute' AS kind, NULL::date AS on_date,
                   GREATEST(LEAST(open, disputed - before), 0) AS amount
              FROM (
                SELECT item.line_id, item.own_residual_currency AS open,
                       dispute.amount AS disputed,
                       SUM(item.own_residual_currency) OVER (
                            PARTITION BY item.move_id ORDER BY item.own_date_maturity, item.line_id
                       ) - item.own_residual_currency AS before
                  FROM (
                    SELECT move_id, SUM(amount) AS amount
                      FROM billing_dispute
                     WHERE %(is_open)s
                  GROUP BY move_id
                  ) dispute
                  JOIN (%(items)s) item ON item.move_id = dispute.move_id
                 WHERE item.own_residual_currency > 0
              ) ranked
            """,
            is_open=(
                SQL(
                    "opened_on <= %(day)s AND (closed_on IS NULL OR closed_on > %(day)s)", day=as_of
                )
                if is_past
                # whoever raised it may live in another time zone: for today the state counts
                else SQL("state = 'open'")
            ),
            items=self._items_as_of(as_of) if is_past else self._items_today(),
        )

    def action_dispute(self):
        """Enter that the customer contests this document."""
        self.ensure_one()
        self._check_is_now()
        if self.kind != "invoice":
            raise UserError(self.env._("Only an invoice can be disputed."))
        return self.move_id.action_billing_dispute()
