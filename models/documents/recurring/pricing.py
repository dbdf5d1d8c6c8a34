"""What a price becomes when it is raised several times."""

from collections.abc import Callable, Iterable


def compound(price: float, percents: Iterable[float], rounding: Callable[[float], float]) -> float:
    """Return ``price`` after each raise in turn, rounded after each, as a price list would say it.

    :param percents: 5.0 raises by 5 %, -5.0 lowers by 5 %
    """
    for percent in percents:
        price = rounding(price * (1 + percent / 100))
    return price
