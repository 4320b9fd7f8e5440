"""Why a piece of work is not entered or not changed: a code for programs, the field, a sentence for people."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import Council


class WorkRefused(Exception):
    """What was asked would break a rule; `field` is what it is about, "" for the whole."""

    def __init__(self, code: str, message: str, field: str = "") -> None:
        super().__init__(message)
        self.code, self.field = code, field


def out_of_scope() -> WorkRefused:
    return WorkRefused("out_of_scope", _("This is not in your jurisdiction."), "village")


def overtaken() -> WorkRefused:
    return WorkRefused("overtaken", _("Somebody else changed this while you were looking. Look at it again."))


def not_yours() -> WorkRefused:
    return WorkRefused("not_allowed", _("Your role does not do this."))


def refuse_future(day: date) -> None:
    if day > timezone.localdate():
        raise WorkRefused("future", _("This day has not come yet."), "day")


def refuse_without(by: Any, permission: str) -> None:
    """Raises WorkRefused unless the role grants it; None is the command line, which may everything."""
    if by is not None and not by.has_perm(permission):
        raise not_yours()


def village_for(by: Any, pk: int | None) -> Council:
    """The village with its township and county, if `by` sees it and it is one. Raises WorkRefused."""
    seen: Any = Council.objects.select_related("parent__parent")
    found: Council | None = (seen if by is None else seen.visible_to(by)).filter(pk=pk).first()
    if found is None or not found.is_village:
        raise out_of_scope()
    return found


@contextmanager
def in_words() -> Iterator[None]:
    """A model's rule that is broken inside becomes a WorkRefused with the model's own sentence."""
    try:
        yield
    except ValidationError as fault:
        named = fault.message_dict if hasattr(fault, "error_dict") else {"": fault.messages}
        field, sentences = next(iter(named.items()))
        raise WorkRefused("invalid", " ".join(sentences), "" if field == "__all__" else field) from fault


def full_save(record: models.Model) -> None:
    """Cleans with all constraints and saves. Raises WorkRefused in the model's words."""
    with in_words():
        record.full_clean()
        record.save()


def sent_before(model: Any, key: UUID | None, by: Any) -> Any:
    """What was stored under this key; None for a new one. A key that somebody else used is refused."""
    found = model.objects.filter(client_key=key).first() if key else None
    if found is not None and found.recorded_by_id != (by.pk if by else None):
        raise WorkRefused("sent_by_another", _("This record was sent by somebody else. Enter it anew."))
    return found


def stored_once(model: Any, key: UUID | None, by: Any, store: Any) -> Any:
    """What `store()` makes, or what was stored under the same key, however often and however fast it is sent."""
    if (found := sent_before(model, key, by)) is not None:
        return found
    try:
        with transaction.atomic():
            return store()
    except (IntegrityError, WorkRefused):  # stored by somebody at the same moment, if it is there now
        if (found := sent_before(model, key, by)) is not None:
            return found
        raise
