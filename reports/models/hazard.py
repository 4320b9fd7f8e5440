from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from councils.audit import Audited, AuditedQuerySet
from councils.models import Council, Level, Zone
from councils.scope import ScopedQuerySet
from reports.models.activity import Activity


class Severity(models.TextChoices):
    SMALL = "small", _("small hazard")
    GENERAL = "general", _("general hazard")
    SERIOUS = "serious", _("serious hazard")
    GRAVE = "grave", _("grave hazard")


class HazardState(models.TextChoices):
    REPORTED = "reported", _("reported")
    RETURNED = "returned", _("given back to the village")
    ACCEPTED = "accepted", _("taken on")
    DISPATCHED = "dispatched", _("dispatched")
    HANDLED = "handled", _("handled")
    VERIFIED = "verified", _("verified")
    CLOSED = "closed", _("done with")


class Desk(models.TextChoices):
    """Whose it is to accept and to dispatch."""

    TOWNSHIP = "township", _("township")
    COUNTY = "county", _("county")


UNHANDLED = (HazardState.REPORTED, HazardState.RETURNED, HazardState.ACCEPTED, HazardState.DISPATCHED)
DAYS_ALLOWED = {Severity.GENERAL: 15, Severity.SERIOUS: 7, Severity.GRAVE: 2}  # until a county sets its own


def late_on(day: date) -> Q:
    """Not handled on the day, though the time allowed ended before it."""
    return Q(state__in=UNHANDLED, due__lt=day)


class HazardQuerySet(AuditedQuerySet):
    def open(self) -> Self:
        """Not done with: few of all, which an index finds by the states that they are in."""
        return self.filter(state__in=[state for state in HazardState if state != HazardState.CLOSED])

    def overdue(self, day: date | None = None) -> Self:
        """Those late on `day` (today)."""
        return self.filter(late_on(day or timezone.localdate()))

    def reported_upward(self) -> Self:
        return self.exclude(severity=Severity.SMALL)

    def on_desk_of(self, user: Any) -> Self:
        """What waits for `user` to do the next step, as far as her level goes (reports/hazards.py says the steps)."""
        seen = self.visible_to(user).open()
        level = user.council.level if getattr(user, "council", None) else ""
        if level == Level.COUNTY:
            return seen.filter(desk=Desk.COUNTY).exclude(state__in=[HazardState.RETURNED, HazardState.DISPATCHED])
        if level == Level.TOWNSHIP:
            return seen.filter(desk=Desk.TOWNSHIP).exclude(state=HazardState.RETURNED) | seen.filter(
                state=HazardState.DISPATCHED
            )
        return seen.filter(state__in=[HazardState.RETURNED, HazardState.DISPATCHED])

    def hand_over(self, field: str, gone: Council, kept: Council) -> int:
        """What is still open in a merged village is the other's to see to; what was closed stays where it was."""
        moving = self.filter(**{field: gone}).open()
        return 0 if field == "township" else moving.update(**{field: kept}, zone=None)


