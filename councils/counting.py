"""What a council has below it, counted for all its children in a fixed number of queries.

Floors above add figures of their own by `further`, in a module of the name `counting`, which is found at the start.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Count, Sum

from councils.models import Council, Zone


class Figure(NamedTuple):
    """A count that another floor makes: {key of the village: so many} of the villages below a council, in one query."""

    label: Any
    of_villages: Callable[[Council], dict[int, int]]
    address: Callable[[Council], str]  # the list of what was counted
    permission: str  # to open that list


FURTHER: dict[str, Figure] = {}


def further(name: str, figure: Figure) -> None:
    """Every page of councils shows this figure from now on, in the order of registration."""
    FURTHER[name] = figure


@dataclass
class Counts:
    """Of open councils and zones at one council and below it."""

    villages: int = 0
    communities: int = 0
    zones: int = 0
    households: int = 0
    residents: int = 0
    without_zone: int = 0  # villages that no zone covers: a hole in the net
    more: dict[str, int] = field(default_factory=dict)  # figures of other floors, by their names

    def add(self, other: "Counts") -> None:
        for name, value in vars(other).items():
            if name != "more":
                setattr(self, name, getattr(self, name) + value)
        for name, value in other.more.items():
            self.more[name] = self.more.get(name, 0) + value


def counts(council: Council) -> dict[str, Counts]:
    """{code: counts} of `council` and of every open council below it; two queries, and one for each further figure."""
    more = {name: figure.of_villages(council) for name, figure in FURTHER.items()}
    zones = {
        row["village"]: row
        for row in Zone.objects.under(council)
        .filter(closed=None)
        .order_by()
        .values("village")
        .annotate(zones=Count("pk"), households=Sum("households"), residents=Sum("residents"))
    }
    found: dict[str, Counts] = defaultdict(Counts)
    below = Council.objects.under(council).filter(closed=None).values_list("pk", "code", "level")
    for pk, code, level in below:
        found[code]
        if level not in ("village", "community"):
            continue
        own = zones.get(pk)
        village = Counts(villages=int(level == "village"), communities=int(level == "community"), without_zone=1)
        village.more = {name: numbers.get(pk, 0) for name, numbers in more.items()}
        if own:
            village.zones, village.without_zone = own["zones"], 0
            village.households, village.residents = own["households"] or 0, own["residents"] or 0
        for ancestor in (code, code[:9], code[:6]):
            if len(ancestor) >= len(council.code):
                found[ancestor].add(village)
    return dict(found)
