from datetime import date, timedelta
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from councils.audit import Audited, AuditedQuerySet
from councils.models import Council
from members.models.member import Member


class Leaving(models.TextChoices):
    MOVED = "moved", _("moved away")
    RESIGNED = "resigned", _("resigned")
    REMOVED = "removed", _("removed from office")
    AGE = "age", _("age")
    DIED = "died", _("died")
    TRANSFERRED = "transferred", _("transferred")
    MERGED_VILLAGE = "merged_village", _("villages merged")


class MembershipQuerySet(AuditedQuerySet):
    def open(self) -> Self:
        return self.filter(end=None)

    def running_on(self, day: date) -> Self:
        """Memberships that ran on `day`, first and last day included."""
        return self.filter(Q(end=None) | Q(end__gte=day), start__lte=day)

    def hand_over(self, field: str, gone: Council, kept: Council) -> int:
        """Members of a merged village go on in the other from the day of the merger; what ended stays where it was."""
        day = gone.closed
        going = list(self.filter(**{field: gone}, end=None))
        if day is None or not going:
            return 0
        # Who came on that day or later was never of the closed village: her membership only gets the other name.
        came_later = [each.pk for each in going if each.start >= day]
        ending = [each for each in going if each.start < day]
        self.model.objects.filter(pk__in=came_later).update(**{field: kept})
        self.model.objects.filter(pk__in=[each.pk for each in ending]).update(
            end=day - timedelta(days=1), reason=Leaving.MERGED_VILLAGE
        )
        self.model.objects.bulk_create(
            self.model(member_id=each.member_id, start=day, **{field: kept}) for each in ending
        )
        return len(going)


class Membership(Audited):
    """A member's time in one village's council."""

    council_path = "village"
    audit_related = ("member",)
    audit_with = "member"

    member = models.ForeignKey(Member, models.PROTECT, related_name="memberships", verbose_name=_("member"))
    village = models.ForeignKey(Council, models.PROTECT, related_name="memberships", verbose_name=_("village"))
    start = models.DateField(_("from"))
    end = models.DateField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason for leaving"), max_length=20, choices=Leaving, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["-start", "-pk"]
        indexes = [  # what lists and sums of a place ask for; with the member it answers a count by itself
            models.Index(fields=["village", "member"], condition=Q(end=None), name="open_membership_of_village")
        ]
        constraints = [
            UniqueConstraint(
                fields=["member"],
                condition=Q(end=None),
                name="one_open_membership",
                violation_error_message=_("She is a member already. A change of village is a transfer."),
            ),
            CheckConstraint(
                name="membership_ends_after_start",
                condition=Q(end=None) | Q(end__gte=F("start")),
                violation_error_message=_("A membership cannot end before it began."),
            ),
            CheckConstraint(
                name="membership_reason_with_end",
                condition=Q(end=None, reason="") | (Q(end__isnull=False) & ~Q(reason="")),
                violation_error_message=_("Who leaves has a reason, and who stays has none."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.member)

    def clean(self) -> None:
        if self.village_id and not self.village.is_village:
            raise ValidationError({"village": gettext("A member belongs to a village or a community.")})
