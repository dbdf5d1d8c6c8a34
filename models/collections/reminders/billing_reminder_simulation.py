from contextlib import closing
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class BillingReminder(models.Model):
    """What the engine would do on the days to come: it does it, and everything is taken back."""

    _inherit = "billing.reminder"

    @api.model
    def _simulate(self, company, days, limit=0, start=None):
        """Let the engine run for some days as if nobody paid, and roll everything back.

        It runs whether reminders are switched on or not. What has to be approved is taken to be,
        and activities to be done, on their day.

        :param limit: so many messages of each day are described, the most valuable ones
        :param start: how reminders begin, one of `STARTS`; None leaves it as it is
        :return: the messages as `_describe` does, and the ids of all of them by day
        :rtype: tuple[list[dict], dict[date, list[int]]]
        :raise UserError: while somebody else decides or simulates in this company
        """
        engine = self.with_user(SUPERUSER_ID).with_company(company)
        engine = engine.with_context(tz=company._get_billing_zone(), billing_simulation=True)
        today = company._get_billing_today()
        with closing(self.env.cr.savepoint()):
            if not engine._lock_simulation(company):
                raise UserError(
                    self.env._("Reminders are being decided at this moment. Try again in a minute.")
                )
            if start:
                company.with_env(engine.env).write(
                    {"billing_reminder_start": start, "billing_reminder_start_date": today}
                )
            engine.env["billing.receivable"]._freeze_items()
            rows, gone, asked = [], {}, set()
            for day in range(days):
                date = today + timedelta(days=day)
                one_day = engine.with_context(billing_as_of=date)
                asked.update(one_day._simulate_decision(company))
                gone[date] = one_day._simulate_sending(company, date)
                if limit:
                    rows += one_day._describe(company, gone[date], limit)
            for row in rows:
                row["is_asked"] = row.pop("id") in asked
        return rows, gone

    @api.model
    def _simulate_decision(self, company):
        """Decide as the engine does, and approve all that it asks about.

        :return: the ids of the reminders that somebody would have to approve
        """
        reminders = self._plan(company)
        as_of = self.env["billing.receivable"]._get_as_of()
        unusual = self._is_unusual(*self._measure_volume(company, reminders, as_of))
        asked = self.search([("company_id", "=", company.id), ("state", "=", "proposed")])
        asked.write({"state": "planned"})
        self._spread_over_days(company)
        return [*asked.ids, *(reminders.ids if unusual else ())]

    @api.model
    def _simulate_sending(self, company, date):
        """Mark as sent what would go out on a day, in the hours of the customers.

        :return: the ids of these reminders
        """
        morning = company._get_billing_end_of_day(date - timedelta(days=1))
        evening = company._get_billing_end_of_day(date)
        ready = (
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "planned")
            & (Domain("send_day", "=", False) | Domain("send_day", "<=", date))
            & (Domain("send_after", "=", False) | Domain("send_after", "<", evening))
        )
        self._wait_for_hours(ready, max(morning, fields.Datetime.now()))
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE billing_reminder
                   SET state = 'sent', sent_on = GREATEST(send_after, %s)
                 WHERE id IN %s
             RETURNING id
                """,
                morning,
                self._search(ready).subselect(),
            )
        )
        self.invalidate_model()
        return [row[0] for row in rows]

    @api.model
    def _lock_simulation(self, company):
        """Let one simulation at a time run in a company, and none while the engine decides."""
        key = SQL(
            "SELECT pg_try_advisory_xact_lock(hashtext('billing.reminder.preview'), %s)", company.id
        )
        return self.env.execute_query(key)[0][0]

    @api.model
    def _lock_planning(self, company):
        # EXTENDS 'billing_crm': a simulation is taken back within seconds, so the engine waits for
        # it instead of leaving today's reminders to tomorrow
        if self.env.context.get("billing_simulation"):
            return True
        wait = SQL(
            "SELECT pg_advisory_xact_lock_shared(hashtext('billing.reminder.preview'), %s)",
            company.id,
        )
        self.env.cr.execute(wait)
        return super()._lock_planning(company)

    @api.model
    def _describe(self, company, ids, limit):
        """Describe the messages of a day, the most valuable first, with what they would ask for.

        :return: dicts with the reminder's ``id``, ``day``, ``moment`` (UTC, of customers with
            hours), ``item_count``, ``hold_reason`` (the payment that holds it back, as of
            today), ``item_values`` (of each `billing.reminder.item`), and what is
            on the reminder
        :rtype: list[dict]
        """
        rows = self.env.execute_query_dict(
            SQL(
                """
                WITH rate (currency_id, rate) AS (%(rates)s)
                SELECT reminder.id, reminder.send_after AS moment, reminder.partner_id,
                       reminder.policy_id, reminder.level_id, reminder.step, reminder.currency_id,
                       item.item_values
                  FROM billing_reminder reminder
             LEFT JOIN rate USING (currency_id)
            CROSS JOIN LATERAL (
                        SELECT json_agg(json_build_object(
                                   'line_id', line_id, 'share_id', share_id, 'round', round,
                                   'currency_id', currency_id, 'date_maturity', date_maturity,
                                   'amount', amount, 'delay_days', delay_days,
                                   'is_advance', is_advance) ORDER BY date_maturity, id
                               ) AS item_values
                          FROM billing_reminder_item WHERE reminder_id = reminder.id
                       ) item
                 WHERE reminder.id = ANY(%(ids)s)
              ORDER BY reminder.amount / COALESCE(rate.rate, 1) DESC, reminder.id
                 LIMIT %(limit)s
                """,
                rates=self._select_rates(company),
                ids=ids,
                limit=limit,
            )
        )
        reminders = self.browse(row["id"] for row in rows)
        statements = reminders._get_statements()
        payments = reminders._find_payments()
        for row in rows:
            statement = statements[row["id"]]
            row["day"] = self.env["billing.receivable"]._get_as_of()
            row["amount"] = statement["net"]
            row["item_count"] = len(statement["items"])
            payment = payments.get(row["id"])
            row["hold_reason"] = self._explain_hold(*payment) if payment else False
        return rows
