from typing import Any, ClassVar, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from councils.audit import Audited, AuditedQuerySet
from councils.models import Council
from members.models.entry import Entry


class OfficeQuerySet(AuditedQuerySet):
    def standing(self) -> Self:
        return self.filter(closed=None)

    def hand_over(self, field: str, gone: Council, kept: Council) -> int:
        """Offices of a merged village are the other's; where both are at one address, whose it was is added."""
        taken = set(self.filter(**{field: kept}).values_list("address", flat=True))
        for office in self.filter(**{field: gone}, address__in=taken):
            office.address = f"{office.address[:150]} ({gone.name})"[:200]
            office.save()
        return super().hand_over(field, gone, kept)


class Office(Entry):
    """Where a village's council works, and what stands there."""

    audit_related = ("village",)

    address = models.CharField(_("address"), max_length=200)
    area = models.DecimalField(
        _("area in m²"), max_digits=8, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(1)]
    )
    opened = models.DateField(_("in use from"), null=True, blank=True)
    closed = models.DateField(_("in use until"), null=True, blank=True)
    remark = models.CharField(_("remarks"), max_length=200, blank=True)

    objects: ClassVar[Any] = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices of villages")
        ordering = ["village__code", "pk"]
        constraints = [
            UniqueConstraint(
                fields=["village", "address"], name="one_office_an_address",
                violation_error_message=_("This village has an office at this address already. Change that one."),
            ),
            CheckConstraint(
                name="office_closed_after_opened",
                condition=Q(closed=None) | Q(opened=None) | Q(closed__gte=F("opened")),
                violation_error_message=_("An office cannot be closed before it was opened."),
            ),
            CheckConstraint(
                name="office_has_an_area", condition=Q(area=None) | Q(area__gte=1),
                violation_error_message=_("An office has at least one square metre."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.village} {self.address}"

    def clean(self) -> None:
        self.refuse_days_to_come("opened", "closed")
        super().clean()


class OfficeItem(Audited):
    """So many of one thing in an office. What is there no more has quantity 0: nothing recorded is deleted."""

    council_path = "office__village"
    audit_related = ("office__village",)

    office = models.ForeignKey(Office, models.PROTECT, related_name="items", verbose_name=_("office"))
    name = models.CharField(_("thing"), max_length=40)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)

    objects = AuditedQuerySet.as_manager()

    class Meta:
        verbose_name = _("thing in an office")
        verbose_name_plural = _("things in offices")
        ordering = ["pk"]
        constraints = [
            UniqueConstraint(
                fields=["office", "name"], name="one_row_a_thing",
                violation_error_message=_("This thing stands in the list already. Change its quantity."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name} × {self.quantity}"
