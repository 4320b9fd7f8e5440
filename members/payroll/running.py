"""Who was a member in a month, how long, and in which village she is paid."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Q

from cunsao import months
from members.models import Membership, SubsidyRate

FEN = Decimal("0.01")


@dataclass(slots=True)
class Term:
    """One woman's month: the village where she was on her last day in it pays her, for all her days."""

    member: int
    name: str
    village: int
    township: int
    days: int


def running(month: date, who: Any) -> dict[int, Term]:
    """The month of each member of whom `who` (a filter of memberships) holds one that ran in it; in one query.

    A woman who was transferred stands in it once: memberships never run side by side, so her days add up.
    """
    rows = (
        Membership.objects.filter(_ran(month), member__in=ran_in(month, who))
        .order_by("village__code", "member__pinyin", "member", "start")
        .values_list("member", "member__name", "village", "village__parent__pk", "start", "end")
    )
    found: dict[int, Term] = {}
    latest: dict[int, date] = {}
    for member, name, village, township, start, end in rows:
        days = days_within(month, start, end)
        term = found.setdefault(member, Term(member, name, village, township, 0))
        term.days += days
        if start >= latest.get(member, date.min):
            latest[member], term.village, term.township = start, village, township
    return found


def ran_in(month: date, who: Any) -> Any:
    """The keys of members of whom `who` (a filter of memberships) holds one that ran in the month, as a subquery."""
    return Membership.objects.filter(_ran(month), who).order_by().values("member")


def _ran(month: date) -> Q:
    return Q(Q(end=None) | Q(end__gte=month), start__lte=months.last_day(month))


def days_within(month: date, start: date, end: date | None) -> int:
    """Days of `month` from `start` to `end`, both included; end None is no end."""
    first, last = max(start, month), min(end or date.max, months.last_day(month))
    return max((last - first).days + 1, 0)


def subsidy(rate: SubsidyRate, month: date, days: int) -> Decimal:
    """The county's yuan for so many days of a month: the whole amount, or, by days, its part to the fen."""
    if not days:
        return Decimal("0.00")
    whole = months.last_day(month).day
    if not rate.by_days or days >= whole:
        return rate.amount
    return (rate.amount * days / whole).quantize(FEN, ROUND_HALF_UP)


def days_of(members: Iterable[int]) -> dict[int, list[tuple[date, date | None]]]:
    """All terms of some members, each (first day, last day); in one query."""
    found: dict[int, list[tuple[date, date | None]]] = {}
    rows = Membership.objects.filter(member__in=list(members)).order_by()
    for member, start, end in rows.values_list("member", "start", "end"):
        found.setdefault(member, []).append((start, end))
    return found