class Hazard(Audited):
    """A hazard: a small one put right on the spot, or one that goes upward until it is closed.

    Written by reports/hazards.py alone, one step at a time; `version` counts the steps.
    """

    council_path = "village"
    audit_left_out = frozenset({"version", "township"})

    village = models.ForeignKey(Council, models.PROTECT, related_name="hazards", verbose_name=_("village"))
    township = models.ForeignKey(
        Council, models.PROTECT, related_name="+", editable=False, verbose_name=_("township")
    )  # as it stood
    zone = models.ForeignKey(
        Zone, models.PROTECT, null=True, blank=True, related_name="hazards", verbose_name=_("grid zone")
    )
    day = models.DateField(_("found on"))
    severity = models.CharField(_("severity"), max_length=8, choices=Severity)
    place = models.CharField(_("place"), max_length=60)
    text = models.TextField(_("what it is"), max_length=1000)
    state = models.CharField(_("state"), max_length=10, choices=HazardState, editable=False)
    desk = models.CharField(_("lies with"), max_length=8, choices=Desk, default=Desk.TOWNSHIP, editable=False)
    due = models.DateField(_("to be handled by"), null=True, editable=False)
    handler = models.CharField(_("who is to handle it"), max_length=60, blank=True, editable=False)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("handled by"),
    )  # fmt: skip
    handled_on = models.DateField(_("handled on"), null=True, editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("verified by"),
    )  # fmt: skip
    closed_on = models.DateField(_("done with on"), null=True, editable=False)
    activity = models.OneToOneField(
        Activity, models.PROTECT, related_name="hazard", editable=False, verbose_name=_("activity")
    )
    client_key = models.UUIDField(null=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("entered by"),
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = HazardQuerySet.as_manager()

    class Meta:
        verbose_name = _("hazard")
        verbose_name_plural = _("hazards")
        ordering = ["-day", "-pk"]
        permissions = [("dispatch_hazard", "Can accept, dispatch, verify and close hazards")]
        indexes = [  # the first two answer what pages count of a place and on a desk, by themselves
            models.Index(
                fields=["village", "day", "id", "severity", "closed_on", "due", "handled_on"], name="hazard_of_village"
            ),
            models.Index(fields=["desk", "state", "village", "due"], name="hazard_on_desk"),
            models.Index(fields=["state", "due"], name="hazard_state_due"),
            models.Index(fields=["day", "id"], name="hazard_day"),
        ]
        constraints = [
            UniqueConstraint(
                fields=["client_key"],
                condition=Q(client_key__isnull=False),
                name="hazard_sent_once",
                violation_error_message=_("This hazard was stored already."),
            ),
            CheckConstraint(
                name="hazard_small_is_closed",
                condition=~Q(severity="small") | Q(state="closed", closed_on__isnull=False),
                violation_error_message=_("A small hazard is put right on the spot. Choose another severity."),
            ),
            CheckConstraint(
                name="hazard_handled_says_when",
                condition=Q(severity="small")
                | Q(state__in=["handled", "verified", "closed"], handled_on__isnull=False)
                | Q(state__in=["reported", "returned", "accepted", "dispatched"], handled_on=None, handled_by=None),
                violation_error_message=_("What was handled says on which day."),
            ),
            CheckConstraint(
                name="hazard_verified_by_another",
                condition=Q(verified_by=None) | Q(handled_by=None) | ~Q(verified_by=F("handled_by")),
                violation_error_message=_("Another person than who handled it verifies it."),
            ),
            CheckConstraint(
                name="hazard_closed_on_a_day",
                condition=Q(state="closed", closed_on__isnull=False) | ~Q(state="closed") & Q(closed_on=None),
                violation_error_message=_("What is closed says on which day."),
            ),
            CheckConstraint(
                name="hazard_big_has_time",
                condition=Q(severity="small") | Q(due__isnull=False),
                violation_error_message=_("A hazard that goes upward has a day by which it is handled."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.place}"


class HazardStep(models.Model):
    """One step of a hazard: who, when, from where to where, in which words. Nobody changes or deletes it."""

    council_path = "hazard__village"

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="steps", verbose_name=_("hazard"))
    number = models.PositiveIntegerField(_("number"))
    day = models.DateField(_("on"))
    at = models.DateTimeField(_("entered at"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who"))
    deed = models.CharField(_("step"), max_length=10)  # a key of reports.hazards.STEPS
    state_before = models.CharField(_("state before"), max_length=10, choices=HazardState, blank=True)
    state_after = models.CharField(_("state after"), max_length=10, choices=HazardState)
    text = models.CharField(_("in words"), max_length=500, blank=True)
    handler = models.CharField(_("who is to handle it"), max_length=60, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a hazard")
        verbose_name_plural = _("steps of hazards")
        ordering = ["hazard", "number"]
        constraints = [UniqueConstraint(fields=["hazard", "number"], name="hazard_step_once")]

    def __str__(self) -> str:
        return f"{self.hazard_id}/{self.number}"


class HazardTimeQuerySet(AuditedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """The county's rules bind all its levels, and all may read them."""
        council = getattr(user, "council", None) if getattr(user, "is_active", False) else None
        return self.none() if council is None else self.filter(county__code=council.code[:6])


class HazardTime(Audited):
    """How many days a county allows from the report of a hazard until it is handled, from a day on."""

    council_path = "county"
    stays_put = True

    county = models.ForeignKey(Council, models.PROTECT, related_name="hazard_times", verbose_name=_("county"))
    severity = models.CharField(
        _("severity"), max_length=8, choices=[each for each in Severity.choices if each[0] != Severity.SMALL.value]
    )
    start = models.DateField(_("from"))
    days = models.PositiveSmallIntegerField(_("days allowed"))

    objects = HazardTimeQuerySet.as_manager()

    class Meta:
        verbose_name = _("time allowed for hazards")
        verbose_name_plural = _("times allowed for hazards")
        ordering = ["severity", "-start"]
        constraints = [
            UniqueConstraint(
                fields=["county", "severity", "start"],
                name="one_hazard_time_a_day",
                violation_error_message=_("There is a rule from this day on. Change that one."),
            ),
            CheckConstraint(
                name="hazard_time_days",
                condition=Q(days__gte=1, days__lte=365),
                violation_error_message=_("Allow from 1 to 365 days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_severity_display()} {self.start:%Y-%m-%d}"
