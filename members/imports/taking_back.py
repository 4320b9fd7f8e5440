"""A list taken back out of the register: who came with it goes, what it changed is as it was before.

Whoever was edited since the list was applied is left alone and named.
"""

from collections.abc import Sequence
from typing import Any, cast

from django.db import models

from councils import audit
from councils.intake import Line, Verdict
from councils.models import Action, Change
from members.imports.comparing import Person, Register
from members.imports.writing import COLUMNS, VALUES, change_people, change_start
from members.models import Member, Membership, Post, ZoneAssignment

TERMS: tuple[Any, ...] = (ZoneAssignment, Post, Membership)


def take_back(lines: Sequence[Line], register: Register, since: int) -> list[str]:
    """Undoes new and changed lines; `since` is the trail's last entry of the list. Returns the names of who is left."""
    present = [(line, person) for line in lines if (person := register.person(line)) is not None]
    edited = _edited({person.pk for _line, person in present}, since)
    new = {person.pk for line, person in present if line.verdict == Verdict.NEW}
    held = _held_elsewhere(new) | _with_more_terms(new)
    left, going, returning = [], [], []
    for line, person in present:
        if person.pk in edited or person.pk in held or register.differences(line, person) or _elsewhere(line, person):
            left.append(person.said["name"])
        elif line.verdict == Verdict.NEW:
            going.append(person.pk)
        else:
            returning.append((line, person))
    _remove(going)
    _restore(returning)
    return left


def _elsewhere(line: Line, person: Person) -> bool:
    return person.village != line.council


def _edited(people: set[int], since: int) -> set[int]:
    """Who has an entry in the trail after `since`, of her own record or of one of her terms."""
    later = Change.objects.filter(pk__gt=since, action__in=[Action.CREATED, Action.CHANGED, Action.DELETED])
    found = set(later.filter(record="members.member", record_id__in=people).values_list("record_id", flat=True))
    for model in TERMS:
        terms = dict(model.objects.filter(member__in=people).values_list("pk", "member"))
        touched = later.filter(record=model._meta.label_lower, record_id__in=terms)
        found |= {terms[key] for key in touched.values_list("record_id", flat=True)}
    return found


def _held_elsewhere(people: set[int]) -> set[int]:
    """Who is named in records that came with no list: payments, training, whatever refers to her."""
    found: set[int] = set()
    for relation in Member._meta.related_objects:
        name, model = relation.field.name, cast("Any", relation.related_model)
        if model not in TERMS:
            rows = model._base_manager.filter(**{f"{name}__in": people})
            found |= set(rows.values_list(name, flat=True))
    return found


def _with_more_terms(people: set[int]) -> set[int]:
    """Who has a membership or a post that ended: more has happened to her than a list's arrival."""
    found: set[int] = set()
    for model in (Membership, Post):
        found |= set(model.objects.filter(member__in=people, end__isnull=False).values_list("member", flat=True))
    return found


def _remove(people: Sequence[int]) -> None:
    members = list(Member.objects.filter(pk__in=people))
    # Entered first: without her membership nobody knows any more to which council an entry belongs.
    audit.record_many((Action.DELETED, each, audit.differences(each.audit_values(), {})) for each in members)
    for model in TERMS:
        model.objects.filter(member__in=people).delete()
    models.QuerySet.delete(Member.objects.filter(pk__in=people).order_by())


def _restore(rows: Sequence[tuple[Line, Person]]) -> None:
    backward = [_backward(line, person) for line, person in rows]
    back = [line for line in backward if "village" not in line.before]
    change_people([line for line in backward if not line.before.keys().isdisjoint(COLUMNS)])
    change_start([line for line in back if "joined_on" in line.before])
    for line in backward:
        if "village" in line.before:
            _leave_again(line.record or 0)
        if "position" in line.before and line in back:
            _reopen(Post.objects.filter(member=line.record, council=line.council), line.values["position"])
        if "zone" in line.before and line in back:
            _reopen_zones(line)


def _backward(line: Line, person: Person) -> Line:
    """The line that says what was before, and has before it what this one said."""
    return Line(
        line.sheet, line.row, values=line.values | line.before, council=line.council, record=person.pk,
        before={name: line.values.get(name, "") for name in line.before},
    )  # fmt: skip


def _leave_again(member: int) -> None:
    """What began when she came back goes; her earlier terms stay as they ended."""
    for model in TERMS:
        model.objects.filter(member=member, end=None).delete()


def _reopen(posts: Any, word: str) -> None:
    posts.filter(end=None).delete()
    position = VALUES["position"].get(word, "")
    last = posts.filter(position=position, end__isnull=False).order_by("end", "pk").last()
    if last is not None:
        last.end = None
        last.save()


def _reopen_zones(line: Line) -> None:
    names = line.values["zone"].split("、")
    taken = ZoneAssignment.objects.filter(member=line.record)
    taken.filter(end=None).exclude(zone__name__in=names).delete()
    standing = set(taken.filter(end=None).values_list("zone", flat=True))
    for last in taken.filter(end__isnull=False, zone__name__in=names).exclude(zone__in=standing).order_by("end", "pk"):
        if last.zone_id not in standing:
            last.end = None
            last.save()
            standing.add(last.zone_id)
