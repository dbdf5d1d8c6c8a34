"""How customers pay. A habit answers one question: how many days after the due date?

``progress`` runs from 0 at the beginning of the history to 1 today; None means never (so far).
"""

from random import Random


def prompt(rng: Random, _progress: float) -> int:
    return max(-4, round(rng.gauss(0.5, 2)))


def early(rng: Random, _progress: float) -> int:
    return -rng.randint(4, 14)


def slipping(rng: Random, progress: float) -> int:
    """Used to pay on time, and takes longer with every invoice."""
    return max(-3, round(rng.gauss(55 * progress, 5)))


def late(rng: Random, _progress: float) -> int:
    return max(12, round(rng.gauss(42, 14)))


def disputing(rng: Random, progress: float) -> int | None:
    """Pays what it agrees with, and argues for months about the rest."""
    if rng.random() < 0.35:
        return None if progress > 0.4 else rng.randint(60, 150)
    return prompt(rng, progress) + 5


def gone(rng: Random, progress: float) -> int | None:
    """Paid, then stopped paying, then stopped buying (see ``buys_until``)."""
    return None if progress > 0.4 else late(rng, progress)


HABITS = {
    "prompt": prompt,
    "early": early,
    "slipping": slipping,
    "late": late,
    "disputing": disputing,
    "gone": gone,
}


def buys_until(habit: str) -> float:
    """The part of the history in which a customer of this habit still buys."""
    return 0.75 if habit == "gone" else 1.0
