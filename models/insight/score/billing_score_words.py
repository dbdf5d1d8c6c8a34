from odoo import api, fields, models
from odoo.tools import format_date

from . import constants


class BillingScore(models.Model):
    """The score in words with numbers, and how to recompute it on paper."""

    _inherit = "billing.score"

    reasons = fields.Text(compute="_compute_reasons")
    calculation = fields.Text(string="How It Is Formed", compute="_compute_reasons")
    advice = fields.Text(string="What Would Help", compute="_compute_reasons")

    @api.depends("score", "refreshed_on")
    @api.depends_context("lang")
    def _compute_reasons(self):
        for score in self:
            score.reasons = "\n".join(score._get_reasons())
            score.calculation = "\n".join(score._get_calculation())
            score.advice = score._get_advice()

    def _get_reasons(self):
        """Return the figures behind a score as sentences a person can check."""
        self.ensure_one()
        reasons = [
            *self._get_payment_reasons(),
            *self._get_promise_reasons(),
            *self._get_other_reasons(),
        ]
        if self.confidence == "low":
            reasons.append(
                self.env._(
                    "Little history: the score leans on the average of all your customers, and is "
                    "not worse than C."
                )
            )
        return reasons

    def _get_payment_reasons(self):
        if self.settled_count:
            days = round(self.average_days_late)
            if days > 0:
                on_average = self.env._("%s days late on average", days)
            elif days < 0:
                on_average = self.env._("%s days early on average", -days)
            else:
                on_average = self.env._("on time on average")
            yield self.env._(
                "Paid %(late)s of %(total)s invoices late, %(average)s.",
                late=self.late_count,
                total=self.settled_count,
                average=on_average,
            )
        else:
            yield self.env._("Has not paid an invoice yet.")
        if self.overdue_count:
            yield self.env._(
                "%(count)s overdue now, the oldest for %(days)s days.",
                count=self.overdue_count,
                days=self.overdue_days,
            )

    def _get_promise_reasons(self):
        if self.promise_broken_count == 1:
            yield self.env._("1 promise broken in %s.", self._get_month(self.promise_broken_on))
        elif self.promise_broken_count:
            yield self.env._(
                "%(count)s promises broken, the last one in %(month)s.",
                count=self.promise_broken_count,
                month=self._get_month(self.promise_broken_on),
            )
        if self.promise_partly_count == 1:
            yield self.env._("1 promise kept only in part.")
        elif self.promise_partly_count:
            yield self.env._("%s promises kept only in part.", self.promise_partly_count)
        if self.promise_kept_count == 1:
            yield self.env._("1 promise kept.")
        elif self.promise_kept_count:
            yield self.env._("%s promises kept.", self.promise_kept_count)

    def _get_other_reasons(self):
        if self.dispute_rejected_count == 1:
            yield self.env._("1 dispute rejected in %s.", self._get_month(self.dispute_rejected_on))
        elif self.dispute_rejected_count:
            yield self.env._(
                "%(count)s disputes rejected, the last one in %(month)s.",
                count=self.dispute_rejected_count,
                month=self._get_month(self.dispute_rejected_on),
            )
        if self.reminder_most == 1:
            yield self.env._(
                "Needed a reminder for %(count)s of %(total)s invoices paid within a year.",
                count=self.reminded_count,
                total=self.recent_count,
            )
        elif self.reminder_most:
            yield self.env._(
                "Needed reminders for %(count)s of %(total)s invoices paid within a year, up to "
                "%(most)s for one.",
                count=self.reminded_count,
                total=self.recent_count,
                most=self.reminder_most,
            )
        if self.bounce_count == 1:
            yield self.env._("Mails came back on 1 day within a year.")
        elif self.bounce_count:
            yield self.env._("Mails came back on %s days within a year.", self.bounce_count)

    def _get_month(self, day):
        """Return the name of a month, with the year where it is another one than this."""
        is_this_year = day.year == fields.Date.context_today(self).year
        return format_date(self.env, day, date_format="LLLL" if is_this_year else "LLLL y")

    def _get_calculation(self):
        """Return the arithmetic of a score, line by line."""
        self.ensure_one()
        yield self.env._(
            "Days late expected: (%(weight).2f × %(own).2f + %(prior)s × %(house).2f) ÷ "
            "(%(weight).2f + %(prior)s) = %(delay).2f",
            weight=self.weight,
            own=self.own_delay,
            prior=constants.PRIOR_PAYMENTS,
            house=self.house_delay,
            delay=self.expected_delay,
        )
        yield self.env._(
            "%(weight).2f is the weight of the customer's payments and overdue invoices, %(own).2f "
            "their average, %(house).2f that of all customers.",
            weight=self.weight,
            own=self.own_delay,
            house=self.house_delay,
        )
        yield self.env._("On the PAYDEX scale: %.2f", self.delay_score)
        for points, label in (
            (self.promise_points, self.env._("for promises")),
            (self.dispute_points, self.env._("for disputes")),
            (self.bounce_points, self.env._("for mails that came back")),
            (self.reminder_points, self.env._("for reminders")),
        ):
            if points:
                yield self.env._("− %(points).2f %(reason)s", points=points, reason=label)
        yield self.env._("= %(score)s, grade %(grade)s", score=self.score, grade=self.grade)

    def _get_advice(self):
        """Return what would help with this customer; False where nothing is the matter."""
        self.ensure_one()
        if self.grade in constants.POOR_GRADES:
            return self.env._(
                "Payment in advance or a pro forma, shorter payment terms, a lower credit limit."
            )
        if self.trend == "slipping":
            return self.env._("Shorter payment terms, or a lower credit limit for a while.")
        return False

    def _get_warning(self):
        """Return a quiet warning for those who are about to sell or bill; False for no reason."""
        self.ensure_one()
        if not self.advice:
            return False
        if self.grade in constants.POOR_GRADES:
            first = self.env._(
                "%(customer)s is a poor payer: grade %(grade)s, score %(score)s of 100.",
                customer=self.partner_id.name,
                grade=self.grade,
                score=self.score,
            )
        else:
            first = self.env._(
                "%(customer)s pays worse than three months ago: %(points)s points, score %(score)s "
                "of 100.",
                customer=self.partner_id.name,
                points=self.trend_points,
                score=self.score,
            )
        helps = self.env._("What would help: %s", self.advice)
        return "\n".join([" ".join([first, *self._get_reasons()]), helps])
