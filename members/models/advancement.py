from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Count, Q, UniqueConstraint, Value, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from councils.audit import AuditedQuerySet
from members.models.entry import Entry, Never, place_by_member
from members.models.member import Member
from members.models.membership import Membership


class Stage(models.TextChoices):
    """The four figures that the county publishes."""

    APPLICANT = "applicant", _("applicants for the Party")
    PARTY = "party", _("Party members")
    DELEGATE = "delegate", _("delegates and committee members")
    CADRE = "cadre", _("village committees and reserve")


class Step(models.TextChoices):
    APPLICANT = "applicant", _("applicant for the Party")
    PARTY = "party", _("Party member")
    PARTY_DELEGATE = "party_delegate", _("delegate to the Party congress")
    PEOPLES_DELEGATE = "peoples_delegate", _("delegate to the people's congress")
    CONSULTATIVE = "consultative", _("member of the consultative conference")
    VILLAGE_COMMITTEES = "village_committees", _("member of the two village committees")
    RESERVE = "reserve", _("reserve of cadres")


STAGE_OF = {
    Step.APPLICANT: Stage.APPLICANT,
    Step.PARTY: Stage.PARTY,
    Step.PARTY_DELEGATE: Stage.DELEGATE,
    Step.PEOPLES_DELEGATE: Stage.DELEGATE,
    Step.CONSULTATIVE: Stage.DELEGATE,
    Step.VILLAGE_COMMITTEES: Stage.CADRE,
    Step.RESERVE: Stage.CADRE,
}
ONCE = (Step.APPLICANT, Step.PARTY)  # in a life; to the others one is elected again


def steps_of(stage: str) -> list[Step]:
    return [step for step, of in STAGE_OF.items() if of == stage]


class Advanced(NamedTuple):
    """How many records, and of how many distinct persons."""

    records: int
    persons: int


class AdvancementQuerySet(AuditedQuerySet):
    def by_stage(self) -> dict[str, Advanced]:
        """Of each stage, and "" for all: a woman counts once in each, whatever she was elected to and how often."""
        stage = Case(*(When(step=step, then=Value(of.value)) for step, of in STAGE_OF.items()))
        sums = {"records": Count("pk"), "persons": Count("member", distinct=True)}
        found = self.order_by().annotate(stage=stage)
        counted = {each["stage"]: Advanced(each["records"], each["persons"])
                   for each in found.values("stage").annotate(**sums)}  # fmt: skip
        none = dict.fromkeys(Stage.values, Advanced(0, 0))
        return none | counted | {"": Advanced(**found.aggregate(**sums))}


ENTERED = _("This step of hers was entered already. Change that record.")
PARTY_FIRST = _("She would be a Party member before she was an applicant. Check the two days.")


def _twice(one: Any, other: Any) -> bool:
    return one.step in ONCE or one.day == other.day


def _out_of_order(one: Any, other: Any) -> bool:
    by = {each.step: each.day for each in (one, other)}
    applied, joined = by.get(Step.APPLICANT), by.get(Step.PARTY)
    return bool(applied and joined and joined < applied)


class Advancement(Entry):
    """A step that a member took, on a day when she was one: into the Party, a congress, a committee, the reserve."""

    audit_related = ("member", "village")
    never = (
        Never(("member", "step"), "step", ENTERED, _twice),
        Never(("member",), "day", PARTY_FIRST, _out_of_order),
    )

    member = models.ForeignKey(Member, models.PROTECT, related_name="advancements", verbose_name=_("member"))
    step = models.CharField(_("step of advancement"), max_length=20, choices=Step)
    day = models.DateField(_("day"))
    document = models.CharField(
        _("supporting document"), max_length=120, blank=True, help_text=_("Its number, or its name.")
    )
    remark = models.CharField(_("remarks"), max_length=200, blank=True)

    objects: ClassVar[Any] = AdvancementQuerySet.as_manager()

    class Meta:
        verbose_name = _("advancement")
        verbose_name_plural = _("advancement of members")
        ordering = ["-day", "-pk"]
        constraints = [
            UniqueConstraint(
                fields=["member", "step", "day"], name="step_entered_once", violation_error_message=ENTERED
            ),
            UniqueConstraint(
                fields=["member", "step"], condition=Q(step__in=ONCE), name="step_taken_once_in_a_life",
                violation_error_message=ENTERED,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.member} {self.get_step_display()}"

    @property
    def stage(self) -> Stage:
        return STAGE_OF[Step(self.step)]

    def clean(self) -> None:
        self.refuse_days_to_come("day")
        place_by_member(self)
        if self.member_id and self.day:
            self._refuse_other_days(list(self.member.memberships.all()))
        if self.member_id:  # else the member's own field says what is missing
            super().clean()

    def _refuse_other_days(self, terms: Sequence[Membership]) -> None:
        """What she was before she joined, or became after she left, is no advancement of a member."""
        if any(each.start <= self.day and (each.end is None or self.day <= each.end) for each in terms):
            return
        said = "、".join(f"{each.start} – {each.end or gettext('today')}" for each in sorted(terms, key=_begun))
        message = gettext("On this day she was no member. She was one: %(terms)s.") % {"terms": said or "–"}
        raise ValidationError({"day": message})


def _begun(term: Membership) -> Any:
    return term.start
