"""Who is insured on which day, by exact intervals: all days count from the first to the last, both included.

Only accident insurance counts here: it is what each member is to have.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, DateField, Exists, ExpressionWrapper, OuterRef, Q

from councils.models import Level
from members.models import InsuredMember, Member, Membership, PolicyKind

DAY = timedelta(days=1)
AHEAD = ((0, 7), (8, 30), (31, 60))  # days in which an insurance ends, from the first to the last


class Span(NamedTuple):
    """Days from the first to the last."""

    start: date
    end: date


def uncovered(active: Iterable[Span], covered: Iterable[Span]) -> list[Span]:
    """The days of `active` on which nothing of `covered` holds, as few spans as there can be, in order."""
    holes: list[Span] = []
    for span in _joined(active):
        start = span.start
        for cover in _joined(covered):
            if cover.end < start or cover.start > span.end:
                continue
            if cover.start > start:
                holes.append(Span(start, cover.start - DAY))
            start = cover.end + DAY
        if start <= span.end:
            holes.append(Span(start, span.end))
    return holes


def _joined(spans: Iterable[Span]) -> list[Span]:
    """The same days in spans that neither overlap nor touch."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end + DAY:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def holes_of(member: Member, first: date, last: date) -> list[Span]:
    """From `first` to `last`: when she was a member and not insured."""
    terms = member.memberships.all()
    active = [Span(max(each.start, first), min(each.end or last, last)) for each in terms]
    hers = InsuredMember.objects.for_accidents().filter(member=member)
    return uncovered(
        [span for span in active if span.start <= span.end], [Span(each.start, each.end) for each in hers]
    )  # fmt: skip


def active_on(day: date, reader: Any) -> Any:
    """The members that `reader` sees who were members of one of her villages on `day`."""
    here = Membership.objects.order_by().running_on(day).visible_to(reader)
    return Member.objects.visible_to(reader).filter(Exists(here.filter(member=OuterRef("pk"))))


def uncovered_on(day: date, reader: Any) -> Any:
    """Those of them whom no insurance covered on `day`."""
    return active_on(day, reader).filter(~Exists(_covering(day)))


class Place(NamedTuple):
    """A township of the county, or a village: who was a member there on a day, and how many of them insured."""

    code: str
    name: str
    active: int
    insured: int

    @property
    def missing(self) -> int:
        return self.active - self.insured


def by_place(day: date, reader: Any) -> list[Place]:
    """The places below the reader's council on `day`: townships for the county, else villages. One query."""
    place = "village__parent" if reader.council.level == Level.COUNTY else "village"
    running = Membership.objects.order_by().running_on(day).visible_to(reader)
    counted = (
        running.filter(member__in=Member.objects.visible_to(reader).order_by().values("pk"))
        .annotate(covered=Exists(_covering(day, "member")))
        .values_list(f"{place}__code", f"{place}__short_name", f"{place}__name")
        .annotate(active=Count("pk"), insured=Count("pk", filter=Q(covered=True)))
        .order_by(f"{place}__code")
    )
    return [Place(code, short or name, active, insured) for code, short, name, active, insured in counted]


def ending(reader: Any, today: date, least: int, most: int) -> Any:
    """Insurances of members of today that end in `least` to `most` days and that none follows on the next day."""
    last = InsuredMember.objects.visible_to(reader).for_accidents()
    last = last.filter(end__gte=today + least * DAY, end__lte=today + most * DAY)
    serving = Membership.objects.order_by().filter(member=OuterRef("member"), end=None)
    follows = InsuredMember._base_manager.order_by().filter(
        member=OuterRef("member"), policy__kind=PolicyKind.ACCIDENT, end__gt=OuterRef("end"),
        start__lte=ExpressionWrapper(OuterRef("end") + DAY, output_field=DateField()),
    )  # fmt: skip
    return last.filter(Exists(serving), ~Exists(follows))


def _covering(day: date, member: str = "pk") -> Any:
    found = InsuredMember._base_manager.order_by().filter(member=OuterRef(member), policy__kind=PolicyKind.ACCIDENT)
    return found.filter(start__lte=day, end__gte=day)
