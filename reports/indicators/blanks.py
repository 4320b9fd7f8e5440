"""Any period and any places below: what a figure's question is put together for, beside any council of a level."""

from collections.abc import Sequence
from typing import Any

from councils import blanks
from councils.blanks import CODE, PK, council, day
from councils.models import Council
from cunsao import months
from cunsao.prepared import Blank
from reports.periods import BEGINNING, Period

__all__ = ["PERIOD", "council", "day", "filled", "places"]


class AnyPeriod(Period):
    """Days of which nothing is known yet, not even which comes first."""

    first: Any
    last: Any

    def __post_init__(self) -> None:
        pass

    def since_january(self) -> "AnyPeriod":
        return AnyPeriod(day("january"), self.last)

    def since_beginning(self) -> "AnyPeriod":
        return AnyPeriod(BEGINNING, self.last)

    @property
    def ends(self) -> tuple[Any, Any]:
        return day(f"month of {self.first.name}"), day(f"month of {self.last.name}")


PERIOD: Any = AnyPeriod(day("first"), day("last"))


def places(number: int, keys: bool) -> list[Any]:
    """So many councils below, by their keys or by their codes."""
    return [Blank(f"place {at}", PK if keys else CODE) for at in range(number)]


def filled(council: Council, period: Period | None = None, places: Sequence[Any] = ()) -> dict[str, Any]:
    """What goes into the blanks of a council, of a period and of the places below."""
    known = blanks.filled(council)
    if period:
        days = {"first": period.first, "last": period.last, "january": period.since_january().first}
        known |= days | {f"month of {name}": months.first(day) for name, day in days.items()}
    return known | {f"place {at}": place for at, place in enumerate(places)}
