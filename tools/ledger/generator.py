"""Ledgers of any size, with recognisable habits, the same for the same seed and day."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from .habits import HABITS, buys_until
from .rows import Invoice, Payment

# Shares of the habits that leave about a quarter of the invoices overdue: a hard day's work for
# a reminder run, which is what a benchmark wants.
HARD_TIMES = {
    "prompt": 9, "early": 4, "slipping": 12, "late": 22, "disputing": 18, "gone": 35,
}  # fmt: skip
TERMS = (15, 30, 30, 30, 45)
PARTIAL_SHARE = 0.05

Price = Callable[[Random], tuple[str, Decimal]]


@dataclass(frozen=True)
class Customer:
    name: str
    habit: str
    term: int
    price: Price
    """Draws a template's name and an amount."""


def generate(
    customers: int, invoices: int, today: date, *, days: int = 365, seed: int = 19
) -> list[Invoice]:
    """Make up a ledger of ``customers`` × ``invoices`` that ends ``today``.

    A few customers have many invoices and most have a few, as in life.
    """
    rng = Random(seed)
    names = [f"Customer {index:0{len(str(customers))}d}" for index in range(1, customers + 1)]
    habits = rng.choices(list(HARD_TIMES), list(HARD_TIMES.values()), k=customers)
    weights = [rng.paretovariate(1.2) for _customer in names]
    counts = [1] * min(customers, invoices) + [0] * max(0, customers - invoices)
    for index in rng.choices(range(customers), weights, k=max(0, invoices - customers)):
        counts[index] += 1
    ledger = []
    for name, habit, count in zip(names, habits, counts, strict=True):
        customer = Customer(name, habit, rng.choice(TERMS), usual_amount(rng))
        ledger += history(rng, customer, count, today, days=days)
    return in_order(ledger)


def usual_amount(rng: Random) -> Price:
    """Amounts around a customer's usual one, without saying what was bought."""
    usual = rng.lognormvariate(6.5, 1)

    def price(rng: Random) -> tuple[str, Decimal]:
        return "", max(Decimal(5), round(Decimal(usual * rng.lognormvariate(0, 0.5)), 2))

    return price


def history(
    rng: Random, customer: Customer, count: int, today: date, *, days: int
) -> list[Invoice]:
    """One customer's invoices of the last ``days`` days, with what was paid of them."""
    moments = sorted(rng.random() * buys_until(customer.habit) for _invoice in range(count))
    ledger = []
    for progress in moments:
        invoice_date = _workday_before(today - timedelta(days=round((1 - progress) * days)))
        due_date = invoice_date + timedelta(days=customer.term)
        template, amount = customer.price(rng)
        days_late = HABITS[customer.habit](rng, progress)
        payments = _payments(rng, invoice_date, due_date, amount, days_late)
        ledger.append(
            Invoice(
                number="",
                customer=customer.name,
                invoice_date=invoice_date,
                due_date=due_date,
                amount=amount,
                payments=tuple(payment for payment in payments if payment.date <= today),
                template=template,
            )
        )
    return ledger


def in_order(ledger: list[Invoice]) -> list[Invoice]:
    """Number the invoices in the order of their dates."""
    ledger = sorted(ledger, key=lambda invoice: (invoice.invoice_date, invoice.customer))
    width = len(str(len(ledger)))
    return [
        replace(invoice, number=f"L{index:0{width}d}")
        for index, invoice in enumerate(ledger, start=1)
    ]


def _payments(
    rng: Random, invoice_date: date, due_date: date, amount: Decimal, days_late: int | None
) -> list[Payment]:
    in_parts = rng.random() < PARTIAL_SHARE
    if days_late is None:
        if not in_parts:
            return []
        # something on account, and then nothing more
        part = round(amount * rng.randint(2, 6) / 10, 2)
        return [Payment(_workday(due_date + timedelta(days=rng.randint(5, 30))), part)]
    settled = max(invoice_date, due_date + timedelta(days=days_late))
    if not in_parts:
        return [Payment(_workday(settled), amount)]
    part = round(amount * rng.randint(3, 7) / 10, 2)
    rest_date = settled + timedelta(days=rng.randint(10, 60))
    return [Payment(_workday(settled), part), Payment(_workday(rest_date), amount - part)]


def _workday(day: date) -> date:
    """The day itself, or the Monday after a weekend: money moves forward."""
    return day + timedelta(days=7 - day.weekday() if day.weekday() > 4 else 0)


def _workday_before(day: date) -> date:
    """The day itself, or the Friday before a weekend: nothing is invoiced after today."""
    return day - timedelta(days=max(0, day.weekday() - 4))
