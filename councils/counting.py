"""What a council has below it, counted for all its children in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Sum

from councils.models import Council, Zone


@dataclass
class Counts:
    """Of open councils and zones at one council and below it."""

    villages: int = 0
    communities: int = 0
    zones: int = 0
    households: int = 0
    residents: int = 0
    without_zone: int = 0  # villages that no zone covers: a hole in the net

    def add(self, other: "Counts") -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


def counts(council: Council) -> dict[str, Counts]:
    """{code: counts} of `council` and of every open council below it; two queries."""
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
        if own:
            village.zones, village.without_zone = own["zones"], 0
            village.households, village.residents = own["households"] or 0, own["residents"] or 0
        for ancestor in (code, code[:9], code[:6]):
            if len(ancestor) >= len(council.code):
                found[ancestor].add(village)
    return dict(found)
