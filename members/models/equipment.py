from datetime import date
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from councils.audit import AuditedQuerySet
from members.models.entry import Entry, Never, place_by_member, refuse_before_joining
from members.models.member import Member


class EquipmentKind(models.TextChoices):
    SMARTPHONE = "smartphone", _("smartphone")
    BICYCLE = "bicycle", _("electric bicycle")


class Condition(models.TextChoices):
    NEW = "new", _("new (condition)")
    GOOD = "good", _("good")
    WORN = "worn", _("worn")
    BROKEN = "broken", _("broken")


class Ending(models.TextChoices):
    RETURNED = "returned", _("returned")
    LOST = "lost", _("lost")


class EquipmentQuerySet(AuditedQuerySet):
    def out(self) -> Self:
        """What members have in their hands today."""
        return self.filter(ended=None)


def out_at_once(one: Any, other: Any) -> bool:
    """Whether two issues overlap; what is given back in the morning may be issued again the same day."""
    return (one.ended is None or other.issued is None or one.ended > other.issued) and (
        other.ended is None or one.issued is None or other.ended > one.issued
    )


OUT_ALREADY = _("This serial number is out with a member on these days. Enter its return first, or check the number.")
HAS_ONE = _("She has one of this kind in these days already. Enter its return or loss first.")


class Equipment(Entry):
    """One thing issued to one member: from when, in which condition, and how it came back or was lost."""

    audit_related = ("member", "village")
    never = (
        Never(("kind", "serial"), "serial", OUT_ALREADY, out_at_once),
        Never(("member", "kind"), "kind", HAS_ONE, out_at_once),
    )

    member = models.ForeignKey(Member, models.PROTECT, related_name="equipment", verbose_name=_("member"))
    kind = models.CharField(_("kind"), max_length=20, choices=EquipmentKind)
    serial = models.CharField(_("serial number"), max_length=40)
    issued = models.DateField(_("issued on"))
    condition = models.CharField(
        _("condition when issued"), max_length=10, choices=Condition, default=Condition.NEW, blank=True
    )
    ended = models.DateField(_("given back or lost on"), null=True, blank=True)
    ending = models.CharField(_("how it ended"), max_length=10, choices=Ending, blank=True)
    condition_after = models.CharField(_("condition when given back"), max_length=10, choices=Condition, blank=True)
    remark = models.CharField(_("remarks"), max_length=200, blank=True)

    objects: ClassVar[Any] = EquipmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("piece of equipment")
        verbose_name_plural = _("equipment of members")
        ordering = ["-issued", "-pk"]
        constraints = [
            UniqueConstraint(
                fields=["kind", "serial"], condition=Q(ended=None), name="serial_out_once",
                violation_error_message=OUT_ALREADY,
            ),
            UniqueConstraint(
                fields=["member", "kind"], condition=Q(ended=None), name="one_of_a_kind_out",
                violation_error_message=HAS_ONE,
            ),
            CheckConstraint(
                name="equipment_ends_after_issue", condition=Q(ended=None) | Q(ended__gte=F("issued")),
                violation_error_message=_("It cannot be given back or lost before it was issued."),
            ),
            CheckConstraint(
                name="equipment_ending_with_day",
                condition=Q(ended=None, ending="") | (Q(ended__isnull=False) & ~Q(ending="")),
                violation_error_message=_("A day of return or loss, and which of the two: enter both or neither."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.serial}"

    def clean(self) -> None:
        self.serial = "".join((self.serial or "").split()).upper()
        self.refuse_days_to_come("issued", "ended")
        place_by_member(self)
        refuse_before_joining(self, "issued")
        if bool(self.ended) != bool(self.ending):
            message = gettext("A day of return or loss, and which of the two: enter both or neither.")
            raise ValidationError({"ending" if self.ended else "ended": message})
        if self.ended and self.issued and self.ended < self.issued:
            raise ValidationError({"ended": gettext("It cannot be given back or lost before it was issued.")})
        if self.member_id:  # else the member's own field says what is missing
            super().clean()

    def end(self, day: date, ending: str, condition: str = "") -> None:
        """Enters its return or loss. Raises ValidationError where that cannot be."""
        self.ended, self.ending, self.condition_after = day, ending, condition
        self.clean()
        self.save()
