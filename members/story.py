"""A member's story: what each ledger has to tell of her, in one line of time."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple

from members.models import Member


class Line(NamedTuple):
    """One thing that happened: when, in a sentence, the page of its record, and the kind by which lines are chosen."""

    day: date
    text: str
    url: str = ""
    kind: str = ""


Teller = Callable[[Member, Any], Iterable[Line]]
_tellers: dict[str, Teller] = {}


def tells(kind: str) -> Callable[[Teller], Teller]:
    """Announces who tells the lines of a kind: a function of a member and the reader, with a fixed number of queries,
    that tells only what the reader may see."""

    def announce(teller: Teller) -> Teller:
        _tellers[kind] = teller
        return teller

    return announce


def told(member: Member, reader: Any) -> list[Line]:
    """All lines, the latest first."""
    lines = [line._replace(kind=kind) for kind, teller in _tellers.items() for line in teller(member, reader)]
    return sorted(lines, key=lambda line: line.day, reverse=True)
