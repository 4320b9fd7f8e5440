"""Audit entries in a reader's words: labels for names, choices in her language, other records only if she sees them."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.models import Change
from councils.roles import ROLES

# What an entry says that is about no field of a record, such as an export's
WORDS = {
    "list": gettext_lazy("List"),
    "rows": gettext_lazy("Rows"),
    "filter": gettext_lazy("Narrowed by"),
    "unmasked": gettext_lazy("Whole numbers"),
    "reason": gettext_lazy("What it was needed for"),
}


class Difference(NamedTuple):
    label: str
    before: str
    after: str


class Entry(NamedTuple):
    change: Change
    differences: list[Difference]


class Said(NamedTuple):
    """A field of an entry: whose, its name, what it was before and after; `beside` is told with its kind of record."""

    model: type[models.Model] | None
    name: str
    pair: list[Any]
    beside: bool = False


def entries(changes: Iterable[Change], reader: Any, of: models.Model | None = None) -> list[Entry]:
    """Each change with its fields told; one query for each other kind of record that they name.

    Where they are the history `of` one record, an entry of another's arrival tells only of this one.
    """
    said = [(change, _said(change, of)) for change in changes]
    names = _Names([each for _change, fields in said for each in fields], reader)
    return [Entry(change, [names.told(each) for each in fields]) for change, fields in said]


def kind(change: Change) -> str:
    """What kind of record a change was about, in the reader's language."""
    model = _model(change.record)
    return str(model._meta.verbose_name) if model else ""


class _Names:
    """Names of the records that foreign keys point to, as far as the reader may see them."""

    def __init__(self, said: Sequence[Said], reader: Any) -> None:
        wanted: dict[models.Field[Any, Any], set[str]] = {}
        for model, name, pair, _beside in said:
            field = _field(model, name)
            if field is not None and field.remote_field:
                wanted.setdefault(field, set()).update(str(value) for value in pair if value)
        self._found = {field: self._visible(field, keys, reader) for field, keys in wanted.items()}

    def told(self, said: Said) -> Difference:
        field = _field(said.model, said.name)
        label = str(field.verbose_name if field is not None else WORDS.get(said.name, said.name))
        if said.beside and said.model is not None:
            label = f"{said.model._meta.verbose_name} · {label}"
        return Difference(label, *(self._value(field, value) for value in said.pair))

    def _value(self, field: Any, value: str | None) -> str:
        if value in (None, ""):
            return "–"
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if field is None:
            return str(value)
        if field.remote_field:
            return self._found[field].get(str(value), _("(outside your jurisdiction)"))
        if isinstance(value, dict | list):  # what a column of JSON holds
            return json.dumps(value, ensure_ascii=False)
        if isinstance(field, models.BooleanField):
            return _("yes") if value == "True" else _("no")
        return str(dict(field.flatchoices).get(value, value))

    def _visible(self, field: Any, keys: set[str], reader: Any) -> dict[str, str]:
        target, by = field.remote_field.model, field.target_field.name
        manager = target._default_manager
        found = manager.visible_to(reader) if hasattr(manager, "visible_to") else manager.all()
        return {str(getattr(each, by)): _label(each) for each in found.filter(**{f"{by}__in": keys})}


def _label(record: Any) -> str:
    name = str(record)
    return str(ROLES[name].label) if name in ROLES else name


def _said(change: Change, of: models.Model | None) -> list[Said]:
    own: Any = type(of)
    if of is not None and own._meta.label_lower != change.record:
        whose = Said(own, own.audit_with, [None, str(change.record_id)])
        return [whose, *_beside(own, change.fields[own._meta.label_lower], False)]
    said = []
    for name, pair in change.fields.items():
        alone = isinstance(pair, list)
        said += [Said(_model(change.record), name, pair)] if alone else _beside(_model(name), pair, True)
    return said


def _beside(model: type[models.Model] | None, fields: dict[str, Any], told: bool) -> list[Said]:
    """What an entry says of a record that came with another; its key is for finding it."""
    return [Said(model, name, pair, told) for name, pair in fields.items() if name != "id"]


def _model(label: str) -> type[models.Model] | None:
    try:
        return apps.get_model(label) if label else None
    except LookupError:  # a kind of record that no longer exists
        return None


def _field(model: type[models.Model] | None, name: str) -> Any:
    names = {field.name: field for field in model._meta.concrete_fields} if model else {}
    return names.get(name)
