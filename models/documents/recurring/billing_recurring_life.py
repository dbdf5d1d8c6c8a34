import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class BillingRecurring(models.Model):
    """Starting, pausing, resuming, skipping, ending."""

    _inherit = "billing.recurring"

    def action_start(self):
        """Start, or ask first what to do with periods that have passed already."""
        self.check_access("write")
        for series in self:
            if series.state != "draft":
                raise UserError(self.env._("«%s» has been started already.", series.name))
            if not series.next_date:
                raise UserError(self.env._("«%s» ends before its first bill.", series.name))
        self._check_billable()
        if any(series.missed_count for series in self):
            return self._ask_about_missed()
        return self.write({"state": "running"})

    def action_resume(self):
        """Go on, after asking what to do with periods that were missed."""
        self.check_access("write")
        if any(series.missed_count for series in self):
            return self._ask_about_missed()
        return self._resume()

    def action_reopen(self):
        """Take back the end of a series that has periods left."""
        self.check_access("write")
        for series in self:
            if series.state != "ended":
                continue
            series.state = "paused"
            if not series.next_date:
                raise UserError(
                    self.env._(
                        "All periods of «%s» are billed. Change when it ends first.", series.name
                    )
                )

    def _ask_about_missed(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Periods That Have Passed"),
            "res_model": "billing.recurring.resume.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_recurring_ids": self.ids},
        }

    def _resume(self):
        self.write({"state": "running", "pause_until": False, "pause_missed": False})

    def _skip_missed(self, reason):
        """Skip periods whose day of billing has passed."""
        next_numbers, skipped = {}, []
        for series in self:
            count = series._count_due(
                fields.Date.subtract(series.company_id._get_billing_today(), days=1)
            )
            next_numbers[series] = series.next_number + count
            skipped += [
                (series, number) for number in range(series.next_number, next_numbers[series])
            ]
        self._claim_skipped(skipped, reason)
        self._advance(next_numbers)

    def _skip_next(self, reason):
        """Skip the next period of each series."""
        self.check_access("write")
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset(["next_number", "next_date", "state"])
        for series in self:
            if not series.next_date:
                raise UserError(self.env._("«%s» has no period left to skip.", series.name))
            series.message_post(
                body=self.env._(
                    "Period %(number)s of %(date)s is skipped: %(reason)s",
                    number=series.next_number,
                    date=fields.Date.to_string(series.next_date),
                    reason=reason,
                )
            )
        self._claim_skipped([(series, series.next_number) for series in self], reason)
        self._advance({series: series.next_number + 1 for series in self})

    def _pause(self, until, missed):
        """Stop billing, until a date or until somebody resumes.

        :param until: the day on which it goes on by itself; False for never
        :param missed: "skip" or "catch_up", what to do then with the periods between
        """
        self.check_access("write")
        self.filtered(lambda series: series.state == "running").write(
            {"state": "paused", "pause_until": until, "pause_missed": until and missed}
        )

    @api.model
    def _end_pauses(self):
        """Resume series whose pause is over, each in its own transaction."""
        for series in self.search([("state", "=", "paused"), ("pause_until", "!=", False)]):
            if series.pause_until > series.company_id._get_billing_today():
                continue
            try:
                if series.pause_missed == "skip":
                    series._skip_missed(self.env._("Paused"))
                if series.next_date:
                    series._resume()
                self.env["ir.cron"]._commit_progress()
            except Exception:  # one series does not stop the others; the next run tries again
                self.env.cr.rollback()
                _logger.warning("The pause of series %s cannot be ended", series.id, exc_info=True)

    def action_end(self):
        """End these series now. What is billed stays."""
        self.check_access("write")
        self.filtered(lambda series: series.state != "ended").write(
            {"state": "ended", "pause_until": False, "pause_missed": False}
        )
