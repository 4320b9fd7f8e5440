from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _

from councils.audit import Audited, AuditedQuerySet
from members.models.month import MonthlyRoster, RosterEntry


class ObjectionQuerySet(AuditedQuerySet):
    def unanswered(self) -> Self:
        return self.filter(answered_at=None)


class Objection(Audited):
    """What somebody said against a published month; while one is unanswered, the month is not sent."""

    council_path = "roster__township"
    audit_related = ("roster",)

    roster = models.ForeignKey(MonthlyRoster, models.PROTECT, related_name="objections", verbose_name=_("roster"))
    entry = models.ForeignKey(
        RosterEntry, models.PROTECT, null=True, blank=True, related_name="objections", verbose_name=_("entry")
    )
    day = models.DateField(_("day"))
    who = models.CharField(_("who objects"), max_length=40, blank=True)
    text = models.TextField(_("objection"), max_length=1000)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=_("noted by")
    )
    answer = models.TextField(_("answer"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("answered by"),
    )  # fmt: skip
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ["-day", "-pk"]
        constraints = [
            CheckConstraint(name="objection_says_something", condition=~Q(text="")),
            CheckConstraint(
                name="objection_answered_by_somebody",
                condition=Q(answer="", answered_by=None, answered_at=None)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                violation_error_message=_("An answer says something and has somebody who gave it."),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]
