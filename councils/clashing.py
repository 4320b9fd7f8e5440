"""What a database refused because somebody else was faster, in our own words."""

import re
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models
from django.utils.translation import gettext as _

IN_SQLITE = re.compile(r"(?P<kind>UNIQUE|CHECK) constraint failed: (?:index )?'?(?P<named>[^']+)")


def in_words(fault: IntegrityError) -> str:
    """The sentence of the constraint that was broken; a general one where the database does not say which.

    The database's own message is never shown: it may hold what is stored.
    """
    name = _named_by_postgresql(fault) or _named_by_sqlite(fault)
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return str(constraint.get_violation_error_message())
        for field in model._meta.local_fields:
            if field.unique and name.startswith(f"{model._meta.db_table}_{field.column}_"):
                return _unique(field, model)
    return _("Somebody else changed something here at the same moment, so nothing was saved. Look at it again.")


def _named_by_postgresql(fault: IntegrityError) -> str:
    told: Any = getattr(fault.__cause__, "diag", None)
    return getattr(told, "constraint_name", None) or ""


def _named_by_sqlite(fault: IntegrityError) -> str:
    """SQLite names a check, but of a unique index only its columns: "members_post.member_id, …"."""
    found = IN_SQLITE.search(str(fault))
    if found is None:
        return ""
    columns = set(found["named"].split(", "))
    for model in apps.get_models():
        table = model._meta.db_table
        for constraint in model._meta.constraints:
            fields = getattr(constraint, "fields", None) or ()
            if fields and columns == {f"{table}.{_column(model, name)}" for name in fields}:
                return str(constraint.name)
        for field in model._meta.local_fields:
            if field.unique and columns == {f"{table}.{field.column}"}:
                return f"{table}_{field.column}_"
    return found["named"]


def _column(model: type[models.Model], name: str) -> str:
    field: Any = model._meta.get_field(name)
    return str(field.column)


def _unique(field: Any, model: type[models.Model]) -> str:
    said = str(field.error_messages["unique"])
    return said % {"model_name": model._meta.verbose_name, "field_label": field.verbose_name}
