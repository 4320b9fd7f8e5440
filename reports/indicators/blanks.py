"""Any council of a level and any period: what a question is put together for that is asked of all of them."""

from collections.abc import Sequence
from typing import Any

from django.db.models import BigAutoField, CharField, DateField

from councils.models import Council, Level
from cunsao import months
from cunsao.prepared import Blank
from reports.periods import BEGINNING, Period

PK: Any = BigAutoField()
CODE: Any = CharField()
DAY: Any = DateField()


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


def day(name: str) -> Any:
    return Blank(name, DAY)


PERIOD: Any = AnyPeriod(day("first"), day("last"))


def council(level: str) -> Council:
    """Any one of the level, for a condition; nothing of it is in the database."""
    above = None if level == Level.COUNTY else Blank("parent", CODE)
    return Council(pk=Blank("council", PK), code=Blank("code", CODE), level=level, parent_id=above)


def places(number: int, keys: bool) -> list[Any]:
    """So many councils below, by their keys or by their codes."""
    return [Blank(f"place {at}", PK if keys else CODE) for at in range(number)]


def filled(council: Council, period: Period | None = None, places: Sequence[Any] = ()) -> dict[str, Any]:
    """What goes into the blanks of a council, of a period and of the places below."""
    known = {"council": council.pk, "code": council.code, "parent": council.parent_id}
    if period:
        days = {"first": period.first, "last": period.last, "january": period.since_january().first}
        known |= days | {f"month of {name}": months.first(day) for name, day in days.items()}
    return known | {f"place {at}": place for at, place in enumerate(places)}
