import itertools
from collections.abc import Iterable
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.models.entry import Entry, Never
from members.models.insurance import InsurancePolicy, InsuredMember
from members.models.member import Member


class ClaimStep(models.TextChoices):
    REPORTED = "reported", _("reported to the insurer")
    FILED = "filed", _("papers filed")
    PAID = "paid", _("paid out")
    REFUSED = "refused", _("refused by the insurer")


CLAIMED_ALREADY = _("A claim of hers for this day was entered already. Change that one.")
STEP_AND_DAYS = _("The days and amounts do not fit the step of the claim.")


class Claim(Entry):
    """What a member asks of the insurer for one accident, and what becomes of it."""

    audit_related = ("member", "village", "policy")
    never = (Never(("member", "policy", "day"), "day", CLAIMED_ALREADY),)

    member = models.ForeignKey(Member, models.PROTECT, related_name="claims", verbose_name=_("member"))
    policy = models.ForeignKey(InsurancePolicy, models.PROTECT, related_name="claims", verbose_name=_("policy"))
    day = models.DateField(_("day of the accident"))
    what = models.CharField(_("what happened"), max_length=200, help_text=_("In a few words; no diagnosis."))
    step = models.CharField(_("step of the claim"), max_length=10, choices=ClaimStep, default=ClaimStep.REPORTED)
    reported = models.DateField(_("reported to the insurer on"))
    filed = models.DateField(_("papers filed on"), null=True, blank=True)
    decided = models.DateField(_("decided on"), null=True, blank=True)
    asked = models.DecimalField(
        _("amount asked, yuan"), max_digits=12, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )  # fmt: skip
    paid = models.DecimalField(
        _("amount paid, yuan"), max_digits=12, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )  # fmt: skip
    remark = models.CharField(_("remarks"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("insurance claims")
        ordering = ["-day", "-pk"]
        constraints = [
            UniqueConstraint(
                fields=["member", "policy", "day"], name="one_claim_an_accident",
                violation_error_message=CLAIMED_ALREADY,
            ),
            CheckConstraint(
                name="claim_days_in_order",
                condition=Q(reported__gte=F("day"))
                & (Q(filed=None) | Q(filed__gte=F("reported")))
                & (Q(decided=None) | Q(filed__isnull=False, decided__gte=F("filed"))),
                violation_error_message=_("An accident is reported, then papers are filed, then the insurer decides."),
            ),
            CheckConstraint(
                name="claim_step_and_days",
                condition=Q(step="reported", filed=None, decided=None, paid=None)
                | Q(step="filed", filed__isnull=False, decided=None, paid=None)
                | Q(step="paid", decided__isnull=False, paid__gt=0)
                | Q(step="refused", decided__isnull=False, paid=None),
                violation_error_message=STEP_AND_DAYS,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.member} {self.day}"

    def clean(self) -> None:
        self.refuse_days_to_come("day", "reported", "filed", "decided")
        self._refuse_order()
        self._refuse_step()
        self._refuse_uninsured()
        if self.member_id:
            super().clean()

    def _refuse_order(self) -> None:
        days = [(name, getattr(self, name)) for name in ("day", "reported", "filed", "decided")]
        known = [(name, day) for name, day in days if day is not None]
        for (_earlier, before), (name, day) in itertools.pairwise(known):
            if day < before:
                said = gettext("An accident is reported, then papers are filed, then the insurer decides.")
                raise ValidationError({name: said})

    def _refuse_step(self) -> None:
        """Each step has its day, and only money that was paid has an amount."""
        decided = self.step in (ClaimStep.PAID, ClaimStep.REFUSED)
        wanted = {
            "filed": decided or self.step == ClaimStep.FILED, "decided": decided, "paid": self.step == ClaimStep.PAID,
        }  # fmt: skip
        for name, needed in wanted.items():
            if needed != (getattr(self, name) is not None):
                words = {"step": self.get_step_display()}
                said = (
                    gettext("For the step “%(step)s” this has to be filled in.")
                    if needed
                    else gettext("This belongs to a later step than “%(step)s”. Change the step, or leave this empty.")
                )
                raise ValidationError({name: said % words})

    def _refuse_uninsured(self) -> None:
        """The accident lies within an insurance of hers under this policy; its village is the claim's."""
        if not self.member_id or not self.policy_id or self.day is None:
            return
        hers = [each for each in self.member.insured.all() if each.policy_id == self.policy_id]
        within = [each for each in hers if each.covers(self.day)]
        if not hers:
            raise ValidationError({"policy": gettext("She is not insured under this policy. Enter her there first.")})
        if not within:
            words = {"days": _listed(hers)}
            said = gettext("On this day she was not insured under this policy, but on these days: %(days)s.")
            raise ValidationError({"day": said % words})
        if not self.village_id:
            self.village_id = within[0].village_id


def _listed(insured: Iterable[InsuredMember]) -> str:
    return "、".join(f"{each.start} – {each.end}" for each in sorted(insured, key=lambda each: each.start))
