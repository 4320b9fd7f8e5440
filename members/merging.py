"""Two records of one person become one; every relation moves, found by introspection, and all of it can be undone."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cunsao import locks
from cunsao.personal_data.secret import Secret
from members.joining import LOCK
from members.models import Member, MergedRecord, RosterEntry
from members.refusing import JoiningRefused

__all__ = ["JoiningRefused", "looks_like", "merge", "undo", "will_move"]


def will_move(gone: Member) -> list[tuple[str, int]]:
    """What hangs on a record, by kind: what a merger would move."""
    counted = [
        (str(relation.related_model._meta.verbose_name_plural), _rows(relation, gone).count())
        for relation in _relations()
    ]
    return [(kind, count) for kind, count in counted if count]


def looks_like(member: Member, visible: Any) -> Any:
    """Other records that may be hers: the same name, phone or account."""
    hit = models.Q(name=member.name)
    for name in ("phone_print", "bank_account_print"):
        if (value := getattr(member, name)) is not None:
            hit |= models.Q(**{name: value})
    return visible.filter(hit).exclude(pk=member.pk)


def merge(kept: Member, gone: Member, by: Any) -> MergedRecord:
    """Everything of `gone` moves to `kept`, whose own words stay; what both have (a membership of the same village, a
    post, a zone) is had once, from the earlier day. Raises JoiningRefused. `by` None is the command line."""
    with locks.exclusive(LOCK):
        stays, goes = _both(kept, gone, by)
        _refuse_two_villages(stays, goes)
        _refuse_paid(goes)
        image: dict[str, Any] = {"member": _image(goes), "folded": [], "starts": []}
        moved: dict[str, list[int]] = {}
        for relation in _relations():
            keys = moved.setdefault(_named(relation), [])
            for row in _rows(relation, goes).order_by("pk"):
                if _moves(row, relation.field.name, stays):
                    keys.append(row.pk)
                else:
                    _fold(row, relation.field.name, stays, image)
        name = goes.name
        goes.delete()
        record: MergedRecord = MergedRecord.objects.create(
            kept=stays, gone_name=name, gone=json.dumps(image, cls=DjangoJSONEncoder),
            moved={key: rows for key, rows in moved.items() if rows}, day=timezone.localdate(),
        )  # fmt: skip
        return record


def undo(record: MergedRecord, by: Any) -> Member:
    """Both records again, each with what was its own; what was entered since stays with the one that was kept.

    Raises JoiningRefused where the other record's number has been entered again meanwhile.
    """
    with locks.exclusive(LOCK):
        found = MergedRecord.objects.select_related("kept").get(pk=record.pk)
        if found.undone:
            raise JoiningRefused("undone", _("This was undone already."))
        if by is not None and not MergedRecord.objects.visible_to(by).filter(pk=found.pk).exists():
            raise JoiningRefused("out_of_scope", _("She is not in your jurisdiction."))
        image = json.loads(found.gone.clear)
        try:
            with transaction.atomic():
                _bring_back(found, image)
        except IntegrityError:
            message = _("What the other record had was entered anew since. End or change that first.")
            raise JoiningRefused("entered_since", message) from None
        found.undone = timezone.localdate()
        found.save()
        member: Member = Member.objects.get(pk=image["member"]["id"])
        return member


def _both(kept: Member, gone: Member, by: Any) -> tuple[Member, Member]:
    visible = Member.objects if by is None else Member.objects.visible_to(by)
    found = visible.in_bulk([kept.pk, gone.pk])
    if kept.pk == gone.pk or len(found) < 2:
        raise JoiningRefused("out_of_scope", _("Choose two records of your jurisdiction."))
    return found[kept.pk], found[gone.pk]


def _refuse_two_villages(stays: Member, goes: Member) -> None:
    villages = {each.village_id for member in (stays, goes) for each in member.memberships.filter(end=None)}
    if len(villages) > 1:
        message = _("The two are members of different villages. End one membership, or transfer her, and merge then.")
        raise JoiningRefused("two_villages", message)


def _refuse_paid(goes: Member) -> None:
    if RosterEntry.objects.frozen().filter(member=goes).exists():
        message = _("Approved months stand under the record that would go, and never change. Keep that record instead.")
        raise JoiningRefused("approved_months", message)


def _relations() -> Iterator[Any]:
    """Every foreign key that leads to a member, whichever floor it stands on."""
    for relation in Member._meta.get_fields(include_hidden=True):
        if relation.auto_created and (relation.one_to_many or relation.one_to_one):
            yield relation


def _rows(relation: Any, member: Member) -> Any:
    return relation.related_model._base_manager.filter(**{relation.field.name: member})


def _named(relation: Any) -> str:
    return f"{relation.related_model._meta.label_lower}.{relation.field.name}"


def _moves(row: Any, name: str, to: Member) -> bool:
    """Whether the database takes `row` as hers; it refuses what she may have only once."""
    setattr(row, name, to)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return False
    return True


def _fold(row: Any, name: str, stays: Member, image: dict[str, Any]) -> None:
    """A row of which she may have only one goes; the one that stays begins on the earlier day."""
    row.refresh_from_db()
    image["folded"].append({"model": row._meta.label_lower, "row": _image(row)})
    row.delete()
    if not hasattr(row, "start"):
        return
    twins = type(row)._base_manager.filter(**{name: stays}, end=None).filter(start__gt=row.start)
    places = {each: getattr(row, each) for each in ("village_id", "council_id", "zone_id") if hasattr(row, each)}
    for twin in twins.filter(**places):
        image["starts"].append({"model": row._meta.label_lower, "id": twin.pk, "start": twin.start})
        twin.start = row.start
        twin.save()


def _bring_back(found: MergedRecord, image: dict[str, Any]) -> None:
    for each in image["starts"]:
        for twin in apps.get_model(each["model"])._base_manager.filter(pk=each["id"]):
            twin.start = date.fromisoformat(each["start"])
            twin.save()
    member = _of_image(Member, image["member"])
    member.save(force_insert=True)
    for named, keys in found.moved.items():
        label, name = named.rsplit(".", 1)
        for row in apps.get_model(label)._base_manager.filter(pk__in=keys, **{name: found.kept_id}):
            setattr(row, name, member)
            row.save()
    for each in image["folded"]:
        _of_image(apps.get_model(each["model"]), each["row"]).save(force_insert=True)


def _image(row: models.Model) -> dict[str, Any]:
    """Every column of a row, whole numbers too: it is kept sealed. Fingerprints are filled again from their numbers."""
    columns = [field for field in row._meta.concrete_fields if not hasattr(field, "of")]
    values = {field.attname: getattr(row, field.attname) for field in columns}
    return {name: value.clear if isinstance(value, Secret) else value for name, value in values.items()}


def _of_image(model: type[models.Model], image: dict[str, Any]) -> Any:
    columns = {field.attname: field for field in model._meta.concrete_fields}
    return model(**{name: columns[name].to_python(value) for name, value in image.items()})
