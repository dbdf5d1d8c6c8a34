"""What a ledger is made of, whether it was read from a file or made up."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


class LedgerError(Exception):
    """The ledger cannot be loaded, for a reason that the reader can act on."""


@dataclass(frozen=True, slots=True)
class Payment:
    date: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Invoice:
    """One document; a negative amount makes it a credit note, whose payments are refunds.

    Payments are positive. ``template`` names the lines that the document is made of.
    """

    number: str
    customer: str
    invoice_date: date
    due_date: date
    amount: Decimal
    payments: tuple[Payment, ...] = ()
    template: str = ""

    @property
    def move_type(self) -> str:
        return "out_refund" if self.amount < 0 else "out_invoice"

    @property
    def paid(self) -> Decimal:
        return sum((payment.amount for payment in self.payments), Decimal())

    @property
    def residual(self) -> Decimal:
        return abs(self.amount) - self.paid

    @property
    def fate(self) -> str:
        """Open, partial or paid: documents of one fate look alike to Odoo."""
        if not self.payments:
            return "open"
        return "partial" if self.residual else "paid"


@dataclass(frozen=True, slots=True)
class Template:
    """The lines of a document: (description, quantity, unit price).

    A document is a multiple of its template. ``scaled`` says what is multiplied: the quantities
    of things that have a price, or the price where the ledger knows only a total.
    """

    lines: tuple[tuple[str, int, Decimal], ...]
    scaled: str = "quantity"

    @property
    def total(self) -> Decimal:
        return sum((quantity * price for _name, quantity, price in self.lines), Decimal())


PLAIN = Template((("Goods and services", 1, Decimal(1)),), scaled="price_unit")
