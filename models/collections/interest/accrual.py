"""What has accrued on one installment: the answer of `billing.accrual`."""

from odoo.exceptions import UserError
from odoo.tools import format_date

KINDS = ("interest", "fee", "percentage")


class Accrual:
    """What an installment that is or was late costs until a day, and what of it may be charged now.

    Amounts are in ``currency``, that of the document, and rounded to it; interest once.

    :ivar line: the installment, `account.move.line`
    :ivar policy: `billing.late.fee.policy`
    :ivar due: the due date, moved to a working day if the policy says so
    :ivar first: the first day of interest
    :ivar until: the last day
    :ivar base: what was overdue when it first was, without what was disputed then
    :ivar segments: list of `calculation.Segment`; their sum is ``full_interest`` before rounding
    :ivar full_interest: the interest, before minimum and cap of the policy
    :ivar interest: the interest, after them
    :ivar fee: the fixed fee
    :ivar percentage_fee: the percentage
    :ivar total: interest, fee and percentage
    :ivar charged_by_kind: what was charged, or waived, before, by kind
    :ivar charged: the sum of it
    :ivar increments: what may be charged now, by kind; negative if too much was
    :ivar increment: the sum of it
    :ivar problem: why nothing can be said, or None; then all amounts are 0
    """

    def __init__(self, line, policy, currency, due, until):
        self.line = line
        self.policy = policy
        self.currency = currency
        self.due = due
        self.until = until
        self.first = None
        self.base = 0.0
        self.segments = []
        self.full_interest = self.interest = self.fee = self.percentage_fee = 0.0
        self.problem = None
        self.charged_by_kind = dict.fromkeys(KINDS, 0.0)

    @property
    def amounts(self):
        """What it costs until the day, by kind."""
        return dict(zip(KINDS, (self.interest, self.fee, self.percentage_fee), strict=True))

    @property
    def total(self):
        return self.currency.round(self.interest + self.fee + self.percentage_fee)

    @property
    def charged(self):
        return self.currency.round(sum(self.charged_by_kind.values()))

    @property
    def increments(self):
        if self.problem:
            return dict.fromkeys(KINDS, 0.0)
        return {
            kind: self.currency.round(amount - self.charged_by_kind[kind])
            for kind, amount in self.amounts.items()
        }

    @property
    def increment(self):
        return self.currency.round(sum(self.increments.values()))

    def limit(self, cap):
        """Take what is beyond a cap from the interest first, from the fixed fee last."""
        self.fee = min(self.fee, cap)
        self.percentage_fee = min(self.percentage_fee, self.currency.round(cap - self.fee))
        left = self.currency.round(cap - self.fee - self.percentage_fee)
        self.interest = min(self.interest, left)

    @property
    def unchecked(self):
        """The segments whose rate nobody has checked."""
        return [segment for segment in self.segments if not segment.is_checked]

    def ensure_chargeable(self):
        """Raise if nothing may be charged because a rate is missing or not checked.

        :raise UserError: says what to do
        """
        env = self.policy.env
        if self.problem:
            raise UserError(
                env._(
                    "Nothing can be charged for %(invoice)s. %(problem)s",
                    invoice=self.line.move_id.display_name,
                    problem=self.problem,
                )
            )
        if self.unchecked:
            segment = self.unchecked[0]
            raise UserError(
                env._(
                    "The rate of %(rate)s %% for %(from)s to %(to)s has not been checked: "
                    "%(publisher)s. Compare it with what was published, and mark it as checked "
                    "under Reference Rates.",
                    **{
                        "rate": f"{segment.reference_rate:f}",
                        "from": format_date(env, segment.date_from),
                        "to": format_date(env, segment.date_to),
                        "publisher": segment.source,
                    },
                )
            )
