"""A ledger's list into the table and out again: written at once, taken back by what the trail says was before."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection

from councils import audit
from councils.intake import Line, Verdict
from councils.models import Action, Change
from members.imports.people import in_pages


def write(
    model: Any, new: Sequence[Any], changed: Sequence[Any], step: Callable[[int], Any] | None = None
) -> None:  # fmt: skip
    """Writes records that were checked, with their entries in the trail; a fixed number of queries."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    audit.save_many(changed, [field.name for field in fields])  # first, since what ends makes room for what begins
    rows = [[field.get_db_prep_save(field.pre_save(each, True), connection) for field in fields] for each in new]
    keys = audit.copy_in(
        model, [field.name for field in fields], rows, step=step, names=[str(each) for each in new],
        councils=[each.audit_council_id() for each in new],
    )  # fmt: skip
    for record, key in zip(new, keys, strict=True):
        record.pk = key


def take_back(resource: Any, lines: Sequence[Line], since: int) -> list[str]:
    """Deletes what a list brought, gives back what it changed; returns what was edited since and is left, by name."""
    again = [Line(line.sheet, line.row, values=dict(line.values), council=line.council) for line in lines]
    resource.check(again)
    found = {id(line): resource.drafts[id(now)] for line, now in zip(lines, again, strict=True)
             if now.verdict == Verdict.SAME}  # fmt: skip
    edited = resource.edited([record.pk for record in found.values()], since)
    left = [_name(line) for line in lines if id(line) not in found or found[id(line)].pk in edited]
    free = [line for line in lines if id(line) in found and found[id(line)].pk not in edited]
    new = [found[id(line)].pk for line in free if line.verdict == Verdict.NEW]
    for record in found.values():
        if record.pk in set(new):
            resource.restore_extra(record, {})
    resource.model._default_manager.filter(pk__in=new).delete()
    _restore(resource, [(line, found[id(line)]) for line in free if line.verdict == Verdict.CHANGED], since)
    return left


def edited(model: Any, keys: Sequence[int], since: int) -> set[int]:
    """Those of a model's records that have an entry in the trail after `since`."""
    later = Change.objects.filter(pk__gt=since, record=model._meta.label_lower)
    return {each.record_id for each in in_pages(later, "record_id", keys)}


def _restore(resource: Any, rows: Sequence[tuple[Line, Any]], since: int) -> None:
    """Each record's fields as they were before its last entry up to `since`, which is this list's."""
    label = resource.model._meta.label_lower
    entries = Change.objects.filter(pk__lte=since, record=label, action=Action.CHANGED).order_by("pk")
    last = {each.record_id: each for each in in_pages(entries, "record_id", [record.pk for _line, record in rows])}
    fields = [field for field in resource.model._meta.concrete_fields if not field.primary_key]
    for line, record in rows:
        own = set(line.before) - set(resource.extra) and record.pk in last  # else its last entry is another's
        before = last[record.pk].fields if own else {}
        for field in fields:
            if field.name in before:
                setattr(record, field.attname, field.target_field.to_python(before[field.name][0])
                        if field.remote_field else field.to_python(before[field.name][0]))  # fmt: skip
        resource.restore_extra(record, line.before)
    audit.save_many([record for _line, record in rows], [field.name for field in fields])


def _name(line: Line) -> str:
    return " ".join(filter(None, (line.values.get("name"), line.values.get("village"), line.values.get("number"))))
