from .common import BillingCommon


class BacktestCommon(BillingCommon):
    """A past that is long enough to look back into, and a check of it."""

    @classmethod
    def make_past(cls):
        """Two customers, a bill every 20 days for a year; one pays in time, the other late."""
        cls.prompt, cls.slow = cls.partner_a, cls.partner_b
        cls.past = cls.env["account.move"]
        for due in range(-400, -80, 20):
            for partner, late in ((cls.prompt, -2), (cls.slow, 12 + due // 20 % 3)):
                invoice = cls.bill(due=due, partner=partner, amount=100 - due)
                cls.pay(invoice, on=due + late)
                cls.past |= invoice

    def check(self, start=-500, end=-60, user=None):
        """Check the predictions of what was invoiced in these days, as a billing user would."""
        model = self.env["billing.backtest"].with_user(user or self.env.user)
        return model._request(self.company, self.day(start), self.day(end))

    def predictions(self, check, until=None):
        """Return what was predicted of each invoice, of those dated up to a day."""
        return {
            line.move_id: (
                line.late_probability,
                line.late30_probability,
                line.expected_days,
                line.low_days,
                line.high_days,
                line.payment_count,
                line.average_days,
            )
            for line in check.line_ids
            if until is None or line.invoice_date <= until
        }
