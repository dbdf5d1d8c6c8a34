from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from odoo.addons.billing_crm.models.collections.interest.calculation import Debt, Terms, calculate
from odoo.addons.billing_crm.models.collections.interest.disputes import exclude_disputed
from odoo.addons.billing_crm.models.collections.interest.rates import Rate, Series
from odoo.addons.billing_crm.models.collections.interest.totals import add_up, round_half_up
from odoo.tests import BaseCase, tagged

from . import interest_oracle

START = date(2023, 1, 1)
# where years, half-years and months meet, mistakes of a day show
EDGES = [
    date(year, month, 1) + timedelta(days=shift)
    for year in (2023, 2024, 2025)
    for month in (1, 3, 7, 8)
    for shift in (-2, -1, 0, 1)
]
days = st.one_of(
    st.integers(0, 900).map(lambda number: START + timedelta(days=number)), st.sampled_from(EDGES)
)
cents = st.integers(1, 10_000_000).map(lambda number: Decimal(number) / 100)
percents = st.integers(-400, 2000).map(lambda number: Decimal(number) / 100)
terms = st.fixed_dictionaries(
    {
        "margin": st.integers(0, 2000).map(lambda number: Decimal(number) / 100),
        "rate_mode": st.sampled_from(["piecewise", "fixed_at_start", "at_payment"]),
        "reference_days": st.sampled_from(["daily", "half_year", "half_year_before"]),
        "day_count": st.sampled_from(["act_365", "act_act", "thirty_360"]),
        "start_offset": st.integers(0, 3),
        "count_payment_day": st.booleans(),
        "grace_days": st.sampled_from([0, 0, 5, 30]),
    }
)


@st.composite
def histories(draw):
    """Installments of one invoice, with payments that never come to more than they do."""
    installments = []
    for _number in range(draw(st.integers(1, 3))):
        amount = left = draw(cents)
        payments = []
        for paid_on in draw(st.lists(days, max_size=4)):
            paid = min(
                draw(st.one_of(cents, st.just((amount / 4).quantize(Decimal("0.01"))))), left
            )
            if paid:
                payments.append((paid_on, paid))
                left -= paid
        due = draw(st.integers(0, 300).map(lambda number: START + timedelta(days=number)))
        installments.append((due, amount, payments))
    return installments


@st.composite
def disputes(draw):
    start = draw(days)
    length = draw(st.one_of(st.none(), st.integers(0, 200)))
    end = None if length is None else start + timedelta(days=length)
    return start, end, draw(cents)


@tagged("post_install", "-at_install")
class TestInterestProperty(BaseCase):
    """Whatever happened: what is computed in a few steps is what looking at each day says."""

    @settings(
        max_examples=200,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(
        history=histories(),
        contested=st.lists(disputes(), max_size=2),
        rates=st.dictionaries(days, percents, max_size=8),
        until=st.integers(300, 900).map(lambda number: START + timedelta(days=number)),
        values=terms,
        has_reference=st.booleans(),
    )
    def test_every_day(self, history, contested, rates, until, values, has_reference):
        # nothing is before the first rate; that is an error, and tested elsewhere
        rates = {START - timedelta(days=200): Decimal("1.5"), **rates} if has_reference else {}
        expected = interest_oracle.interest_of(
            history, until, {**values, "until": until}, list(rates.items()), contested
        )
        debts = [Debt(amount, due, list(payments)) for due, amount, payments in history]
        lag = timedelta(days=1 if values["count_payment_day"] else 0)
        if contested:
            exclude_disputed(debts, contested, lag)
        series = Series(
            "Reference",
            [
                Rate(number, day, None, percent, "", True)
                for number, (day, percent) in enumerate(sorted(rates.items()))
            ],
        )
        agreed = Terms(charge_interest=True, series=series if rates else None, **values)
        for debt, amount in zip(debts, expected, strict=True):
            result = calculate(debt, agreed, until)
            self.assertIsNone(result.missing)
            self.assertEqual(
                round_half_up(add_up(result.segments), Decimal("0.01")), amount, (debt, agreed)
            )
            self.check_segments(result, until)

    def check_segments(self, result, until):
        """A judge can follow them: they lie in the period, and their days add up."""
        for segment in result.segments:
            self.assertLessEqual(result.first, segment.date_from)
            self.assertLessEqual(segment.date_from, segment.date_to)
            self.assertLessEqual(segment.date_to, until)
            self.assertGreater(segment.base, 0)
