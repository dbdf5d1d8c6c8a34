from odoo import api, fields, models
from odoo.tools import SQL

# Days that are looked back at for what is usual.
USUAL_DAYS = 30
# So many times the usual is unusual, from so many messages on.
UNUSUAL_TIMES = 3
UNUSUAL_FROM = 50
# What may go out on the first day, when nothing is usual yet.
FIRST_DAY_LIMIT = 100


class BillingReminder(models.Model):
    """More messages than usual are more often a mistake in the books than a bad day."""

    _inherit = "billing.reminder"

    stop_id = fields.Many2one(
        "billing.reminder.stop",
        string="Stopped with",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="It was decided on a day with unusually many, and waits until somebody lets them go.",
    )

    @api.model
    def _decide(self, company):
        """Decide about a company's reminders of today, and how many of them may go out today."""
        reminders = self._plan(company)
        self._stop_unusual_volume(company, reminders)
        self._spread_over_days(company)

    @api.model
    def _stop_unusual_volume(self, company, reminders):
        """Let reminders that are unusually many wait for a person, and tell the managers.

        Only what would go out by itself counts: what is proposed is looked at anyway.
        """
        as_of = self.env["billing.receivable"]._get_as_of()
        count, usual = self._measure_volume(company, reminders, as_of)
        if not self._is_unusual(count, usual):
            return
        stop = self.env["billing.reminder.stop"].create(
            {
                "company_id": company.id,
                "decided_on": as_of,
                "reminder_count": count,
                "usual_count": usual or 0,
                "is_first": usual is None,
            }
        )
        reminders.filtered(lambda reminder: reminder.state == "planned").write(
            {"state": "proposed", "stop_id": stop.id}
        )
        stop._tell_managers()

    @api.model
    def _is_unusual(self, count, usual):
        """Return whether ``count`` messages of one day are too many to go out unseen.

        :param usual: messages on a usual day, None if there is none to compare with
        """
        if usual is None:
            return count > FIRST_DAY_LIMIT
        return count >= UNUSUAL_FROM and count > UNUSUAL_TIMES * usual

    @api.model
    def _measure_volume(self, company, reminders, as_of):
        """Count what is about to go out, and what was decided and went out on other days.

        :return: how many of ``reminders`` are planned, and the mean of those days of the last
            month that had messages; None if there was none
        :rtype: tuple[int, float | None]
        """
        self.flush_model(["company_id", "decided_on", "state"])
        return self.env.execute_query(
            SQL(
                """
                SELECT (SELECT COUNT(*) FROM billing_reminder
                         WHERE id = ANY(%(reminders)s) AND state = 'planned'),
                       AVG(day.messages)::float
                  FROM (
                    SELECT COUNT(*) AS messages
                      FROM billing_reminder
                     WHERE company_id = %(company)s
                       AND state IN ('queued', 'sent')
                       AND decided_on < %(as_of)s AND decided_on >= %(as_of)s - %(days)s
                  GROUP BY decided_on
                  ) day
                """,
                reminders=reminders.ids,
                company=company.id,
                as_of=as_of,
                days=USUAL_DAYS,
            )
        )[0]
