"""Talking to the person at the terminal, and running programs quietly.

Long steps say when they begin and how long they took; on a terminal they also count the seconds,
so that nobody wonders whether a two-minute step still lives.
"""

import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path


class WorkshopError(Exception):
    """Something the reader can act on; printed as one line, without a traceback."""


def say(message: str = "") -> None:
    print(message, flush=True)


@contextmanager
def step(title: str):
    """Announce a long step, count its seconds on a terminal, and tell how long it took."""
    started = time.monotonic()
    done = threading.Event()
    on_terminal = sys.stdout.isatty()

    def tick() -> None:
        while not done.wait(1):
            print(f"\r{title} … {time.monotonic() - started:.0f} s", end="", flush=True)

    if on_terminal:
        print(f"{title} …", end="", flush=True)
        ticker = threading.Thread(target=tick, daemon=True)
        ticker.start()
    else:
        say(f"{title} …")
    outcome = "failed after"
    try:
        yield
        outcome = "done in"
    finally:
        done.set()
        if on_terminal:
            ticker.join()
            print("\r\033[K", end="")
        say(f"{title}: {outcome} {time.monotonic() - started:.0f} s")


def run(command, *, cwd=None, env=None, stdin=None, problem=None) -> str:
    """Run a program silently and return its output.

    A failure becomes a WorkshopError: ``problem`` (or the program's name), then the last lines
    the program printed, because those are where programs say what went wrong. Where ``problem``
    says it already, one of them will do.
    """
    command = [os.fspath(part) for part in command]
    try:
        result = subprocess.run(
            command,
            cwd=cwd,
            env=env,
            input=stdin,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL if stdin is None else None,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    except FileNotFoundError as error:
        raise WorkshopError(f"{problem or 'A program is missing'}: {error.filename}") from error
    if result.returncode:
        shown = 1 if problem else 12
        tail = "\n".join("    " + line for line in result.stdout.strip().splitlines()[-shown:])
        what = problem or f"{Path(command[0]).name} failed"
        raise WorkshopError(f"{what} (exit code {result.returncode})\n{tail}")
    return result.stdout
