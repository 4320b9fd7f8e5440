"""What was done in a month, role by role and kind by kind, and what of it waits to be verified."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Sum

from councils.models import Council
from cunsao import months
from reports.kinds import Kind, Role, of_role
from reports.models import Activity, State


@dataclass(frozen=True)
class KindDone:
    """One kind: `records` in all, `quantity` of its unit without what was given back, and records by state."""

    kind: Kind
    records: int = 0
    quantity: int = 0
    waiting: int = 0
    verified: int = 0
    returned: int = 0


@dataclass(frozen=True)
class RoleDone:
    role: Role
    kinds: Sequence[KindDone] = field(default_factory=list)

    @property
    def records(self) -> int:
        return sum(each.records for each in self.kinds)

    @property
    def waiting(self) -> int:
        return sum(each.waiting for each in self.kinds)


def of_month(council: Council, month: date) -> list[RoleDone]:
    """All six roles, in the order of the catalogue; one query (two for a township)."""
    there = Activity.objects.under(council).filter(day__range=(month, months.last_day(month))).order_by()
    records: Counter[tuple[str, str]] = Counter()
    quantity: Counter[str] = Counter()
    for kind, state, count, amount in there.values_list("kind", "state").annotate(Count("pk"), Sum("quantity")):
        records[kind, state] = count
        quantity[kind] += amount if state != State.REJECTED else 0
    return [RoleDone(role, [_done(kind, records, quantity) for kind in of_role(role)]) for role in Role]


def used_most(village: Council, since: date, most: int) -> list[str]:
    """Keys of the kinds that were entered most often in a village since a day."""
    there = Activity.objects.filter(village=village, day__gte=since).order_by().values_list("kind")
    counted = there.annotate(n=Count("pk")).order_by("-n", "kind")
    return [kind for kind, _count in counted[:most]]


def _done(kind: Kind, records: Any, quantity: Any) -> KindDone:
    by_state = [records[kind.key, state] for state in (State.OPEN, State.VERIFIED, State.REJECTED)]
    return KindDone(kind, sum(by_state), quantity[kind.key], *by_state)
