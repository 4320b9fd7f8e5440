"""What the records of all ledgers share: a village, days that have come, rules that two records together can break."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, ClassVar, NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.audit import Audited, AuditedQuerySet
from councils.models import Council


class Never(NamedTuple):
    """Two records that agree in `fields`, and that `clash` says of, cannot both stand; it is told at the field `at`.

    Forms and lists look by this one rule. `clash` is asked both ways round as it comes, so it has to be symmetric.
    """

    fields: tuple[str, ...]
    at: str
    message: Any
    clash: Callable[[Any, Any], bool] = lambda one, other: True

    def key(self, record: Any) -> tuple[Any, ...] | None:
        """What the record has in these fields; None where one of them is empty, so that nothing can agree."""
        values = tuple(getattr(record, record._meta.get_field(name).attname) for name in self.fields)
        return None if any(value in (None, "") for value in values) else values

    def broken(self, record: Any, others: Iterable[Any]) -> bool:
        return any(self.clash(record, other) for other in others)


class Entry(Audited):
    """A record of a ledger, in a village. `never` are rules over pairs of records.

    `clean()` asks nothing of the database when the record's relations are at hand: lists call it for each line.
    """

    council_path = "village"
    never: ClassVar[tuple[Never, ...]] = ()

    # Blank in a form where it follows from the member; clean() sees to it.
    village = models.ForeignKey(
        Council, models.PROTECT, blank=True, related_name="%(class)s_records", verbose_name=gettext_lazy("village")
    )

    objects: ClassVar[Any] = AuditedQuerySet.as_manager()

    class Meta:
        abstract = True

    def clean(self) -> None:
        if not self.village_id or not self.village.is_village:
            raise ValidationError({"village": _("Choose a village or a community.")})

    def validate_constraints(self, exclude: Any = None) -> None:
        """Before what the database holds: no other record that `never` forbids together with this one."""
        model: Any = type(self)
        for rule in self.never:
            if (key := rule.key(self)) is None:
                continue
            others = model._base_manager.filter(**dict(zip(rule.fields, key, strict=True))).exclude(pk=self.pk)
            if rule.broken(self, others):
                raise ValidationError({NON_FIELD_ERRORS if rule.at in (exclude or ()) else rule.at: str(rule.message)})
        super().validate_constraints(exclude)

    def refuse_days_to_come(self, *names: str) -> None:
        """Raises ValidationError at the first of these days that has not come yet."""
        for name in names:
            day = getattr(self, name)
            if day is not None and day > timezone.localdate():
                raise ValidationError({name: _("This day has not come yet. Enter it when it has.")})


def place_by_member(record: Any) -> None:
    """Fills a record's village with the one where its member serves; raises ValidationError where she serves nowhere.

    Asks nothing where the member came with her memberships.
    """
    if record.village_id or not record.member_id:
        return
    running = [each for each in record.member.memberships.all() if each.end is None]
    if not running:
        raise ValidationError({"member": _("She is no member at present. Choose one who is.")})
    record.village_id = running[0].village_id


def refuse_before_joining(record: Any, name: str) -> None:
    """Raises ValidationError where the day `name` of a record lies before its member joined any council."""
    day: date | None = getattr(record, name)
    if day is None or not record.member_id:
        return
    joined = min((each.start for each in record.member.memberships.all()), default=None)
    if joined is not None and day < joined:
        said = _("On this day she was no member yet: she joined on %(day)s.") % {"day": joined}
        raise ValidationError({name: said})
