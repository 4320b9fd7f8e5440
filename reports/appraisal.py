"""Points by a township's scheme, ranks, and the performance subsidy they come to.

Only verified records and remarks give points, and every point names the one it came from.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import Council
from cunsao import months
from members import payroll
from members.models import Member, Membership
from reports import kinds
from reports.models import ActivityMember, Remark, Scheme, SchemePoint, State
from reports.refusing import WorkRefused, full_save, out_of_scope, refuse_future, refuse_without

__all__ = [
    "Point",
    "Rank",
    "WorkRefused",
    "introduce",
    "proposal",
    "ranking",
    "remark",
    "scheme_of",
    "withdraw",
    "yuan",
]

SCHEME, REMARK = "reports.add_scheme", "reports.add_remark"
NOTHING = Decimal("0.00")
CENT = Decimal("0.01")


class Point(NamedTuple):
    """What one verified record, or one remark, gave one member. `cut` is what her kind's cap took away."""

    day: date
    points: Decimal
    kind: str = ""
    quantity: int = 0
    activity: int | None = None
    remark: int | None = None
    reason: str = ""
    cut: Decimal = NOTHING


@dataclass
class Rank:
    """One member in the month: her points, the place they give, and all they are made of."""

    member: Member
    village: int
    points: Decimal = NOTHING
    place: int = 0
    of: int = 0  # how many are ranked
    made_of: list[Point] = field(default_factory=list)


def scheme_of(township: Council, month: date) -> Scheme | None:
    """The scheme in force in `month`: the last that began in it or before."""
    found: Scheme | None = (
        Scheme.objects.filter(township=township, start__lte=month).prefetch_related("points").order_by("-start").first()
    )
    return found


def introduce(scheme: Scheme, points: Iterable[SchemePoint], by: Any) -> Scheme:
    """A township's scheme from a month on that has not passed, with its points; all or nothing. Raises WorkRefused.

    A scheme that begins in the same month is replaced as long as that month is not over: past months keep theirs.
    """
    refuse_without(by, SCHEME)
    _refuse_foreign(scheme.township, by)
    if by is not None and scheme.start < months.first(timezone.localdate()):
        message = _("Past months keep the scheme they had. Let this one begin in this month or later.")
        raise WorkRefused("past", message, "start")
    with transaction.atomic():
        before = Scheme.objects.select_for_update().filter(township=scheme.township, start=scheme.start).first()
        if before is not None:
            before.points.all().delete()
            scheme.pk, scheme._state.adding = before.pk, False
        full_save(scheme)
        for each in points:
            each.scheme = scheme
            full_save(each)
    return scheme


def remark(member: Member, day: date, points: Decimal, reason: str, by: Any) -> Remark:
    """Points for a reason, given to a member of one of `by`'s villages on that day. Raises WorkRefused."""
    refuse_without(by, REMARK)
    refuse_future(day)
    running: Any = Membership.objects.running_on(day).filter(member=member)
    running = running if by is None else running.visible_to(by)
    term: Membership | None = running.order_by("-start").first()
    if term is None:
        message = _("%(name)s was no member of your villages on that day.") % {"name": _("She")}
        raise WorkRefused("no_member", message, "member")
    made = Remark(member=member, village_id=term.village_id, day=day, points=points, reason=reason.strip(), made_by=by)
    full_save(made)
    return made


def withdraw(made: Remark, by: Any) -> None:
    """The remark counts no longer and stays to be read. Safe to repeat. Raises WorkRefused."""
    refuse_without(by, REMARK)
    visible = Remark.objects.all() if by is None else Remark.objects.visible_to(by)
    if not visible.filter(pk=made.pk).exists():
        raise out_of_scope()
    Remark.objects.filter(pk=made.pk, withdrawn=None).update(withdrawn=timezone.localdate())


