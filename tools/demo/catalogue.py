"""What the demo company sells: baskets of things that are bought together."""

from decimal import Decimal
from random import Random

from tools.ledger.generator import Price
from tools.ledger.rows import Template

BASKETS = {
    "desks": (
        ("Height-adjustable desk, oak, 160 × 80 cm", 2, "489.00"),
        ("Cable tray with power strip", 2, "39.50"),
        ("Delivery and assembly, per desk", 2, "45.00"),
    ),
    "chairs": (
        ("Task chair Fjord, graphite", 4, "264.00"),
        ("Floor mat, clear, 120 × 90 cm", 4, "36.00"),
    ),
    "meeting": (
        ("Meeting table, 8 seats, walnut", 1, "1340.00"),
        ("Conference chair Sund, set of four", 2, "612.00"),
        ("Table box with sockets", 1, "118.00"),
    ),
    "acoustics": (
        ("Acoustic panel, felt, 120 × 60 cm", 6, "74.00"),
        ("Ceiling baffle, set of three", 2, "189.00"),
        ("Installation, hours", 3, "68.00"),
    ),
    "storage": (
        ("Filing cabinet, three drawers, lockable", 2, "229.00"),
        ("Shelf unit, birch, 200 cm", 2, "174.50"),
    ),
    "lighting": (
        ("LED desk lamp Nord", 5, "84.00"),
        ("Floor uplight, dimmable", 1, "248.00"),
    ),
    "screens": (
        ("Desk divider, 140 cm, mineral grey", 4, "96.00"),
        ("Clamp set", 4, "14.00"),
    ),
    "rental": (("Furniture rental, per month", 1, "385.00"),),
    "care": (
        ("Maintenance visit", 1, "160.00"),
        ("Upholstery cleaning, per seat", 6, "18.50"),
    ),
    "planning": (
        ("Space planning, hours", 6, "95.00"),
        ("Floor plan with 3D views", 1, "420.00"),
    ),
}
TEMPLATES = {
    name: Template(tuple((text, quantity, Decimal(price)) for text, quantity, price in lines))
    for name, lines in BASKETS.items()
}


def tastes(rng: Random) -> Price:
    """A customer's three favourite baskets, bought once or a few times over."""
    favourites = rng.sample(sorted(TEMPLATES), 3)
    size = rng.choice((1, 1, 2, 3))

    def price(rng: Random) -> tuple[str, Decimal]:
        name = rng.choice(favourites)
        return name, TEMPLATES[name].total * rng.randint(1, size)

    return price


def order_lines(template: str, amount: Decimal) -> list[tuple[str, int, Decimal]]:
    """The lines of a document that is a multiple of a basket."""
    multiple = int(amount / TEMPLATES[template].total)
    return [
        (text, quantity * multiple, price) for text, quantity, price in TEMPLATES[template].lines
    ]
