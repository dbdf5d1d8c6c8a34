from odoo import api, models
from odoo.tools import SQL


class BillingReceivable(models.Model):
    """Items under a payment plan are split into the plan's parts, with the plan's dates.

    What is open of a plan is open of its last installments: money fills the first ones first,
    whichever item it was matched with. Laid end to end from the last to the first, open items and
    installments are two rulers beside each other: a part is where one of each overlaps. So the
    parts of an item always add up to what the ledger says is open of it.
    """

    _inherit = "billing.receivable"

    _depends = {
        "billing.payment.plan": ["date_end", "date_start", "state"],
        "billing.payment.plan.item": ["line_id", "plan_id", "rank"],
        "billing.payment.plan.line": ["amount", "amount_after", "date", "plan_id"],
        "billing.payment.plan.share": ["line_id", "plan_line_id"],
    }

    @api.model
    def _split_by_plan(self, items, as_of):
        # EXTENDS: two halves, so that PostgreSQL finds an item by its id without splitting all.
        # A part's id is negative: an item's own id stays what it was.
        if not self.env["billing.payment.plan"]._has_any():
            return super()._split_by_plan(items, as_of)
        return SQL(
            """
            SELECT whole.* FROM (%(whole)s) whole
             WHERE NOT EXISTS (
                    SELECT FROM billing_payment_plan_item planned
                      JOIN billing_payment_plan plan ON plan.id = planned.plan_id
                     WHERE planned.line_id = whole.line_id
                       AND whole.residual_currency > 0
                       AND whole.partner_id IS NOT NULL
                       AND %(in_force)s
                   )
             UNION ALL
            SELECT item.*,
                   -- beyond the plan, because an earlier payment came back: as without a plan
                   CASE WHEN part.share_id IS NULL THEN item.line_id ELSE -part.share_id END,
                   COALESCE(part.share_id, 0),
                   COALESCE(part.date, item.own_date_maturity),
                   -- both ends are converted: the parts add up to the item, whatever is rounded
                   %(upto)s - %(after)s,
                   part.upto - part.after,
                   part.after
              FROM (%(parts)s) part
              JOIN (%(items)s) item
                ON item.line_id = part.line_id AND item.partner_id = part.partner_id
            """,
            whole=super()._split_by_plan(items, as_of),
            in_force=self._plan_in_force_to_sql(as_of),
            items=items,
            parts=self._select_plan_parts(as_of),
            upto=self._part_to_company_currency(SQL("part.upto")),
            after=self._part_to_company_currency(SQL("part.after")),
        )

    @api.model
    def _part_to_company_currency(self, amount):
        """Return ``amount`` of an item, in SQL, in the company's currency; all of it is exact."""
        return SQL(
            """
            CASE WHEN %(amount)s = item.own_residual_currency THEN item.own_residual
                 ELSE (SELECT round(item.own_residual * %(amount)s / item.own_residual_currency
                                    / currency.rounding) * currency.rounding
                         FROM res_currency currency WHERE currency.id = item.company_currency_id)
            END
            """,
            amount=amount,
        )

    @api.model
    def _select_plan_parts(self, as_of):
        """Return, as SQL, the parts of all items that are under a plan on a date.

        One row for each installment that something of an item falls into: ``after`` and ``upto``
        are the part's two ends within what is open of the item, counted from what is due last.
        """
        return SQL(
            """
            SELECT opened.line_id, opened.partner_id, share.id AS share_id, step.date,
                   GREATEST(step.after, opened.after) - opened.after AS after,
                   LEAST(step.after + step.amount, opened.after + opened.amount) - opened.after
                       AS upto
              FROM (
                SELECT item.plan_id, item.line_id, customer.commercial_partner_id AS partner_id,
                       %(open)s AS amount,
                       SUM(%(open)s) OVER (
                            PARTITION BY item.plan_id, customer.commercial_partner_id
                                ORDER BY item.rank DESC, item.id DESC
                       ) - %(open)s AS after
                  FROM billing_payment_plan plan
                  JOIN billing_payment_plan_item item ON item.plan_id = plan.id
                  JOIN account_move_line line ON line.id = item.line_id
                  JOIN res_partner customer ON customer.id = line.partner_id
                 WHERE %(in_force)s
                   AND line.parent_state = 'posted'
                   AND %(open)s > 0
              ) opened
              JOIN (
                SELECT id, plan_id, date, amount, amount_after AS after
                  FROM billing_payment_plan_line
                 UNION ALL
                -- beyond the plan: without an end, and without a date of its own
                SELECT NULL, plan_id, NULL, NULL, SUM(amount)
                  FROM billing_payment_plan_line
              GROUP BY plan_id
              ) step ON step.plan_id = opened.plan_id
                    AND step.after < opened.after + opened.amount
                    AND (step.amount IS NULL OR step.after + step.amount > opened.after)
         LEFT JOIN billing_payment_plan_share share
                ON share.plan_line_id = step.id AND share.line_id = opened.line_id
            """,
            open=self._plan_item_open_to_sql(as_of),
            in_force=self._plan_in_force_to_sql(as_of),
        )

    @api.model
    def _plan_in_force_to_sql(self, as_of):
        if not self.env.context.get("billing_as_of"):
            return SQL("plan.state = 'active'")
        return SQL(
            "plan.date_start <= %(as_of)s AND (plan.date_end IS NULL OR plan.date_end > %(as_of)s)",
            as_of=as_of,
        )

    @api.model
    def _plan_item_open_to_sql(self, as_of):
        """Return, as SQL, what is open of ``line`` in its currency; the same as in the items."""
        if not self.env.context.get("billing_as_of"):
            return SQL("line.amount_residual_currency")
        return SQL(
            """
            (line.amount_residual_currency
             + COALESCE((SELECT SUM(debit_amount_currency) FROM account_partial_reconcile
                          WHERE debit_move_id = line.id AND max_date > %(as_of)s), 0)
             - COALESCE((SELECT SUM(credit_amount_currency) FROM account_partial_reconcile
                          WHERE credit_move_id = line.id AND max_date > %(as_of)s), 0))
            """,
            as_of=as_of,
        )
