from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from councils.audit import Audited, AuditedQuerySet
from councils.models import Zone
from members.models.member import Member


class ZoneAssignmentQuerySet(AuditedQuerySet):
    def held_on(self, day: date) -> Self:
        """Zones looked after on `day`, first and last day included."""
        return self.filter(Q(end=None) | Q(end__gte=day), start__lte=day)


class ZoneAssignment(Audited):
    """A zone that a member took by contract (划片包干)."""

    council_path = "zone__village"
    audit_related = ("member", "zone")
    audit_with = "member"

    member = models.ForeignKey(Member, models.PROTECT, related_name="zone_assignments", verbose_name=_("member"))
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="assignments", verbose_name=_("grid zone"))
    primary = models.BooleanField(_("main responsibility"), default=False)
    start = models.DateField(_("from"))
    end = models.DateField(_("until"), null=True, blank=True)

    objects = ZoneAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("zone taken")
        verbose_name_plural = _("zones taken")
        ordering = ["-start", "-pk"]
        constraints = [
            UniqueConstraint(
                fields=["zone"],
                condition=Q(primary=True, end=None),
                name="one_primary_a_zone",
                violation_error_message=_("Another member has the main responsibility for this zone. End hers first."),
            ),
            UniqueConstraint(
                fields=["member", "zone"],
                condition=Q(end=None),
                name="one_open_assignment",
                violation_error_message=_("She looks after this zone already."),
            ),
            CheckConstraint(
                name="assignment_ends_after_start",
                condition=Q(end=None) | Q(end__gte=F("start")),
                violation_error_message=_("A zone cannot be given back before it was taken."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.zone}"

    def clean(self) -> None:
        if not self.zone_id or not self.member_id or self.end is not None:
            return
        if self.zone.closed:
            raise ValidationError({"zone": gettext("This zone was dissolved. Choose another one.")})
        if not self.member.memberships.filter(village=self.zone.village_id, end=None).exists():
            raise ValidationError({"zone": gettext("This zone belongs to a village where she is no member.")})
