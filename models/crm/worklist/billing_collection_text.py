from odoo import api, models
from odoo.tools.misc import format_amount, format_date

from .billing_collection_points import LIMIT_NEARLY_USED

# Below this, a score is worth a word: the grades D and E.
POOR_SCORE = 50


class BillingCollection(models.Model):
    """Why a customer is on the list, in words, made of the stored numbers in the reader's
    language."""

    _inherit = "billing.collection"

    @api.depends(
        "stage", "overdue", "oldest_days", "promised", "promised_until", "disputed", "paused",
        "paused_until", "planned", "broken_count", "unread_count", "limit_used", "score", "grade",
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_reasons(self):
        for row in self:
            parts = [*row._get_debt_reasons(), *row._get_habit_reasons()] if row.overdue else []
            if not parts and row.closed_on:
                day = format_date(self.env, row.closed_on)
                parts = [self.env._("nothing to collect since %s", day)]
            text = "; ".join(parts)
            row.reasons = text[:1].upper() + text[1:]

    def _get_debt_reasons(self):
        """Say what is owed, and what holds it back."""
        self.ensure_one()
        reasons = [
            self.env._(
                "%(amount)s overdue for %(days)s days",
                amount=self._format(self.overdue),
                days=self.oldest_days,
            )
        ]
        if self.promised:
            reasons.append(
                self.env._(
                    "%(amount)s promised until %(day)s",
                    amount=self._format(self.promised),
                    day=format_date(self.env, self.promised_until),
                )
            )
        if self.disputed:
            reasons.append(self.env._("%s disputed", self._format(self.disputed)))
        if self.paused:
            reasons.append(
                self.env._(
                    "%(amount)s paused until %(day)s",
                    amount=self._format(self.paused),
                    day=format_date(self.env, self.paused_until),
                )
            )
        if self.planned:
            reasons.append(self.env._("missed %s of a payment plan", self._format(self.planned)))
        return reasons

    def _get_habit_reasons(self):
        """Say how the customer has behaved."""
        self.ensure_one()
        reasons = []
        if self.broken_count == 1:
            reasons.append(self.env._("broke a promise"))
        elif self.broken_count:
            reasons.append(self.env._("broke %s promises", self.broken_count))
        if self.unread_count == 1:
            reasons.append(self.env._("has not read an overdue invoice"))
        elif self.unread_count:
            reasons.append(self.env._("has not read %s overdue invoices", self.unread_count))
        if self.limit_used >= LIMIT_NEARLY_USED:
            reasons.append(self.env._("has used %s %% of the credit limit", self.limit_used))
        if self.grade and self.score < POOR_SCORE:
            reasons.append(self.env._("pays poorly (%s)", self.grade))
        return reasons

    def _format(self, amount):
        return format_amount(self.env, amount, self.currency_id)
