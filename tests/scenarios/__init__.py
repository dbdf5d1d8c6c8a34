"""Stories of what is owed and who is reminded, in words. `README.md` beside this says which."""

from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent


class Case(NamedTuple):
    """A named story: the file it stands in, its title, and its lines as (number, text)."""

    topic: str
    title: str
    lines: list[tuple[int, str]]


def read_cases():
    """Read all stories: a title starts in the first column, its lines are indented below it."""
    cases = []
    for path in sorted(FOLDER.glob("*.txt")):
        for number, raw in enumerate(path.read_text().splitlines(), 1):
            text = raw.split("#")[0].rstrip()
            if not text:
                continue
            if text[0] != " ":
                cases.append(Case(path.stem, text, []))
            else:
                cases[-1].lines.append((number, text.strip()))
    return cases
