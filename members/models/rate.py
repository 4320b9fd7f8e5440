from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint, Value
from django.db.models.functions import Cast, Substr
from django.db.models.lookups import Exact
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from councils.audit import Audited, AuditedQuerySet
from councils.models import Council, Level
from cunsao import months


def first_of_month(name: str, column: str = "month") -> CheckConstraint:
    """A month is its first day, for the database too."""
    day = Substr(Cast(column, models.CharField()), 9, 2)
    return CheckConstraint(
        name=name, condition=Q(Exact(day, Value("01"))), violation_error_message=_("A month is its first day.")
    )


class RateQuerySet(AuditedQuerySet):
    def of_month(self, month: date) -> Any:
        """The rate that is in force in `month`, or None."""
        return self.filter(start__lte=month).order_by("-start").first()


class SubsidyRate(Audited):
    """What the county pays a member for a month, and the terms of the month, from `start` on until the next one.

    A rate by which an approved month was worked out never changes: the database refuses it.
    """

    council_path = "county"
    stays_put = True

    county = models.ForeignKey(Council, models.PROTECT, related_name="subsidy_rates", verbose_name=_("county"))
    start = models.DateField(_("from which month"))
    amount = models.DecimalField(_("yuan a member and month"), max_digits=8, decimal_places=2, default=Decimal(200))
    by_days = models.BooleanField(
        _("by days"), default=False, help_text=_("Who was a member for a part of the month gets that part.")
    )
    deadline_day = models.PositiveSmallIntegerField(
        _("handed in by (day of the next month)"), default=5, validators=[MinValueValidator(1), MaxValueValidator(28)]
    )
    notice_days = models.PositiveSmallIntegerField(
        _("days of public notice"), default=7, validators=[MaxValueValidator(60)]
    )
    quiet_months = models.PositiveSmallIntegerField(
        _("months without activity before a warning"), default=3, validators=[MinValueValidator(1)]
    )

    objects = RateQuerySet.as_manager()

    class Meta:
        verbose_name = _("subsidy rate")
        verbose_name_plural = _("subsidy rates")
        ordering = ["-start"]
        constraints = [
            UniqueConstraint(
                fields=["county", "start"],
                name="one_rate_a_month",
                violation_error_message=_("There is a rate from this month on. Change that one, or choose a month."),
            ),
            first_of_month("rate_from_a_first", "start"),
            CheckConstraint(
                name="rate_is_an_amount",
                condition=Q(amount__gt=0, deadline_day__gte=1, deadline_day__lte=28, quiet_months__gte=1),
                violation_error_message=_("An amount is above 0; the deadline is a day from 1 to 28."),
            ),
        ]

    def __str__(self) -> str:
        return f"{months.label(self.start)} {self.amount}"

    def clean(self) -> None:
        if self.county_id and self.county.level != Level.COUNTY:
            raise ValidationError({"county": gettext("A rate is the county's.")})
        if self.start:
            self.start = months.first(self.start)

    def deadline(self, month: date) -> date:
        """The last day on which `month` is handed in on time."""
        return months.next_month(month).replace(day=self.deadline_day)


class Budget(Audited):
    """What the county entered for the subsidies of a year; what is left is worked out in members/payroll/budget.py."""

    council_path = "county"
    stays_put = True

    county = models.ForeignKey(Council, models.PROTECT, related_name="budgets", verbose_name=_("county"))
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(2000), MaxValueValidator(2100)])
    amount = models.DecimalField(_("amount in yuan"), max_digits=14, decimal_places=2)

    objects = AuditedQuerySet.as_manager()

    class Meta:
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")
        ordering = ["-year"]
        constraints = [
            UniqueConstraint(
                fields=["county", "year"],
                name="one_budget_a_year",
                violation_error_message=_("This year has a budget. Change that one."),
            ),
            CheckConstraint(
                name="budget_not_negative",
                condition=Q(amount__gte=0),
                violation_error_message=_("A budget is no less than 0."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)


class SchemeQuerySet(AuditedQuerySet):
    def in_force(self, month: date) -> Self:
        """Schemes that began by `month`, the newest of a township first."""
        return self.filter(start__lte=month).order_by("township", "-start")


class PerformanceScheme(Audited):
    """A township's own scheme of performance subsidies, from `start` on until its next one."""

    council_path = "township"
    stays_put = True

    township = models.ForeignKey(Council, models.PROTECT, related_name="schemes", verbose_name=_("township"))
    start = models.DateField(_("from which month"))
    name = models.CharField(_("name"), max_length=60)
    text = models.TextField(_("how it is appraised"), max_length=4000, blank=True)
    default_amount = models.DecimalField(
        _("usual amount a member and month"), max_digits=8, decimal_places=2, default=Decimal(0)
    )
    cap = models.DecimalField(_("most a member gets a month"), max_digits=8, decimal_places=2, default=Decimal(500))

    objects = SchemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("performance scheme")
        verbose_name_plural = _("performance schemes")
        ordering = ["township__code", "-start"]
        constraints = [
            UniqueConstraint(
                fields=["township", "start"],
                name="one_scheme_a_month",
                violation_error_message=_("The township has a scheme from this month on. Change that one."),
            ),
            first_of_month("scheme_from_a_first", "start"),
            CheckConstraint(
                name="scheme_default_within_cap",
                condition=Q(default_amount__gte=0, cap__gte=F("default_amount")),
                violation_error_message=_("The usual amount lies between 0 and the most a member gets."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.township_id and self.township.level != Level.TOWNSHIP:
            raise ValidationError({"township": gettext("A scheme is a township's.")})
        if self.start:
            self.start = months.first(self.start)


class Excuse(Audited):
    """Months that a township need not hand in on time, with a reason and an end."""

    council_path = "township"
    stays_put = True

    township = models.ForeignKey(Council, models.PROTECT, related_name="excuses", verbose_name=_("township"))
    start = models.DateField(_("from which month"))
    until = models.DateField(_("until which month"))
    reason = models.CharField(_("reason"), max_length=200)

    objects = AuditedQuerySet.as_manager()

    class Meta:
        verbose_name = _("excuse")
        verbose_name_plural = _("excuses")
        ordering = ["-start", "-pk"]
        constraints = [
            first_of_month("excuse_from_a_first", "start"),
            first_of_month("excuse_until_a_first", "until"),
            CheckConstraint(
                name="excuse_ends_after_start",
                condition=Q(until__gte=F("start")),
                violation_error_message=_("An excuse cannot end before it begins."),
            ),
            CheckConstraint(
                name="excuse_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message=_("An excuse has a reason."),
            ),
        ]

    def __str__(self) -> str:
        return self.reason

    def clean(self) -> None:
        if self.township_id and self.township.level != Level.TOWNSHIP:
            raise ValidationError({"township": gettext("It is a township that is excused.")})
        if self.start and self.until:
            self.start, self.until = months.first(self.start), months.first(self.until)
