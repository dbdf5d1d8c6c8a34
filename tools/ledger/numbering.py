"""Numbers in date order that continue what each journal has, in the journal's own format."""

from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import NamedTuple

from odoo.tools import SQL

from .rows import LedgerError

RESETS = {
    "year": lambda day: (day.year,),
    "month": lambda day: (day.year, day.month),
    "never": lambda day: (),
}


class Number(NamedTuple):
    name: str
    prefix: str
    number: int


class Numbering:
    """Numbers for the entries of a database, as many as wanted, in the order asked for."""

    def __init__(self, env):
        self._env = env
        self._formats: dict[str, tuple] = {}
        self._periods: dict[tuple, Iterator[Number]] = {}
        self._series: dict[tuple, Iterator[Number]] = {}

    def next(self, journal_id: int, example: str, day: date) -> Number:
        """The next number of the series that ``example`` is from, on a day."""
        if example not in self._formats:
            self._formats[example] = self._parse(example)
        reset, format_string, values = self._formats[example]
        period = (journal_id, example, *RESETS[reset](day))
        if period not in self._periods:
            if reset != "never":
                year = day.year % 10 ** values["year_length"]
                values = {**values, "year": year, "month": day.month}
            self._periods[period] = self._find_series(journal_id, format_string, values)
        return next(self._periods[period])

    def _parse(self, example: str) -> tuple:
        move = self._env["account.move"]
        reset = move._deduce_sequence_number_reset(example)
        if reset not in RESETS:
            raise LedgerError(f"Numbers like {example} (reset: {reset}) are not supported.")
        return reset, *move._get_sequence_format_param(example)

    def _find_series(self, journal_id: int, format_string: str, values: dict) -> Iterator[Number]:
        """Examples that differ by their number alone count together."""
        width, suffix = values["seq_length"], values["suffix"]
        zero = format_string.format(**{**values, "seq": 0})
        prefix = zero.removesuffix(f"{0:0{width}d}{suffix}")
        series = (journal_id, prefix, suffix)
        if series not in self._series:
            self._series[series] = self._count(journal_id, prefix, width, suffix)
        return self._series[series]

    def _count(self, journal_id: int, prefix: str, width: int, suffix: str) -> Iterator[Number]:
        [(last,)] = self._env.execute_query(
            SQL(
                "SELECT COALESCE(MAX(sequence_number), 0) FROM account_move"
                " WHERE journal_id = %s AND sequence_prefix = %s",
                journal_id,
                prefix,
            )
        )
        for number in count(last + 1):
            yield Number(f"{prefix}{number:0{width}d}{suffix}", prefix, number)
