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


def exact_amount(amount):
    """Return an amount of the ledger, which has as many digits as were stored, exactly.

    :rtype: Decimal
    """
    return Decimal(repr(amount))


class Rules:
    """What a policy says besides interest, as plain values: asked for each installment."""

    def __init__(self, policy):
        self.policy = policy
        self.currency = policy.currency_id
        self.shift_weekend = policy.shift_weekend
        self.shift_holiday = policy.shift_holiday
        self.once_per_invoice = policy.fee_per == "invoice"
        self.tiers = [
            (tier.amount_from, tier.fee) for tier in policy.tier_ids.sorted("amount_from")
        ]
        self.percentage = exact(policy.percentage)
        self.minimum_interest = policy.minimum_interest
        self.is_raised_to_minimum = policy.minimum_rule == "raise"
        self.cap_amount = policy.cap_amount
        self.cap_percent = exact(policy.cap_percent)
        self.margin = exact(policy.margin).normalize()
        self.margins = {
            margin.country_id.id: exact(margin.margin).normalize() for margin in policy.margin_ids
        }


class TermsBook:
    """Remembers what was looked up, so that many installments cost few queries."""

    def __init__(self, company):
        self.company = company.with_company(company)
        self.env = self.company.env
        self._rules = {}
        self._terms = {}
        self._series = {}
        self._currencies = {}
        self._conversions = {}

    @cached_property
    def _place(self):
        return self.company.country_id.code or None, self.company.state_id.code or None

    def get_rules(self, policy_id):
        """Return the `Rules` of the policy with an id."""
        if policy_id not in self._rules:
            policy = self.env["billing.late.fee.policy"].browse(policy_id)
            self._rules[policy_id] = Rules(policy)
        return self._rules[policy_id]

    def get_currency(self, currency_id):
        """Return the currency with an id, and what it is rounded to, exactly."""
        if currency_id not in self._currencies:
            currency = self.env["res.currency"].browse(currency_id)
            self._currencies[currency_id] = currency, Decimal(str(currency.rounding))
        return self._currencies[currency_id]

    def make_debt(self, row):
        """Return the installment of a row that was read, due when its policy says."""
        due = row.date_maturity
        if row.rules.shift_weekend or row.rules.shift_holiday:
            due = due_date.shift(
                due,
                self._place,
                weekend=row.rules.shift_weekend,
                holiday=row.rules.shift_holiday,
            )
        return Debt(exact_amount(row.amount), due)

    def get_terms(self, rules, country_id):
        """Return what a policy says about interest for a customer in a country."""
        key = rules, country_id
        if key not in self._terms:
            policy = rules.policy
            self._terms[key] = Terms(
                policy.charge_interest,
                self._get_series(policy.reference_id),
                rules.margins.get(country_id, rules.margin),
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

    def get_fee(self, rules, overdue, currency, day):
        """Return the fixed fee of a debt, in its currency.

        :param overdue: what is overdue, in ``currency``
        """
        if not rules.tiers:
            return 0.0
        size = float(overdue)
        if currency != rules.currency:
            size = rules.currency.round(size / self._get_conversion(rules.currency, currency, day))
        fees = [fee for amount_from, fee in rules.tiers if amount_from <= size]
        return self.convert(rules, fees[-1] if fees else 0.0, currency, day)

    def get_cap(self, rules, amount, currency, day):
        """Return the most that an installment of an amount may cost, in its currency, or None."""
        caps = []
        if rules.cap_amount:
            caps.append(self.convert(rules, rules.cap_amount, currency, day))
        if rules.cap_percent:
            caps.append(currency.round(float(amount * rules.cap_percent / 100)))
        return min(caps, default=None)

    def convert(self, rules, amount, currency, day):
        """Return an amount of the policy in the currency of a debt, rounded to it.

        :param day: the first day of interest: it is converted at its rate, once and for all
        """
        if not amount or currency == rules.currency:
            return amount
        return currency.round(amount * self._get_conversion(rules.currency, currency, day))

    def _get_conversion(self, source, target, day):
        key = source, target, day
        if key not in self._conversions:
            for currency in source | target:
                self._require_rate(currency)
            self._conversions[key] = source._get_conversion_rate(source, target, self.company, day)
        return self._conversions[key]

    def _require_rate(self, currency):
        # without a rate, Odoo takes any currency to be worth as much as the company's
        companies = (False, self.company.root_id.id)
        if currency != self.company.currency_id and not currency.sudo().rate_ids.filtered(
            lambda rate: rate.company_id.id in companies
        ):
            raise MissingConversion(
                self.env._("There is no exchange rate of %s to convert fees with.", currency.name)
            )
