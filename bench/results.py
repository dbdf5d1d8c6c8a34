"""Showing the figures and keeping them."""

from datetime import date
from pathlib import Path

FILE = Path(__file__).with_name("RESULTS.md")
HEADER = (
    "What", "Odoo alone", "With billing_crm", "Ratio", "Queries alone", "Queries", "More", "Rounds",
)  # fmt: skip


def record(size: str, rows: list[tuple[str, ...]], header: tuple[str, ...] = HEADER) -> None:
    """Print a table, and put it in RESULTS.md above the older ones."""
    table = [header, *rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [
        "| " + " | ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) + " |"
        for row in table
    ]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    print("\n".join(lines))
    title, _break, older = FILE.read_text(encoding="utf-8").partition("\n## ")
    section = f"## {date.today()}, {size}\n\n" + "\n".join(lines)
    sections = [title.rstrip(), section, *([f"## {older.rstrip()}"] if older else [])]
    FILE.write_text("\n\n".join(sections) + "\n", encoding="utf-8")
