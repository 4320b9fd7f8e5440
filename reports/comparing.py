"""How a figure stands beside another one: what is more, what is less, and what the average is."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple


class Change(NamedTuple):
    """The difference as it is written, +12, −3 or ±0, and what it is called in the style sheet."""

    text: str
    tone: str


def change(now: Any, before: Any) -> Change:
    """From `before` to `now`."""
    if now is None or before is None:
        return Change("–", "none")
    difference = now - before
    if not difference:
        return Change("±0", "same")
    size = f"{abs(difference):,.0f}"
    return Change(f"+{size}", "more") if difference > 0 else Change(f"−{size}", "less")


def average(values: Sequence[Any]) -> str:
    """One decimal where it says something; nothing of nothing."""
    known = [Decimal(value) for value in values if value is not None]
    if not known:
        return ""
    mean = sum(known, Decimal(0)) / len(known)
    return f"{mean:,.0f}" if mean >= 100 or mean == int(mean) else f"{mean:,.1f}"


def percent(rate: float | None) -> str:
    """One decimal, cut off, so that only all of it is 100 %; a dash of nothing."""
    return "–" if rate is None else f"{int(rate * 1000 + 1e-9) / 10:.1f} %"
