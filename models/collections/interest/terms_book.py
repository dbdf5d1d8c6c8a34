"""What the policies of a company say, looked up once for as many installments as there are."""

from decimal import Decimal
from functools import cached_property

from odoo.tools import float_repr, format_date

from . import due_date
from .calculation import Debt, Terms

DIGITS = 4


class MissingConversion(Exception):
    """Two currencies have no rate to convert with. Says so in the user's words."""


def exact(number, digits=DIGITS):
    """Return a float as it was typed in, exactly.

    :rtype: Decimal
    """
    return Decimal(float_repr(number or 0.0, digits))


class TermsBook:
    """Remembers what was looked up, so that many installments cost few queries."""

    def __init__(self, company):
        self.company = company.with_company(company)
        self.env = self.company.env
        self._terms = {}
        self._series = {}
        self._rates = {}
        self._tiers = {}

    @cached_property
    def _place(self):
        return self.company.country_id.code or None, self.company.state_id.code or None

    def get_policy(self, policy_id):
        """Return the policy with an id, as superuser and in the company."""
        return self.env["billing.late.fee.policy"].browse(policy_id)

    def get_currency(self, currency_id):
        """Return the currency with an id."""
        return self.env["res.currency"].browse(currency_id)

    def make_debt(self, row):
        """Return the installment of a row that was read, due when its policy says."""
        due = due_date.shift(
            row.date_maturity,
            self._place,
            weekend=row.policy.shift_weekend,
            holiday=row.policy.shift_holiday,
        )
        return Debt(exact(row.amount, 6), due)

    def get_terms(self, policy, country_id):
        """Return what a policy says about interest for a customer in a country."""
        key = policy.id, country_id
        if key not in self._terms:
            margins = {margin.country_id.id: margin.margin for margin in policy.margin_ids}
            self._terms[key] = Terms(
                policy.charge_interest,
                self._get_series(policy.reference_id),
                exact(margins.get(country_id, policy.margin)).normalize(),
                policy.rate_mode,
                policy.reference_days,
                policy.day_count,
                policy.start_offset,
                policy.count_payment_day,
                policy.grace_days,
            )
        return self._terms[key]

    def _get_series(self, reference):
        if reference and reference.id not in self._series:
            self._series[reference.id] = reference._get_series()
        return self._series.get(reference.id)

    def explain(self, missing):
        """Return in the user's words what rate is missing."""
        series, day = missing.series, format_date(self.env, missing.day)
        if not series.days or missing.day < series.days[0]:
            return self.env._(
                "The rates of %(reference)s begin later than %(day)s. Enter the earlier ones "
                "under Reference Rates.",
                reference=series.name,
                day=day,
            )
        return self.env._(
            "No rate of %(reference)s is known for %(day)s. Enter it under Reference Rates.",
            reference=series.name,
            day=day,
        )

    def get_fee(self, policy, overdue, currency, day):
        """Return the fixed fee of a debt, in its currency.

        :param overdue: what is overdue, in ``currency``
        """
        if policy.id not in self._tiers:
            self._tiers[policy.id] = [
                (tier.amount_from, tier.fee) for tier in policy.tier_ids.sorted("amount_from")
            ]
        tiers = self._tiers[policy.id]
        if not tiers:
            return 0.0
        size = policy.currency_id.round(
            float(overdue) / self._get_rate(policy.currency_id, currency, day)
        )
        fees = [
            fee
            for amount_from, fee in tiers
            if policy.currency_id.compare_amounts(amount_from, size) <= 0
        ]
        return self.convert(policy, fees[-1] if fees else 0.0, currency, day)

    def get_cap(self, policy, amount, currency, day):
        """Return the most that an installment of an amount may cost, in its currency, or None."""
        caps = []
        if policy.cap_amount:
            caps.append(self.convert(policy, policy.cap_amount, currency, day))
        if policy.cap_percent:
            caps.append(currency.round(float(amount * exact(policy.cap_percent) / 100)))
        return min(caps) if caps else None

    def convert(self, policy, amount, currency, day):
        """Return an amount of the policy in the currency of a debt, rounded to it.

        :param day: the first day of interest: it is converted at its rate, once and for all
        """
        if not amount:
            return 0.0
        return currency.round(amount * self._get_rate(policy.currency_id, currency, day))

    def _get_rate(self, source, target, day):
        if source == target:
            return 1.0
        key = source, target, day
        if key not in self._rates:
            for currency in source | target:
                self._require_rate(currency)
            self._rates[key] = source._get_conversion_rate(source, target, self.company, day)
        return self._rates[key]

    def _require_rate(self, currency):
        # without a rate, Odoo takes any currency to be worth as much as the company's
        companies = (False, self.company.root_id.id)
        if currency != self.company.currency_id and not currency.sudo().rate_ids.filtered(
            lambda rate: rate.company_id.id in companies
        ):
            raise MissingConversion(
                self.env._("There is no exchange rate of %s to convert fees with.", currency.name)
            )
