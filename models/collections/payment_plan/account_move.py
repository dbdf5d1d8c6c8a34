from odoo import api, fields, models
from odoo.tools import SQL


class AccountMove(models.Model):
    """Invoices that are paid by a payment plan: status, page and portal go by its dates."""

    _inherit = "account.move"

    billing_payment_plan_id = fields.Many2one(
        "billing.payment.plan",
        string="Payment Plan",
        compute="_compute_billing_payment_plan_id",
        groups="billing_crm.group_billing_user",
        help="The plan in force that something of this invoice is paid by.",
    )

    def _compute_billing_payment_plan_id(self):
        items = self.env["billing.payment.plan.item"].search(
            [("move_id", "in", self.ids), ("is_active", "=", True)]
        )
        plans = {item.move_id: item.plan_id for item in items}
        for move in self:
            move.billing_payment_plan_id = plans.get(move._origin, items.plan_id.browse())

    def action_open_billing_payment_plan(self):
        """Open the plan in force that this invoice is paid by."""
        self.ensure_one()
        return self.billing_payment_plan_id._get_records_action()

    # -- Status ------------------------------------------------------------------------------------

    @api.model
    def _installment_due_to_sql(self, installment):
        # EXTENDS: the first installment of the plan that asks for something of this one; what is
        # open beyond the plan keeps its own date. See `billing.receivable._split_by_plan`.
        if not self.env["billing.payment.plan"]._has_any():
            return super()._installment_due_to_sql(installment)
        return SQL(
            """
            COALESCE((
                SELECT CASE WHEN reach.amount > plan.amount THEN %(own)s ELSE (
                        SELECT min(step.date) FROM billing_payment_plan_line step
                         WHERE step.plan_id = plan.id AND step.amount_after < reach.amount
                       ) END
                  FROM billing_payment_plan_item mine
                  JOIN billing_payment_plan plan ON plan.id = mine.plan_id,
               LATERAL (
                    SELECT SUM(owed.amount_residual_currency) AS amount
                      FROM billing_payment_plan_item other
                      JOIN account_move_line owed ON owed.id = other.line_id
                     WHERE other.plan_id = mine.plan_id
                       AND other.rank >= mine.rank
                       AND owed.parent_state = 'posted'
                       AND owed.amount_residual_currency > 0
                  ) reach
                 WHERE mine.line_id = %(line)s AND mine.is_active
            ), %(own)s)
            """,
            line=SQL.identifier(installment, "id"),
            own=super()._installment_due_to_sql(installment),
        )

    # -- The page behind a link --------------------------------------------------------------------

    def _get_billing_plan_parts(self):
        """Return what is open of this invoice in a payment plan, the earliest part first.

        :return: `billing.receivable`; empty if the invoice is in no plan
        """
        self.ensure_one()
        items = self.env["billing.payment.plan.item"].sudo()
        under_plan = [("move_id", "=", self.id), ("is_active", "=", True)]
        has_any = self.env["billing.payment.plan"]._has_any()
        if not has_any or not items.search_count(under_plan, limit=1):
            return self.env["billing.receivable"]
        return self.env["billing.receivable"].sudo().search([("move_id", "=", self.id)])

    def _get_billing_installments(self):
        # EXTENDS: what is open is due as the plan says
        installments = super()._get_billing_installments()
        parts = self._get_billing_plan_parts()
        if not any(parts.mapped("share_id")):
            return installments
        today = fields.Date.context_today(self)
        # without items under the plan that are settled: what was paid is listed below
        rows = [
            {
                "line": part.line_id,
                "date": part.date_maturity,
                "amount": part.residual_currency,
                "open": part.residual_currency,
                "is_overdue": part.date_maturity < today,
            }
            for part in parts
            if part.residual_currency > 0
        ]
        return [{**row, "number": number} for number, row in enumerate(rows, 1)]

    def _get_billing_choices(self, line=None):
        # EXTENDS: what is overdue of the plan, else its next installment, or everything
        parts = self._get_billing_plan_parts()
        if not any(parts.mapped("share_id")):
            return super()._get_billing_choices(line)
        unpaid = parts.filtered(lambda part: part.residual_currency > 0)
        due, state = self._get_billing_plan_due(unpaid)
        choices = {
            "due": {
                **self._get_billing_choice(due.line_id, sum(due.mapped("residual_currency"))),
                "state": state,
                "date": due[:1].date_maturity,
            }
        }
        if due != unpaid:
            choices["all"] = self._get_billing_choice(
                unpaid.line_id, sum(unpaid.mapped("residual_currency"))
            )
        return choices

    @api.model
    def _get_billing_plan_due(self, unpaid):
        """Return which parts are to be paid now, and their state: those overdue, else the next."""
        overdue = unpaid.filtered("is_overdue")
        if overdue:
            return overdue, "overdue"
        first = unpaid[:1].date_maturity
        return unpaid.filtered(lambda part: part.date_maturity == first), "next"

    # -- The portal --------------------------------------------------------------------------------

    def _get_invoice_portal_extra_values(self, custom_amount=None):
        # EXTENDS 'account': a customer who is signed in reads the same dates as on our page
        values = super()._get_invoice_portal_extra_values(custom_amount=custom_amount)
        parts = self._get_billing_plan_parts() if custom_amount is None else None
        if not parts or not any(parts.mapped("share_id")):
            return values
        unpaid = parts.filtered(lambda part: part.residual_currency > 0)
        due, state = self._get_billing_plan_due(unpaid)
        return {
            **values,
            "installment_state": state,
            "next_amount_to_pay": self.currency_id.round(sum(due.mapped("residual_currency"))),
            "next_due_date": due[:1].date_maturity,
            "amount_due": self.amount_residual,
            "is_last_installment": due == unpaid,
        }
