"""A list taken back out of the register: who came with it goes, what it changed is as it was before.

Whoever was edited since the list was applied is left alone and named.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django.db import models
from django.db.models import Q

from councils import audit
from councils.intake import Line, Verdict
from councils.models import Action, Change, Zone
from members.imports.comparing import Person, Register
from members.imports.words import POSITIONS
from members.imports.writing import COLUMNS, VALUES, change_people, change_start
from members.models import Member, Membership, Position, Post, ZoneAssignment

PRESIDENT = POSITIONS[Position.PRESIDENT][0]
TERMS: tuple[Any, ...] = (ZoneAssignment, Post, Membership)


def take_back(lines: Sequence[Line], register: Register, since: int) -> list[str]:
    """Undoes new and changed lines; `since` is the trail's last entry of the list. Returns the names of who is left."""
    present = [(line, person) for line in lines if (person := register.person(line)) is not None]
    edited = _edited({person.pk for _line, person in present}, since)
    new = {person.pk for line, person in present if line.verdict == Verdict.NEW}
    held = _held_elsewhere(new) | _with_more_terms(new)
    left = {
        person.pk
        for line, person in present
        if person.pk in edited | held or register.differences(line, person) or person.village != line.council
    }
    while taken := _taken([each for each in present if each[1].pk not in left], register):
        left |= taken  # who stays keeps her post and her zones, which somebody else may have to get back
    undone = [(line, person) for line, person in present if person.pk not in left]
    _remove([person.pk for line, person in undone if line.verdict == Verdict.NEW])
    _restore([(line, person) for line, person in undone if line.verdict == Verdict.CHANGED])
    return [person.said["name"] for _line, person in present if person.pk in left]


def _taken(rows: Sequence[tuple[Line, Person]], register: Register) -> set[int]:
    """Who cannot get back what she had: another presides over the village now, or leads her zone, or it is closed."""
    undone = {person.pk for _line, person in rows}
    found: set[int] = set()
    for line, person in rows:
        holder = register.presidents.get(line.council or 0)
        if line.before.get("position") == PRESIDENT and holder not in undone | {None}:
            found.add(person.pk)
    ceded = {person.pk for line, person in rows if "zone" in line.before and "village" not in line.before}
    ended = ZoneAssignment.objects.filter(member__in=ceded, end__isnull=False)
    led = ZoneAssignment.objects.filter(primary=True, end=None).exclude(member__in=undone)
    before = {person.pk: line.before["zone"].split("、") for line, person in rows if person.pk in ceded}
    gone = Q(primary=True, zone__in=led.values("zone")) | Q(zone__closed__isnull=False)
    lost = ended.filter(gone).values_list("member", "zone__name")
    return found | {member for member, zone in lost if zone in before[member]}


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
    _leave_again([line for line in backward if "village" in line.before])
    _reopen_posts([line for line in back if "position" in line.before])
    _reopen_zones([line for line in back if "zone" in line.before])


def _backward(line: Line, person: Person) -> Line:
    """The line that says what was before, and has before it what this one said."""
    return Line(
        line.sheet, line.row, values=line.values | line.before, council=line.council, record=person.pk,
        before={name: line.values.get(name, "") for name in line.before},
    )  # fmt: skip


def _leave_again(lines: Sequence[Line]) -> None:
    """What began when they came back goes; their earlier terms stay as they ended."""
    if lines:
        for model in TERMS:
            model.objects.filter(member__in=[line.record for line in lines], end=None).delete()


def _reopen_posts(lines: Sequence[Line]) -> None:
    """The posts that the list gave go, all of them first: two may have changed places; then the last before runs on."""
    wanted = {(line.record, line.council): VALUES["position"].get(line.values["position"], "") for line in lines}
    posts = [
        post
        for post in Post.objects.filter(member__in=[line.record for line in lines]).order_by("end", "pk")
        if (post.member_id, post.council_id) in wanted
    ]
    _delete(Post, [post for post in posts if post.end is None])
    last = {
        (post.member_id, post.council_id): post
        for post in posts
        if post.end is not None and post.position == wanted[post.member_id, post.council_id]
    }
    _run_on(list(last.values()))


def _reopen_zones(lines: Sequence[Line]) -> None:
    """The zones that the list gave go, those that it took are hers again."""
    names = {line.record: set(line.values["zone"].split("、")) for line in lines}
    taken = ZoneAssignment.objects.filter(member__in=names).select_related("zone").order_by("end", "pk")
    going, standing, ended = [], set(), {}
    for each in taken:
        key = (each.member_id, each.zone_id)
        if each.end is None:
            if each.zone.name in names[each.member_id]:
                standing.add(key)
            else:
                going.append(each)
        elif each.zone.name in names[each.member_id] and each.zone.closed is None:
            ended[key] = each
    _delete(ZoneAssignment, going)
    _run_on([each for key, each in ended.items() if key not in standing])


def _delete(model: Any, terms: Sequence[Any]) -> None:
    if terms:
        model.objects.filter(pk__in=[each.pk for each in terms]).delete()


def _run_on(terms: Sequence[Any]) -> None:
    for term in terms:
        term.end = None
    audit.save_many(terms, ["end"])


def close_zones(opened: Sequence[int], since: int, day: date) -> None:
    """Zones that the list opened are dissolved, unless somebody looks after them or edited them since."""
    held = ZoneAssignment.objects.filter(zone__in=opened, end=None).values("zone")
    edited = Change.objects.filter(pk__gt=since, record="councils.zone", record_id__in=opened).values("record_id")
    empty = Zone.objects.filter(pk__in=opened, closed=None).exclude(pk__in=held).exclude(pk__in=edited)
    empty.update(closed=day)
