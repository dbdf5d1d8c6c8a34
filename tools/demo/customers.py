"""The demo company's customers, from customers.csv: all invented, with addresses in .example.

The country decides the currency and, where it is installed, the language.
"""

import csv
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tools.ledger.customers import slug

FILE = Path(__file__).with_name("customers.csv")
EURO_COUNTRIES = {"de", "fr", "nl", "es", "it"}
LANGUAGES = {"de": "de_DE", "fr": "fr_FR"}

# What share of the customers pays how: most of them well.
HABIT_SHARES = {
    "prompt": 40, "early": 17, "slipping": 14, "late": 15, "disputing": 8, "gone": 6,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Customer:
    name: str
    country: str
    city: str
    zip: str
    street: str
    person: str
    role: str
    habit: str

    @property
    def currency(self) -> str:
        return "EUR" if self.country in EURO_COUNTRIES else "USD"

    @property
    def domain(self) -> str:
        words = slug(ascii_only(self.name)).split("-")
        return f"{'-'.join(words[:3])}.example"


def customers(rng: Random) -> list[Customer]:
    """Everybody, with the habits dealt out by their shares."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    habits = [
        habit
        for habit, share in HABIT_SHARES.items()
        for _customer in range(-(-share * len(rows) // 100))
    ]
    rng.shuffle(habits)
    return [Customer(**row, habit=habit) for row, habit in zip(rows, habits, strict=False)]


def create(env, known: list[Customer], salespeople) -> dict:
    """Create the customers and their contacts; return partners by the customers' names."""
    countries = {c.code.lower(): c for c in env["res.country"].search([])}
    languages = {code for code, _name in env["res.lang"].get_installed()}
    partners = env["res.partner"].create(
        [
            {
                "name": customer.name,
                "is_company": True,
                "customer_rank": 1,
                "street": customer.street,
                "zip": customer.zip,
                "city": customer.city,
                "country_id": countries[customer.country].id,
                "lang": _language(customer, languages),
                "email": f"accounts@{customer.domain}",
                "website": f"https://{customer.domain}",
                "user_id": salespeople[position % len(salespeople)].id,
            }
            for position, customer in enumerate(known)
        ]
    )
    env["res.partner"].create(
        [
            {
                "name": customer.person,
                "parent_id": partner.id,
                "type": "contact",
                "function": customer.role,
                "lang": _language(customer, languages),
                "email": f"{slug(ascii_only(customer.person)).replace('-', '.')}@{customer.domain}",
            }
            for customer, partner in zip(known, partners, strict=True)
        ]
    )
    return {customer.name: partner for customer, partner in zip(known, partners, strict=True)}


def ascii_only(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    return decomposed.encode("ascii", "ignore").decode()


def _language(customer: Customer, installed: set[str]) -> str:
    wanted = LANGUAGES.get(customer.country, "en_US")
    return wanted if wanted in installed else "en_US"
