from dateutil.relativedelta import relativedelta
from odoo import fields, models

# Switched off for longer than this, a company is asked anew how to begin.
REMEMBERED_DAYS = 30

STARTS = [
    ("gently", "Gently: every debt begins at the first level"),
    ("age", "By age: every debt begins at the level that its age calls for"),
    ("new", "Only new debts: what is due by today is left alone"),
]


class ResCompany(models.Model):
    """How reminders begin in a company that has debts already."""

    _inherit = "res.company"

    billing_reminder_start = fields.Selection(
        selection=STARTS,
        string="How Reminders Begin",
        default="gently",
        help="What happens to debts that are older than the day on which reminders were switched "
        "on. Newer ones always climb the ladder level by level.",
    )
    billing_reminder_start_date = fields.Date(string="Reminders since", readonly=True)
    billing_reminders_off_date = fields.Date(
        string="Reminders off since", help="The day on which they were last switched off."
    )

    def write(self, vals):
        # EXTENDS 'base': remember since when there is silence
        if vals.get("billing_reminders_enabled", True):
            return super().write(vals)
        running = self.filtered("billing_reminders_enabled")
        done = super().write(vals)
        for company in running:
            company.billing_reminders_off_date = company._get_billing_today()
        return done

    def _must_choose_reminder_start(self):
        """Return whether switching reminders on has to ask how to begin.

        The first time, and after a month of silence: by then so much may have fallen due that
        going on as before would surprise everybody.
        """
        self.ensure_one()
        silence = self.billing_reminders_off_date
        return not self.billing_reminder_start_date or bool(
            silence and silence < self._get_billing_today() - relativedelta(days=REMEMBERED_DAYS)
        )

    def _switch_reminders_on(self, start=None):
        """Let the engine write to customers.

        :param start: how to begin with what is due already, one of `STARTS`; None goes on as
            before
        """
        self.ensure_one()
        self.billing_reminders_enabled = True
        if start:
            self.write(
                {
                    "billing_reminder_start": start,
                    "billing_reminder_start_date": self._get_billing_today(),
                }
            )
