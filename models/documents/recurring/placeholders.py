"""Words in braces that stand for the period billed, without a database.

``{month}`` is one; ``{month+1}`` is the next one's; ``{{`` and ``}}`` are braces.
"""

import re
from collections.abc import Callable, Mapping

# Those that may be shifted, and by what.
SHIFTS = {"month": "months", "quarter": "quarters", "year": "years"}
NAMES = ("month", "quarter", "year", "period", "period_start", "period_end", "bill_date", "number")

_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_NAME = re.compile(r"\s*([a-z_]+)\s*(?:([+-])\s*(\d{1,3}))?\s*")


class UnknownPlaceholder(ValueError):
    """A text has a placeholder that means nothing; ``str()`` of it is how it is written there."""


def parse(text: str) -> list[str | tuple[str, int]]:
    """Split a text into plain parts and (name, shift) of its placeholders.

    :raise UnknownPlaceholder: for a name that is not known, a shift of what cannot be shifted, or
        a single brace
    """
    parts, position = [], 0
    for token in _TOKEN.finditer(text):
        parts.append(text[position : token.start()])
        position = token.end()
        if token[0] in ("{{", "}}"):
            parts.append(token[0][0])
            continue
        match = _NAME.fullmatch(token[1] or "")
        name = match and match[1]
        if name not in NAMES or (match[3] and name not in SHIFTS):
            raise UnknownPlaceholder(token[0])
        parts.append((name, int(f"{match[2]}{match[3]}") if match[3] else 0))
    parts.append(text[position:])
    return [part for part in parts if part]


def fill(text: str, values: Mapping[str, Callable[[int], str]]) -> str:
    """Return a text with its placeholders replaced.

    :param values: for each name of `NAMES`, what gives the words for a shift
    """
    return "".join(
        part if isinstance(part, str) else values[part[0]](part[1]) for part in parse(text)
    )


def escape(text: str) -> str:
    """Return a text whose braces mean nothing, to be put in front of placeholders."""
    return text.replace("{", "{{").replace("}", "}}")
