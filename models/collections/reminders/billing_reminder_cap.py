from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class BillingReminder(models.Model):
    """How many messages go out on one day."""

    _inherit = "billing.reminder"

    send_day = fields.Date(
        string="Day of Sending",
        readonly=True,
        help="It does not go out before, so that no day has more messages than the policy allows.",
    )

    @api.model
    def _get_sendable_domain(self):
        # EXTENDS 'billing_crm'
        companies = self.env["res.company"].search([("billing_reminders_enabled", "=", True)])
        today = companies.grouped(lambda company: company._get_billing_today())
        return Domain(super()._get_sendable_domain()) & Domain.OR(
            Domain("company_id", "in", group.ids)
            & (Domain("send_day", "=", False) | Domain("send_day", "<=", day))
            for day, group in today.items()
        )

    @api.model
    def _spread_over_days(self, company):
        """Give every planned reminder of a company the day on which it may go out.

        Each policy allows so many messages a day in each company. The most valuable go first; the
        others keep their level and stay planned for the days after. Decided anew on each day, so
        that a great debt of today overtakes a small one of last week, and a changed policy counts
        at once. What must not go out today for another reason takes no place of today.
        """
        self.env.flush_all()
        receivable = self.env["billing.receivable"]
        as_of = receivable.with_context(tz=company._get_billing_zone())._get_as_of()
        self.env.execute_query(
            SQL(
                """
                WITH rate (currency_id, rate) AS (%(rates)s),
                used AS (
                    SELECT policy_id, COUNT(*) AS places
                      FROM billing_reminder
                     WHERE company_id = %(company)s
                       AND (state = 'queued' OR state = 'sent' AND sent_on >= %(midnight)s)
                  GROUP BY policy_id
                ),
                ranked AS (
                    SELECT reminder.id,
                           policy.daily_cap,
                           COALESCE(used.places, 0) + ROW_NUMBER() OVER (
                               PARTITION BY reminder.policy_id
                               ORDER BY reminder.amount / COALESCE(rate.rate, 1) DESC, reminder.id
                           ) - 1 AS place
                      FROM billing_reminder reminder
                      JOIN billing_reminder_policy policy ON policy.id = reminder.policy_id
                 LEFT JOIN rate USING (currency_id)
                 LEFT JOIN used ON used.policy_id = reminder.policy_id
                     WHERE reminder.company_id = %(company)s
                       AND reminder.state = 'planned'
                       AND (reminder.send_after IS NULL OR reminder.send_after < %(as_of)s + 1)
                )
                UPDATE billing_reminder reminder
                   SET send_day = %(as_of)s
                       + COALESCE(ranked.place / NULLIF(ranked.daily_cap, 0), 0)::integer
                  FROM ranked
                 WHERE reminder.id = ranked.id
                   AND reminder.send_day IS DISTINCT FROM %(as_of)s
                       + COALESCE(ranked.place / NULLIF(ranked.daily_cap, 0), 0)::integer
             RETURNING reminder.id
                """,
                company=company.id,
                as_of=as_of,
                midnight=company._get_billing_end_of_day(as_of - timedelta(days=1)),
                rates=self._select_rates(company),
            )
        )
        self.invalidate_model(["send_day"])

    @api.model
    def _select_rates(self, company):
        """Return, as SQL, each currency and how much of it the company's currency is worth now.

        Good enough to put messages into an order, not to add them up.
        """
        rates = (
            self.env["res.currency"]
            .search([("active", "=", True)])
            ._get_rates(company, fields.Date.today())
        )
        return SQL(
            "VALUES %s",
            SQL(", ").join(SQL("(%s, %s::float)", *currency) for currency in rates.items()),
        )
