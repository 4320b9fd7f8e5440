from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from councils.audit import Audited, AuditedQuerySet
from councils.models import Council, Level
from cunsao.personal_data import EncryptedTextField
from members.models import Member
from reports.models.activity import Activity


class Relation(models.TextChoices):
    SPOUSES = "spouses", _("husband and wife")
    IN_LAWS = "in_laws", _("mother- and daughter-in-law")
    BROTHERS_WIVES = "brothers_wives", _("wives of brothers")
    SISTERS_IN_LAW = "sisters_in_law", _("wife and husband's sister")
    NEIGHBOURS = "neighbours", _("neighbours")
    FIELDS = "fields", _("over fields")
    OTHER = "other", _("other")


class DisputeState(models.TextChoices):
    OPEN = "open", _("being mediated")
    PASSED_ON = "passed_on", _("passed on to the township")
    SETTLED = "settled", _("settled by mediation")


class DisputeQuerySet(AuditedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """The village's own, and for a township what was passed on to it. Who counts asks reports.disputes.numbers."""
        council = getattr(user, "council", None) if getattr(user, "is_active", False) else None
        if council is None or not user.has_perm("reports.view_dispute"):
            return self.none()
        if council.level == Level.TOWNSHIP:
            return self.filter(village__parent=council, passed_on__isnull=False)
        if council.level == Level.COUNTY:
            return self.none()
        return self.filter(village=council)

    def hand_over(self, field: str, gone: Council, kept: Council) -> int:
        """What is not settled in a merged village is the other's to mediate; what was settled stays where it was."""
        return self.filter(**{field: gone}).exclude(state=DisputeState.SETTLED).update(**{field: kept})


class Dispute(Audited):
    """A quarrel that was mediated. What it is about is sealed; that it was settled is an activity, a number only.

    Written by reports/disputes.py alone.
    """

    council_path = "village"
    audit_unsaid = frozenset({"parties", "text", "agreement"})
    audit_left_out = frozenset({"version"})

    village = models.ForeignKey(Council, models.PROTECT, related_name="disputes", verbose_name=_("village"))
    day = models.DateField(_("brought on"))
    relation = models.CharField(_("relation of the parties"), max_length=16, choices=Relation)
    parties = EncryptedTextField(_("parties"))
    text = EncryptedTextField(_("what it is about"), null=True, blank=True)
    agreement = EncryptedTextField(_("agreement"), null=True, blank=True)
    mediators: Any = models.ManyToManyField(Member, related_name="mediated", verbose_name=_("mediators"))
    state = models.CharField(_("state"), max_length=10, choices=DisputeState, default=DisputeState.OPEN, editable=False)
    passed_on = models.DateField(_("passed on to the township on"), null=True, editable=False)
    settled = models.DateField(_("mediated on"), null=True, editable=False)
    activity = models.OneToOneField(
        Activity, models.PROTECT, null=True, related_name="dispute", editable=False, verbose_name=_("activity")
    )
    client_key = models.UUIDField(null=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("entered by"),
    )  # fmt: skip
    recorded_at = models.DateTimeField(_("entered at"), default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        ordering = ["-day", "-pk"]
        indexes = [
            models.Index(fields=["village", "day", "id"], name="dispute_village_day"),
            models.Index(fields=["village", "settled"], name="dispute_village_settled"),
        ]
        constraints = [
            UniqueConstraint(
                fields=["client_key"],
                condition=Q(client_key__isnull=False),
                name="dispute_sent_once",
                violation_error_message=_("This dispute was stored already."),
            ),
            CheckConstraint(
                name="dispute_settled_on_a_day",
                condition=Q(state="settled", settled__isnull=False, activity__isnull=False)
                | ~Q(state="settled") & Q(settled=None, activity=None),
                violation_error_message=_("What is settled says on which day."),
            ),
            CheckConstraint(
                name="dispute_settled_after_it_began",
                condition=Q(settled=None) | Q(settled__gte=F("day")),
                violation_error_message=_("A dispute cannot be settled before it began."),
            ),
            CheckConstraint(
                name="dispute_passed_on_says_when",
                condition=~Q(state="passed_on") | Q(passed_on__isnull=False),
                violation_error_message=_("What was passed on says on which day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.get_relation_display()}"
