from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .working_hours import WorkingHours, find_zone


class BillingReminder(models.Model):
    """Reminders go out in the working hours of the customer, if the policy says so."""

    _inherit = "billing.reminder"

    @api.model
    def _wait_for_hours(self, domain, now=None):
        """Say of reminders that would go out now when they may, if that is later.

        Found out once for each policy, company and place, not for each customer.

        :param domain: of reminders that may go out now but for that
        :param now: the moment to be asked about (UTC), if not this one
        """
        reminders = self.search(
            Domain(domain)
            & Domain.OR(
                [
                    Domain("policy_id.working_days_only", "=", True),
                    Domain("policy_id.observe_holidays", "=", True),
                    Domain("policy_id.hour_from", ">", 0),
                    Domain("policy_id.hour_to", "<", 24),
                ]
            )
        )
        now = now or fields.Datetime.now()
        for place, ids in reminders._group_by_place():
            moment = self._get_working_hours(*place).find_next(now)
            if moment > now:
                self.browse(ids).write({"send_after": moment})

    def _group_by_place(self):
        """Return (policy, company, time zone, country code, state code) and ids of reminders."""
        if not self:
            return []
        return self.env.execute_query(
            SQL(
                """
                SELECT ARRAY[reminder.policy_id::text, reminder.company_id::text, partner.tz,
                             country.code, state.code],
                       array_agg(reminder.id)
                  FROM billing_reminder reminder
                  JOIN res_partner partner ON partner.id = reminder.partner_id
             LEFT JOIN res_country country ON country.id = partner.country_id
             LEFT JOIN res_country_state state ON state.id = partner.state_id
                 WHERE reminder.id IN %s
              GROUP BY reminder.policy_id, reminder.company_id, partner.tz, country.code, state.code
                """,
                tuple(self.ids),
            )
        )

    @api.model
    def _get_working_hours(self, policy_id, company_id, zone, country_code, state_code):
        """Return the `WorkingHours` of a policy of a company for customers at one place."""
        policy = self.env["billing.reminder.policy"].browse(int(policy_id))
        company = self.env["res.company"].browse(int(company_id))
        return WorkingHours(
            find_zone(country_code, zone, company._get_billing_zone()),
            (policy.hour_from, policy.hour_to),
            (country_code, state_code),
            working_days_only=policy.working_days_only,
            observe_holidays=policy.observe_holidays,
            closed=company._get_billing_closed_times() if policy.observe_holidays else (),
        )
