import logging

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class BillingPaymentPlan(models.Model):
    """Every night the ledger says which plans were kept, and which were not."""

    _inherit = "billing.payment.plan"

    @api.model
    def _cron_judge(self):
        """Close the plans that are paid or were missed, each in a transaction of its own.

        Whatever is left when the job is stopped is found again by the next run.
        """
        cron = self.env["ir.cron"]
        verdicts = []
        for company in self.env["res.company"].search([("active", "=", True)]):
            verdicts += self.with_company(company)._judge(company)
        cron._commit_progress(remaining=len(verdicts))
        for plan, state in verdicts:
            try:
                plan._apply_verdict(state)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # somebody is just paying or changing it: the next run sees what became of it
                self.env.cr.rollback()
            except Exception:
                self.env.cr.rollback()
                _logger.exception("Payment plan %s cannot be judged", plan.id)
            if not cron._commit_progress(1):
                break

    @api.model
    def _judge(self, company):
        """Return the plans of a company whose state is to change, each with the new state.

        :rtype: list[tuple]
        """
        judge = self.with_context(tz=company._get_billing_zone())
        self.env.flush_all()
        verdicts = [
            *self.env.execute_query(self._select_ended(company)),
            *self.env.execute_query(judge._select_missed(company)),
        ]
        return [(judge.browse(plan_id), state) for plan_id, state in verdicts]

    @api.model
    def _select_ended(self, company):
        """Return, as SQL, plans that are paid, that no longer fit the invoices, or revive.

        A plan whose payment came back revives, unless something else was agreed since.
        """
        return SQL(
            """
            WITH judged AS (
                SELECT plan.id, plan.state, plan.amount,
                       COALESCE(SUM(item.amount) FILTER (WHERE line.parent_state = 'posted'), 0)
                           AS standing,
                       bool_or(line.parent_state = 'posted' AND line.reconciled IS NOT TRUE)
                           AS is_open
                  FROM billing_payment_plan plan
             LEFT JOIN billing_payment_plan_item item ON item.plan_id = plan.id
             LEFT JOIN account_move_line line ON line.id = item.line_id
                 WHERE plan.company_id = %(company)s AND plan.state IN ('active', 'kept')
              GROUP BY plan.id
            )
            SELECT id,
                   CASE
                       WHEN state = 'kept' THEN 'active'
                       WHEN standing != amount THEN 'cancelled'
                       ELSE 'kept'
                   END
              FROM judged
             WHERE state = 'active' AND (standing != amount OR is_open IS NOT TRUE)
                OR state = 'kept' AND is_open AND standing = amount
                   AND NOT EXISTS (
                        SELECT FROM billing_payment_plan_item mine
                          JOIN billing_payment_plan_item other ON other.line_id = mine.line_id
                          JOIN billing_payment_plan later ON later.id = other.plan_id
                         WHERE mine.plan_id = judged.id
                           AND later.id > judged.id AND later.date_start IS NOT NULL
                       )
          ORDER BY id
            """,
            company=company.id,
        )

    @api.model
    def _select_missed(self, company):
        """Return, as SQL, plans of which an installment was not paid in time.

        What is disputed, promised, paused or on its way is not asked for and so not missed. Money
        that the customer has with us counts, even where nobody has matched it yet.
        """
        receivable = self.env["billing.receivable"]
        companies = receivable._get_credit_companies(company)
        return SQL(
            """
            WITH open_item AS (
                SELECT receivable.* FROM %(receivable)s receivable
                 WHERE company_id IN %(companies)s
                   AND partner_id IN (
                        SELECT plan.partner_id FROM billing_payment_plan plan
                         WHERE plan.company_id = %(company)s AND plan.state = 'active'
                       )
            ),
            missed AS (
                SELECT share.plan_id, open_item.partner_id, open_item.currency_id,
                       SUM(open_item.chased_currency) AS amount
                  FROM open_item
                  JOIN billing_payment_plan_share share ON share.id = open_item.share_id
                 WHERE open_item.company_id = %(company)s
                   AND open_item.date_maturity < %(latest)s
                   AND (open_item.can_be_reminded OR open_item.kind = 'entry'
                        AND open_item.promised_until IS NULL AND open_item.paused_until IS NULL)
              GROUP BY share.plan_id, open_item.partner_id, open_item.currency_id
            ),
            credit AS (%(credits)s)
            SELECT missed.plan_id, 'broken'
              FROM missed
         LEFT JOIN credit USING (partner_id, currency_id)
             WHERE missed.amount > COALESCE(credit.amount, 0)
          ORDER BY missed.plan_id
            """,
            receivable=receivable._table_sql,
            companies=tuple(companies.ids),
            company=company.id,
            latest=fields.Date.subtract(
                receivable._get_as_of(), days=company.billing_plan_grace_days
            ),
            credits=receivable._select_credits(companies),
        )

    def _apply_verdict(self, state):
        """Change the state as `_judge` found, unless somebody else has just done something."""
        self.ensure_one()
        before = "kept" if state == "active" else "active"
        plan = self.try_lock_for_update(allow_referencing=True)
        plan.invalidate_recordset(["state"])
        if plan.state != before:
            return
        if state == "active":
            plan._revive()
        else:
            plan._close(state)
            if state != "kept":
                plan._report_end(state)
        # what is wrong shows now, where the next one is not concerned
        self.env.flush_all()

    def _revive(self):
        """Put a plan in force again whose payment came back."""
        self.sudo().write({"state": "active", "date_end": False})
        self._note("plan_agreed", self.env._("The payment plan %s counts again.", self.name))

    def _report_end(self, state):
        """Ask the responsible person to look at a plan that did not end well."""
        users = self.user_id | self.salesperson_id | self.create_uid
        user = self.company_id._get_billing_staff(users)[:1]
        texts = {
            "broken": self.env._(
                "%(open)s is still open. The invoices' own due dates count again, and reminders go "
                "on where they were.",
                open=self.currency_id.format(self.amount_open),
            ),
            "cancelled": self.env._(
                "An invoice of this plan was changed or cancelled. Make a new plan if the "
                "agreement still stands."
            ),
        }
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=(
                self.env._("Payment plan missed")
                if state == "broken"
                else self.env._("Payment plan no longer fits")
            ),
            note=texts[state],
            user_id=(user or self.env.user).id,
        )
