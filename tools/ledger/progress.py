"""A progress bar of one line a stage: redrawn on a terminal, printed once at the end elsewhere."""

import sys
import time
from contextlib import contextmanager

WIDTH = 24


class Stage:
    def __init__(self, title: str, total: int):
        self.title = title
        self.total = total
        self.done = 0
        self.started = time.monotonic()

    def advance(self, count: int) -> None:
        self.done += count
        if sys.stdout.isatty():
            print(f"\r{self}", end="", flush=True)

    def __str__(self) -> str:
        share = self.done / self.total if self.total else 1
        bar = ("█" * round(share * WIDTH)).ljust(WIDTH, "░")
        seconds = time.monotonic() - self.started
        return f"{self.title:<20} {bar} {self.done:>7,} / {self.total:,}  {seconds:5.1f} s"


@contextmanager
def stage(title: str, total: int):
    current = Stage(title, total)
    current.advance(0)
    yield current
    if sys.stdout.isatty():
        print("\r", end="")
    print(current, flush=True)
