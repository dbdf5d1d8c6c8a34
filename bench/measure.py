"""Taking a figure: A, B, A, B …, and the medians of both."""

import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

from odoo.api import Environment
from odoo.modules.registry import Registry


@dataclass(frozen=True, slots=True)
class Figure:
    seconds: float
    queries: int


@dataclass(frozen=True, slots=True)
class Comparison:
    title: str
    alone: Figure
    ours: Figure
    rounds: int

    @property
    def ratio(self) -> float:
        return self.ours.seconds / self.alone.seconds


@contextmanager
def throwaway(database: str):
    """An administrator's environment on a new transaction, which is always rolled back."""
    with Registry(database).cursor() as cursor:
        environment = Environment(cursor, 2, {"lang": "en_US", "tz": "UTC"})
        try:
            yield environment
        finally:
            cursor.rollback()
            cursor.postcommit.clear()


def compare(
    title: str, databases: tuple[str, str], prepare: Callable, act: Callable, *, rounds: int
) -> Comparison:
    """Measure ``act(env, prepare(env))`` on Odoo alone and with the module, in turns.

    The first turn of each fills the caches and does not count.
    """
    figures = {database: [] for database in databases}
    for _round in range(rounds + 1):
        for database in databases:
            figures[database].append(_measure(database, prepare, act))
    alone, ours = (_median(figures[database][1:]) for database in databases)
    return Comparison(title, alone, ours, rounds)


def _measure(database: str, prepare: Callable, act: Callable) -> Figure:
    with throwaway(database) as env:
        prepared = prepare(env)
        env.flush_all()
        env.invalidate_all()
        queries, started = env.cr.sql_log_count, time.perf_counter()
        act(env, prepared)
        env.flush_all()
        return Figure(time.perf_counter() - started, env.cr.sql_log_count - queries)


def _median(figures: list[Figure]) -> Figure:
    return Figure(
        median(figure.seconds for figure in figures),
        round(median(figure.queries for figure in figures)),
    )
