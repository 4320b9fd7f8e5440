from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from councils.audit import Audited, AuditedQuerySet
from councils.models import VILLAGES, Council, Level
from members.models import Member
from reports import kinds


class AppraisalQuerySet(AuditedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """A township's villages may read by what they are measured."""
        council = getattr(user, "council", None) if getattr(user, "is_active", False) else None
        if council is not None and council.level in VILLAGES:
            return self.filter(township__code=council.parent_id)
        return super().visible_to(user)


class Scheme(Audited):
    """A township's appraisal from a month on, until the next one begins: points for what was done, yuan for points."""

    council_path = "township"
    stays_put = True

    township = models.ForeignKey(Council, models.PROTECT, related_name="appraisal_schemes", verbose_name=_("township"))
    start = models.DateField(_("from month"))
    name = models.CharField(_("name"), max_length=60)
    text = models.TextField(_("in words"), max_length=2000, blank=True)
    shared = models.BooleanField(
        _("shared among them"), default=False, help_text=_("What several did together is divided among them.")
    )
    yuan_a_point = models.DecimalField(
        _("yuan a point"), max_digits=8, decimal_places=2, default=Decimal(0), help_text=_("For the month's proposal.")
    )
    most_yuan = models.DecimalField(_("most yuan a month"), max_digits=8, decimal_places=2, default=Decimal(0))

    objects = AppraisalQuerySet.as_manager()

    class Meta:
        verbose_name = _("appraisal scheme")
        verbose_name_plural = _("appraisal schemes")
        ordering = ["township__code", "-start"]
        constraints = [
            UniqueConstraint(
                fields=["township", "start"],
                name="one_appraisal_scheme_a_month",
                violation_error_message=_("A scheme of this township begins in this month. Change that one."),
            ),
            CheckConstraint(
                name="scheme_starts_with_a_month",
                condition=Q(start__day=1),
                violation_error_message=_("A scheme begins on the first of a month."),
            ),
            CheckConstraint(
                name="scheme_amounts",
                condition=Q(yuan_a_point__gte=0, most_yuan__gte=0),
                violation_error_message=_("Amounts are 0 or more."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.township_id and self.township.level != Level.TOWNSHIP:
            raise ValidationError({"township": gettext("A scheme is a township's.")})


class SchemePoint(Audited):
    """Points for one kind: so many for each so many of its units, and no more than a cap in a month."""

    council_path = "scheme__township"
    stays_put = True
    audit_related = ("scheme",)

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="points", verbose_name=_("appraisal scheme"))
    kind = models.CharField(_("kind of work"), max_length=30, choices=kinds.choices)
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2)
    each = models.PositiveIntegerField(_("for each"), default=1)
    cap = models.DecimalField(_("most points a month"), max_digits=7, decimal_places=2, null=True, blank=True)

    objects = AuditedQuerySet.as_manager()

    class Meta:
        verbose_name = _("points for a kind")
        verbose_name_plural = _("points for kinds")
        ordering = ["scheme", "pk"]
        constraints = [
            UniqueConstraint(
                fields=["scheme", "kind"],
                name="one_entry_a_kind",
                violation_error_message=_("This kind has its points in the scheme. Change those."),
            ),
            CheckConstraint(
                name="scheme_point_amounts",
                condition=Q(points__gt=0, each__gte=1) & (Q(cap=None) | Q(cap__gt=0)),
                violation_error_message=_("Points and caps are more than 0, for 1 or more of the unit."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.get_kind_display()}"


class RemarkQuerySet(AuditedQuerySet):
    def standing(self) -> Self:
        return self.filter(withdrawn=None)


class Remark(Audited):
    """Points given or taken for a reason, on a day, beside what was recorded."""

    council_path = "village"
    stays_put = True
    audit_related = ("member",)

    member = models.ForeignKey(Member, models.PROTECT, related_name="remarks", verbose_name=_("member"))
    village = models.ForeignKey(Council, models.PROTECT, related_name="+", verbose_name=_("village"))
    day = models.DateField(_("day"), default=timezone.localdate)
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2, help_text=_("With a minus to take away."))
    reason = models.CharField(_("reason"), max_length=200)
    withdrawn = models.DateField(_("withdrawn on"), null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("made by")
    )

    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("points by remark")
        verbose_name_plural = _("points by remark")
        ordering = ["-day", "-pk"]
        indexes = [models.Index(fields=["village", "day"], name="remark_village_day")]
        constraints = [
            CheckConstraint(
                name="remark_has_reason",
                condition=~Q(reason="") & ~Q(points=0),
                violation_error_message=_("A remark says how many points and why."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.points}"


class Sample(Audited):
    """Records of a village's month, drawn by chance to be looked at. The seed makes the draw repeatable."""

    council_path = "village"
    stays_put = True

    village = models.ForeignKey(Council, models.PROTECT, related_name="+", verbose_name=_("village"))
    month = models.DateField(_("month"))
    seed = models.CharField(_("seed"), max_length=16)
    drawn_from = models.PositiveIntegerField(_("drawn from"))  # records that were there
    last = models.BigIntegerField(_("last record"))  # records that came later were not in the draw
    activities = models.JSONField(_("records drawn"), default=list)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("drawn by")
    )
    drawn_at = models.DateTimeField(_("drawn at"), default=timezone.now)

    objects = AuditedQuerySet.as_manager()

    class Meta:
        verbose_name = _("spot check")
        verbose_name_plural = _("spot checks")
        ordering = ["-month", "village__code"]
        constraints = [
            UniqueConstraint(
                fields=["village", "month"],
                name="one_sample_a_month",
                violation_error_message=_("The sample of this month was drawn. It is not drawn again."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.village} {self.month:%Y-%m}"
