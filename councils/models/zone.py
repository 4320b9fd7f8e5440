from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import CheckConstraint, Max, Q, UniqueConstraint
from django.db.models.functions import Cast
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from councils.audit import Audited, AuditedQuerySet
from councils.models.council import Council


class ZoneQuerySet(AuditedQuerySet):
    def open_on(self, day: date) -> Self:
        return self.filter(Q(closed=None) | Q(closed__gt=day))

    def hand_over(self, field: str, gone: Council, kept: Council) -> int:
        """Zones of a merged village go on in the other; a number that is taken there becomes the next free one."""
        taken = set(self.filter(**{field: kept}).values_list("number", flat=True))
        highest = self.filter(**{field: kept}).aggregate(highest=Max(Cast("number", models.IntegerField())))["highest"]
        free = (highest or 0) + 1
        moved = 0
        for zone in self.filter(**{field: gone}).order_by("number"):
            zone.village = kept
            if zone.number in taken:
                zone.number, free = f"{free:02}", free + 1
            taken.add(zone.number)
            zone.save()
            moved += 1
        return moved


class Zone(Audited):
    """A grid zone: the patch of a village that members look after."""

    council_path = "village"

    village = models.ForeignKey(Council, models.PROTECT, related_name="zones", verbose_name=_("village"))
    number = models.CharField(
        _("number"), max_length=4,
        validators=[RegexValidator(r"^\d{1,4}$", _("A zone's number is one to four digits, such as 01."))],
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=40)
    bounds = models.CharField(_("bounds"), max_length=200, blank=True, help_text=_("In words: from where to where."))
    households = models.PositiveIntegerField(_("households"), null=True, blank=True)
    residents = models.PositiveIntegerField(_("residents"), null=True, blank=True)
    closed = models.DateField(_("dissolved on"), null=True, blank=True)

    objects = ZoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("grid zone")
        verbose_name_plural = _("grid zones")
        ordering = ["village__code", "number"]
        constraints = [
            UniqueConstraint(
                fields=["village", "number"],
                name="zone_number_in_village",
                violation_error_message=_("This village has a zone with this number. Give it the next free number."),
            ),
            CheckConstraint(
                name="zone_residents_need_households",
                condition=Q(households=None) | Q(residents=None) | Q(households__gt=0) | Q(residents=0),
                violation_error_message=_("Residents live in households: a zone without households has none."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def clean(self) -> None:
        if self.village_id and not self.village.is_village:
            raise ValidationError({"village": gettext("A grid zone belongs to a village or a community.")})
        if self.village_id and self.closed is None and not self.village.is_open:
            raise ValidationError({"village": gettext("This village is closed; choose the one that goes on.")})
        self.number = self.number.zfill(2)
