from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from councils.audit import Audited, AuditedQuerySet
from councils.models import Council, Level
from members.models.entry import Entry, Never, place_by_member, refuse_before_joining
from members.models.member import Member


class PolicyKind(models.TextChoices):
    ACCIDENT = "accident", _("accident insurance")
    HEALTH = "health", _("health insurance")
    OTHER = "other", _("other insurance")


class PolicyQuerySet(AuditedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """The county's policies are known to everybody below it; who is insured under them is another matter."""
        council = getattr(user, "council", None) if getattr(user, "is_active", False) else None
        return self.none() if council is None else self.filter(council__code=council.code[:6])


class InsurancePolicy(Audited):
    """A contract of the county with an insurer, under which members are insured."""

    council_path = "council"

    kind = models.CharField(_("kind"), max_length=10, choices=PolicyKind, default=PolicyKind.ACCIDENT)
    insurer = models.CharField(_("insurer"), max_length=60)
    number = models.CharField(
        _("policy number"), max_length=40, unique=True,
        error_messages={"unique": _("This policy number was entered already. Change that policy.")},
    )  # fmt: skip
    start = models.DateField(_("from"))
    end = models.DateField(_("until"), help_text=_("The last day of the insurance."))
    sum_insured = models.DecimalField(
        _("sum insured, yuan a person"),
        max_digits=12,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    premium = models.DecimalField(
        _("premium, yuan a person"), max_digits=10, decimal_places=2, validators=[MinValueValidator(0)]
    )
    payer = models.CharField(_("who pays"), max_length=60)
    council = models.ForeignKey(Council, models.PROTECT, related_name="policies", verbose_name=_("county"))
    remark = models.CharField(_("remarks"), max_length=200, blank=True)

    objects: ClassVar[Any] = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("insurance policy")
        verbose_name_plural = _("insurance policies")
        ordering = ["-start", "-pk"]
        constraints = [
            CheckConstraint(
                name="policy_ends_after_start", condition=Q(end__gte=F("start")),
                violation_error_message=_("A policy cannot end before it begins."),
            ),
            CheckConstraint(
                name="policy_amounts", condition=Q(sum_insured__gt=0, premium__gte=0),
                violation_error_message=_("The sum insured is more than 0, the premium not less than 0."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.insurer} {self.number}"

    def clean(self) -> None:
        """Also that nobody insured under it falls out of its days."""
        self.number = "".join((self.number or "").split()).upper()
        if self.council_id and self.council.level != Level.COUNTY:
            raise ValidationError({"council": gettext("Policies are the county's.")})
        if self.start and self.end and self.end < self.start:
            raise ValidationError({"end": gettext("A policy cannot end before it begins.")})
        if self.pk and self.start and self.end:
            outside = sum(each.start < self.start or each.end > self.end for each in self.insured.all())
            if outside:
                said = gettext("%(count)d members are insured on days outside of these. Change their days first.")
                raise ValidationError({"end": said % {"count": outside}})


class InsuredQuerySet(AuditedQuerySet):
    def running_on(self, day: date) -> Self:
        """Insurances that ran on `day`, first and last day included."""
        return self.filter(start__lte=day, end__gte=day)

    def for_accidents(self) -> Self:
        """The kind that each member is to have."""
        return self.filter(policy__kind=PolicyKind.ACCIDENT)


class InsuredManager(models.Manager.from_queryset(InsuredQuerySet)):  # type: ignore[misc]
    """Always with the policy: whether two insurances clash is for their policies to say."""

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("policy")


def insured_twice(one: Any, other: Any) -> bool:
    """Whether two insurances of one member have a day in common, of one kind with one insurer."""
    if None in (one.start, one.end, other.start, other.end) or not one.policy_id or not other.policy_id:
        return False
    alike = (one.policy.insurer, one.policy.kind) == (other.policy.insurer, other.policy.kind)
    return alike and bool(one.start <= other.end and other.start <= one.end)


INSURED_ALREADY = _("She is insured with this insurer on some of these days already. Change that entry or the days.")
CERTIFICATE_TAKEN = _("This certificate number belongs to another member of this policy. Check it.")


class InsuredMember(Entry):
    """A member insured under a policy, from its first to its last day, both included."""

    audit_related = ("member", "village", "policy")
    never = (
        Never(("member",), "start", INSURED_ALREADY, insured_twice),
        Never(("certificate", "policy"), "certificate", CERTIFICATE_TAKEN),
    )

    member = models.ForeignKey(Member, models.PROTECT, related_name="insured", verbose_name=_("member"))
    policy = models.ForeignKey(InsurancePolicy, models.PROTECT, related_name="insured", verbose_name=_("policy"))
    certificate = models.CharField(_("certificate number"), max_length=40, blank=True)
    start = models.DateField(_("from"), blank=True, help_text=_("Left empty: as the policy."))
    end = models.DateField(_("until"), blank=True, help_text=_("Left empty: as the policy."))
    remark = models.CharField(_("remarks"), max_length=200, blank=True)

    objects: ClassVar[Any] = InsuredManager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("insured member")
        verbose_name_plural = _("insured members")
        ordering = ["-start", "-pk"]
        indexes = [models.Index(fields=["policy", "end", "start", "member"], name="insured_on_a_day")]
        constraints = [
            UniqueConstraint(
                fields=["policy", "member", "start"], name="insured_from_a_day_once",
                violation_error_message=INSURED_ALREADY,
            ),
            UniqueConstraint(
                fields=["policy", "certificate"], condition=~Q(certificate=""), name="certificate_of_one_member",
                violation_error_message=CERTIFICATE_TAKEN,
            ),
            CheckConstraint(
                name="insured_ends_after_start", condition=Q(end__gte=F("start")),
                violation_error_message=_("An insurance cannot end before it begins."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.member} {self.policy.insurer} {self.start} – {self.end}"

    def fill_in(self) -> None:
        """Days that were left empty are the policy's."""
        if self.policy_id:
            self.start, self.end = self.start or self.policy.start, self.end or self.policy.end

    def clean(self) -> None:
        self.certificate = "".join((self.certificate or "").split()).upper()
        self.fill_in()
        place_by_member(self)
        if self.start and self.end and self.end < self.start:
            raise ValidationError({"end": gettext("An insurance cannot end before it begins.")})
        if self.policy_id:
            self._refuse_outside_policy()
        refuse_before_joining(self, "start")
        self._refuse_claims_left_out()
        if self.member_id:
            super().clean()

    def covers(self, day: date) -> bool:
        return self.start <= day <= self.end

    def _refuse_outside_policy(self) -> None:
        words = {"start": self.policy.start, "end": self.policy.end}
        for name in ("start", "end"):
            if not words["start"] <= getattr(self, name) <= words["end"]:
                said = gettext("The policy runs from %(start)s to %(end)s. Choose a day within it.")
                raise ValidationError({name: said % words})

    def _refuse_claims_left_out(self) -> None:
        """Days are not moved away from under a claim."""
        if not self.pk or not self.member_id or self._state.adding:
            return
        mine = [each for each in self.member.claims.all() if each.policy_id == self.policy_id]
        others = [each for each in self.member.insured.all() if each.policy_id == self.policy_id and each.pk != self.pk]
        for claim in mine:
            if not self.covers(claim.day) and not any(each.covers(claim.day) for each in others):
                said = gettext("A claim of hers is for %(day)s: the insurance has to hold on that day.")
                raise ValidationError({"end": said % {"day": claim.day}})
