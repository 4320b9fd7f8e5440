"""Disputes: brought, settled or passed on. What they are about is the village's; everybody else sees numbers.

A settled one leaves an activity of its kind on the day it was settled, which says who mediated and nothing more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from councils import audit
from councils.models import Action, Council
from cunsao import months
from reports import activities
from reports.entering import Entry, Known
from reports.models import Dispute, DisputeState, Relation, Source
from reports.refusing import (
    WorkRefused,
    full_save,
    out_of_scope,
    overtaken,
    refuse_future,
    refuse_without,
    stored_once,
    village_for,
)

__all__ = [
    "Brought", "Content", "Numbers", "WorkRefused", "bring", "by_month", "mend", "numbers", "pass_on", "read", "settle",
    "together",
]  # fmt: skip

ENTER, MEND, LOOK = "reports.add_dispute", "reports.change_dispute", "reports.view_dispute"
LONGEST = {"parties": 100, "text": 2000, "agreement": 2000}


@dataclass(frozen=True)
class Brought:
    """A dispute as it is typed: keys of village and mediators, between whom, and what it is about."""

    village: int
    day: date
    relation: str
    parties: str
    members: Sequence[int]
    text: str = ""
    client_key: UUID | None = None


class Content(NamedTuple):
    """What is sealed."""

    parties: str
    text: str
    agreement: str


class Numbers(NamedTuple):
    """Of one relation in a time: brought in it, settled in it, passed on in it."""

    brought: int = 0
    settled: int = 0
    passed_on: int = 0


def bring(brought: Brought, by: Any) -> Dispute:
    """Enters a dispute that is being mediated. Raises WorkRefused."""
    refuse_without(by, ENTER)
    refuse_future(brought.day)
    village = village_for(by, brought.village)
    _refuse_long(parties=brought.parties, text=brought.text)
    _refuse_members(brought.village, brought.day, brought.members, by)
    found: Dispute = stored_once(Dispute, brought.client_key, by, lambda: _new(brought, village, by))
    return found


def mend(dispute: Dispute, version: int, by: Any, **said: Any) -> Dispute:
    """Puts relation, parties or text right while it is not settled. Raises WorkRefused."""
    if unknown := said.keys() - {"relation", "parties", "text"}:
        raise TypeError(f"{sorted(unknown)} of a dispute do not change.")
    _refuse_long(**{name: value for name, value in said.items() if name in LONGEST})
    with transaction.atomic():
        now = _held(dispute, version, by)
        _refuse_settled(now)
        for name, value in said.items():
            setattr(now, name, value)
        now.version += 1
        full_save(now)
    return now


def settle(
    dispute: Dispute, day: date, agreement: str, version: int, by: Any, members: Sequence[int] | None = None
) -> Dispute:
    """Settled on `day`, in whose month it counts, by `members` where not by those who began. Raises WorkRefused."""
    refuse_future(day)
    _refuse_long(agreement=agreement)
    with transaction.atomic():
        now = _held(dispute, version, by)
        _refuse_settled(now)
        if day < now.day:
            raise WorkRefused("too_early", _("A dispute cannot be settled before it began."), "day")
        if members is not None:
            now.mediators.set(members)
        members = list(now.mediators.order_by("pk").values_list("pk", flat=True))
        entry = Entry(now.village_id, day, "dispute", members)
        done = activities.record_many([entry], by, Source.PAGE, own_table="dispute")
        if done.refused:
            raise done.refused[0]
        now.state, now.settled, now.agreement = DisputeState.SETTLED, day, agreement
        now.activity_id = done.created[0]
        now.version += 1
        full_save(now)
    return now


def pass_on(dispute: Dispute, day: date, version: int, by: Any) -> Dispute:
    """The village cannot settle it: from now on the township reads it and may settle it too. Raises WorkRefused."""
    refuse_future(day)
    with transaction.atomic():
        now = _held(dispute, version, by)
        if now.state != DisputeState.OPEN:
            raise WorkRefused("not_now", _("This dispute was passed on or settled already."))
        if day < now.day:
            raise WorkRefused("too_early", _("A dispute cannot be passed on before it began."), "day")
        now.state, now.passed_on = DisputeState.PASSED_ON, day
        now.version += 1
        full_save(now)
    return now


def read(dispute: Dispute, by: Any) -> Content:
    """What it is about, for who may read it; that she read it is entered. Raises WorkRefused."""
    if by is None or not by.has_perm(LOOK):
        raise out_of_scope()
    found = Dispute.objects.visible_to(by).filter(pk=dispute.pk).first()
    if found is None:
        audit.note(Action.REFUSED, dispute, dispute.village_id, audit.actor_for(by), read=["", "content"])
        raise out_of_scope()
    audit.note(Action.REVEALED, found, found.village_id, audit.actor_for(by), read=["", "content"])
    sealed = (found.parties, found.text, found.agreement)
    return Content(*("" if each is None else each.clear for each in sealed))


def numbers(council: Council, start: date, end: date, by: Any) -> dict[str, Numbers]:
    """{relation: numbers} of `council` and below in a time, first and last day included; one query, no content.

    Raises WorkRefused where `by` does not see the council.
    """
    if by is not None and not Council.objects.visible_to(by).filter(pk=council.pk).exists():
        raise out_of_scope()
    counted = (
        Dispute.objects.under(council)
        .order_by()
        .values("relation")
        .annotate(
            brought=Count("pk", filter=Q(day__range=(start, end))),
            done=Count("pk", filter=Q(settled__range=(start, end))),
            passed=Count("pk", filter=Q(passed_on__range=(start, end))),
        )
    )
    found = {row["relation"]: Numbers(row["brought"], row["done"], row["passed"]) for row in counted}
    return {relation: found.get(relation, Numbers()) for relation in Relation.values}


def by_month(council: Council, start: date, end: date, by: Any) -> dict[date, dict[str, Numbers]]:
    """{month: {relation: numbers}} of each month of a time, of `council` and below; three queries, no content.

    Raises WorkRefused where `by` does not see the council.
    """
    if by is not None and not Council.objects.visible_to(by).filter(pk=council.pk).exists():
        raise out_of_scope()
    found = {month: dict.fromkeys(Relation.values, Numbers()) for month in months.span(months.first(start), end)}
    for field, figure in {"day": "brought", "settled": "settled", "passed_on": "passed_on"}.items():
        dated = Dispute.objects.under(council).filter(**{f"{field}__range": (start, end)}).order_by()
        counted = dated.annotate(month=TruncMonth(field)).values_list("month", "relation").annotate(Count("pk"))
        for month, relation, count in counted:
            found[month][relation] = found[month][relation]._replace(**{figure: count})
    return found


def together(counted: Iterable[Numbers]) -> Numbers:
    """The sum of several."""
    return Numbers(*map(sum, zip(*counted, strict=True)))


def _new(brought: Brought, village: Council, by: Any) -> Dispute:
    dispute = Dispute(
        village=village, day=brought.day, relation=brought.relation, parties=brought.parties,
        text=brought.text or None, client_key=brought.client_key, recorded_by=by,
    )  # fmt: skip
    full_save(dispute)
    dispute.mediators.set(brought.members)
    return dispute


def _held(dispute: Dispute, version: int, by: Any) -> Dispute:
    """The dispute as it is now, locked, if `by` may change it and nobody did meanwhile."""
    refuse_without(by, MEND)
    visible = Dispute.objects.all() if by is None else Dispute.objects.visible_to(by)
    now: Dispute | None = visible.select_for_update(of=("self",)).filter(pk=dispute.pk).first()
    if now is None:
        raise out_of_scope()
    if now.version != version:
        raise overtaken()
    return now


def _refuse_settled(now: Dispute) -> None:
    if now.state == DisputeState.SETTLED:
        raise WorkRefused("settled", _("This dispute is settled and stays as it is."))


def _refuse_members(village: int, day: date, members: Sequence[int], by: Any) -> None:
    entry = Entry(village, day, "dispute", members)
    Known([entry], by).refuse(entry, "dispute")


def _refuse_long(**said: str) -> None:
    for name, text in said.items():
        if len(text) > LONGEST[name]:
            message = _("This text is longer than %(length)s characters. Shorten it.") % {"length": LONGEST[name]}
            raise WorkRefused("too_long", message, name)
