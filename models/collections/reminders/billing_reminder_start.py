from odoo import api, models
from odoo.tools import SQL


class BillingReminder(models.Model):
    """On which rung debts begin that are older than the day reminders were switched on."""

    _inherit = "billing.reminder"

    @api.model
    def _next_rung_to_sql(self, company):
        """Return, as SQL, the rung that an installment climbs to next in a company.

        An aggregate of ``level.delay_days`` over the rungs that are open to ``open_item``: those it
        is old enough for and has not passed. Normally the lowest. A company that starts by age
        lets old debts skip to the highest; that is then the rung they have climbed, and those
        below are never used.
        """
        started_on = company.billing_reminder_start_date
        if company.billing_reminder_start != "age" or not started_on:
            return SQL("MIN(level.delay_days)")
        return SQL(
            """CASE WHEN open_item.date_maturity <= %s
                    THEN MAX(level.delay_days) ELSE MIN(level.delay_days) END""",
            started_on,
        )
