"""What a statement of account says, apart from what it is printed on."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Ask:
    """Whose account is asked for, of which documents, and as of when.

    :param partner_id: the customer, a commercial partner
    :param contact_id: with ``scope`` contact, the one address whose documents count
    :param scope: customer (all its contacts), contact, or group (the companies below it too)
    :param kind: open (open items), activity (balance forward) or overdue
    :param date_from: the first day of the activity; None for all of it
    :param date_to: the balance is that of the end of this day
    """

    company_id: int
    partner_id: int
    kind: str
    date_to: date
    date_from: date | None = None
    scope: str = "customer"
    contact_id: int | None = None

    def covers(self, document_partner_id: int | None) -> bool:
        """Whether a document that was addressed to this partner counts."""
        return self.scope != "contact" or document_partner_id == self.contact_id