def ranking(township: Council, month: date, village: Council | None = None) -> list[Rank]:
    """Everybody who was a member in the month, most points first; five queries.

    Equal points share a place and the next one is left out (1, 2, 2, 4); among equals the order is that of names, so
    that it is the same each time. Who has no points is ranked too. Without a scheme only remarks count.
    """
    scheme = scheme_of(township, month)
    ranks = _members(township, month, village)
    for member, points in _points(scheme, ranks, month).items():
        ranks[member].made_of = points
        ranks[member].points = sum((each.points for each in points), NOTHING)
    ordered = sorted(ranks.values(), key=lambda each: (-each.points, each.member.pinyin, each.member.pk))
    for at, rank in enumerate(ordered):
        tied = at and ordered[at - 1].points == rank.points
        rank.place, rank.of = ordered[at - 1].place if tied else at + 1, len(ordered)
    return ordered


@payroll.propose_performance("ranking")
def proposal(township: Council, month: date) -> dict[int, Decimal]:
    """{member's key: yuan} of performance subsidy by the month's scheme, to be accepted or changed by the chair.

    Points times yuan a point, never below nothing, never above the scheme's most. Empty without a scheme that gives
    money for points.
    """
    scheme = scheme_of(township, month)
    if scheme is None or not scheme.yuan_a_point:
        return {}
    return {rank.member.pk: yuan(scheme, rank.points) for rank in ranking(township, month)}


def yuan(scheme: Scheme, points: Decimal) -> Decimal:
    """What points of a month come to: never below nothing, never above the scheme's most."""
    return max(NOTHING, min(_cents(points * scheme.yuan_a_point), scheme.most_yuan))


def _members(township: Council, month: date, village: Council | None) -> dict[int, Rank]:
    """Who was a member in the township during the month, with the village where she was last in it."""
    running = (
        Membership.objects.under(village or township)
        .filter(Q(end=None) | Q(end__gte=month), start__lte=months.last_day(month))
        .select_related("member")
        .order_by("start", "pk")
    )
    return {term.member_id: Rank(term.member, term.village_id) for term in running}


def _points(scheme: Scheme | None, ranks: dict[int, Rank], month: date) -> dict[int, list[Point]]:
    found: dict[int, list[Point]] = defaultdict(list)
    villages = {rank.village for rank in ranks.values()}
    if scheme is not None:
        for member, points in _of_records(scheme, villages, month):
            if member in ranks:
                found[member] += points
    remarks = Remark.objects.standing().filter(village__in=villages, day__range=(month, months.last_day(month)))
    for each in remarks.order_by("day", "pk"):
        if each.member_id in ranks:
            found[each.member_id].append(Point(each.day, each.points, remark=each.pk, reason=each.reason))
    return found


def _of_records(scheme: Scheme, villages: set[int], month: date) -> Iterator[tuple[int, list[Point]]]:
    """Each member's points of one kind, in the order of days; what goes beyond the kind's cap is cut from the last."""
    rules = {each.kind: each for each in scheme.points.all() if each.kind in kinds.KINDS}
    done = ActivityMember.objects.filter(
        activity__village__in=villages, activity__day__range=(month, months.last_day(month)),
        activity__state=State.VERIFIED, activity__kind__in=list(rules),
    )  # fmt: skip
    by_kind: dict[tuple[int, str], list[tuple[Any, ...]]] = defaultdict(list)
    columns = ("member", "activity__kind", "activity", "activity__day", "activity__quantity", "activity__size")
    for member, kind, *record in done.order_by("activity__day", "activity").values_list(*columns):
        by_kind[member, kind].append(tuple(record))
    for (member, kind), records in by_kind.items():
        yield member, list(_capped(rules[kind], records, scheme.shared))


def _capped(rule: SchemePoint, records: Iterable[tuple[Any, ...]], shared: bool) -> Iterator[Point]:
    given = NOTHING
    for activity, day, quantity, size in records:
        whole = _cents(rule.points * quantity / (rule.each * (size if shared else 1)))
        points = whole if rule.cap is None else min(whole, rule.cap - given)
        given += points
        yield Point(day, points, rule.kind, quantity, activity, cut=whole - points)


def _cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def _refuse_foreign(township: Council, by: Any) -> None:
    if by is not None and not Council.objects.visible_to(by).filter(pk=township.pk).exists():
        raise out_of_scope()
