from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import CheckConstraint, Exists, F, OuterRef, Q, UniqueConstraint
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from councils.audit import Audited, AuditedQuerySet
from councils.models import VILLAGES, Council, Level
from councils.scope import within
from reports import kinds


class CampaignQuerySet(AuditedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """The county's own; below it, those with a target for the user's council, one below it or the one above."""
        council = getattr(user, "council", None) if getattr(user, "is_active", False) else None
        if council is None:
            return self.none()
        if council.level == Level.COUNTY:
            return self.filter(county=council.pk)
        hers = within("council", council) | Q(council__code=council.parent_id)
        return self.filter(Exists(CampaignTarget.objects.filter(hers, campaign=OuterRef("pk"))))

    def running_on(self, day: Any) -> Self:
        return self.filter(start__lte=day, deadline__gte=day, withdrawn=None)


class Campaign(Audited):
    """A task that the county sets for townships or villages: so many of one kind within a time."""

    council_path = "county"
    stays_put = True

    county = models.ForeignKey(Council, models.PROTECT, related_name="campaigns", verbose_name=_("county"))
    title = models.CharField(_("name of the task"), max_length=60)
    text = models.TextField(_("what is to be done"), max_length=2000, blank=True)
    kind = models.CharField(_("what is counted"), max_length=30, choices=kinds.choices)
    start = models.DateField(_("from"))
    deadline = models.DateField(_("until"))
    verified_only = models.BooleanField(
        _("only verified"), default=True, help_text=_("Only what a township or the county verified is counted.")
    )
    withdrawn = models.DateField(_("withdrawn on"), null=True, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("set by")
    )

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-deadline", "-pk"]
        constraints = [
            CheckConstraint(
                name="campaign_ends_after_start",
                condition=Q(deadline__gte=F("start")),
                violation_error_message=_("A campaign cannot end before it begins."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if self.county_id and self.county.level != Level.COUNTY:
            raise ValidationError({"county": gettext("Campaigns are set by a county.")})


class CampaignTargetQuerySet(AuditedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Her own and those below; a village also what its township has to reach."""
        council = getattr(user, "council", None) if getattr(user, "is_active", False) else None
        if council is None:
            return self.none()
        hers = within("council", council)
        if council.level in VILLAGES:
            hers |= Q(council__code=council.parent_id)
        return self.filter(hers)


class CampaignTarget(Audited):
    """What one township or village is to reach in a campaign, and what it reports on the way."""

    council_path = "council"
    stays_put = True
    audit_related = ("campaign",)

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="targets", verbose_name=_("campaign"))
    council = models.ForeignKey(Council, models.PROTECT, related_name="campaign_targets", verbose_name=_("council"))
    target = models.PositiveIntegerField(_("target"))
    report = models.CharField(_("report"), max_length=500, blank=True)
    reported_on = models.DateField(_("reported on"), null=True, blank=True, editable=False)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("reported by"),
    )  # fmt: skip

    objects = CampaignTargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target of a campaign")
        verbose_name_plural = _("targets of campaigns")
        ordering = ["campaign", "council__code"]
        constraints = [
            UniqueConstraint(
                fields=["campaign", "council"],
                name="one_target_a_council",
                violation_error_message=_("This council has a target in the campaign. Change that one."),
            ),
            CheckConstraint(
                name="campaign_target_positive",
                condition=Q(target__gte=1),
                violation_error_message=_("A target is 1 or more."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} {self.council}"

    def clean(self) -> None:
        if self.council_id and self.council.level == Level.COUNTY:
            raise ValidationError({"council": gettext("A target is for a township or a village.")})
