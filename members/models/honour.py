from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, Count, Q, UniqueConstraint, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from councils.audit import Audited, AuditedQuerySet
from councils.models import Council
from members.models.entry import Entry, Never, place_by_member
from members.models.member import Member

FIRST_YEAR = 1950


class HonourGroup(models.TextChoices):
    PERSONAL = "personal", _("personal honour")
    ROLE_MODEL = "role_model", _("role model")
    HOUSEHOLD = "household", _("household award")


class HonourLevel(models.TextChoices):
    VILLAGE = "village", _("village level")
    TOWNSHIP = "township", _("township level")
    COUNTY = "county", _("county level")
    CITY = "city", _("city level")
    PROVINCE = "province", _("province level")
    NATION = "nation", _("national level")


class HonourKindQuerySet(AuditedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """What honours there are says nothing of any place: everybody with a council knows them."""
        known = getattr(user, "is_active", False) and getattr(user, "council", None) is not None
        return self.all() if known else self.none()


class HonourKind(Audited):
    """An honour by its name; the county adds to them."""

    council_path = ""

    name = models.CharField(
        _("honour"), max_length=40, unique=True,
        error_messages={"unique": _("This honour is known already.")},
    )  # fmt: skip
    group = models.CharField(_("group of honours"), max_length=12, choices=HonourGroup)
    in_use = models.BooleanField(
        _("still given"), default=True, help_text=_("An honour that is given no more stays known, and is not offered.")
    )

    objects = HonourKindQuerySet.as_manager()

    class Meta:
        verbose_name = _("kind of honour")
        verbose_name_plural = _("kinds of honours")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_for_households(self) -> bool:
        return self.group == HonourGroup.HOUSEHOLD

    @classmethod
    def audit_council_ids(cls, records: Sequence[Audited]) -> list[int | None]:
        """The county's."""
        county = Council.objects.filter(level="county").values_list("pk", flat=True).first()
        return [county] * len(records)


class Counted(NamedTuple):
    """How many awards, and to how many distinct households or persons."""

    awards: int
    receivers: int


class HonourQuerySet(AuditedQuerySet):
    def households(self) -> dict[str, Counted]:
        """Household awards by level, and "" for all levels: a household with awards of two levels is one in all."""
        return self._counted(
            self.filter(kind__group=HonourGroup.HOUSEHOLD),
            Concat(Cast("village", models.CharField()), Value("\n"), "household", Value("\n"), "house_number"),
        )

    def role_models(self) -> dict[str, Counted]:
        """Awards as a role model by level, and "" for all: distinct persons, members or villagers."""
        member = Concat(Value("m"), Cast("member", models.CharField()))
        villager = Concat(Cast("village", models.CharField()), Value("\n"), "person")
        who = models.Case(models.When(member=None, then=villager), default=member)
        return self._counted(self.filter(kind__group=HonourGroup.ROLE_MODEL), who)

    @staticmethod
    def _counted(found: Any, receiver: Any) -> dict[str, Counted]:
        found = found.order_by().annotate(receiver=receiver)
        sums = {"awards": Count("pk"), "receivers": Count("receiver", distinct=True)}
        by_level = found.values("level").annotate(**sums).values_list("level", "awards", "receivers")
        counted = {level: Counted(awards, receivers) for level, awards, receivers in by_level}
        return counted | {"": Counted(**found.aggregate(**sums))}

    def hand_over(self, field: str, gone: Council, kept: Council) -> int:
        """Honours of a merged village are the other's; two households or persons of one name stay two."""
        here, there = self.filter(**{field: gone}, member=None), self.filter(**{field: kept}, member=None)
        taken = {(each.person, each.household, each.house_number) for each in there}
        for honour in here:
            if (honour.person, honour.household, honour.house_number) in taken:
                name = "household" if honour.household else "person"
                setattr(honour, name, f"{getattr(honour, name)[:20]} ({gone.name})"[:40])
                honour.save()
        return super().hand_over(field, gone, kept)


GIVEN_ALREADY = _("This honour was entered for this year and level already. Change that record.")


class Honour(Entry):
    """An honour that a member, a villager or a household of a village was given.

    A household is known by its head's name and, where two heads have one name, its house number.
    """

    audit_related = ("kind", "member", "village")
    never = (
        Never(("member", "kind", "level", "year"), "kind", GIVEN_ALREADY),
        Never(("village", "person", "kind", "level", "year"), "kind", GIVEN_ALREADY),
        Never(
            ("village", "household", "kind", "level", "year"), "kind", GIVEN_ALREADY,
            lambda one, other: one.house_number == other.house_number,
        ),
    )  # fmt: skip

    kind = models.ForeignKey(HonourKind, models.PROTECT, related_name="honours", verbose_name=_("honour"))
    level = models.CharField(_("level of the honour"), max_length=10, choices=HonourLevel)
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="honours", verbose_name=_("member")
    )
    person = models.CharField(
        _("villager"), max_length=40, blank=True, help_text=_("For who is no member: her full name.")
    )
    household = models.CharField(
        _("household"), max_length=40, blank=True, help_text=_("The full name of the head of the household.")
    )
    house_number = models.CharField(
        _("house number"), max_length=20, blank=True,
        help_text=_("Where two heads of households have one name: it tells them apart."),
    )  # fmt: skip
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(2100)]
    )
    day = models.DateField(_("day"), null=True, blank=True)
    document = models.CharField(_("document"), max_length=120, blank=True, help_text=_("Its number, or its name."))
    remark = models.CharField(_("remarks"), max_length=200, blank=True)

    objects: ClassVar[Any] = HonourQuerySet.as_manager()

    class Meta:
        verbose_name = _("honour given")
        verbose_name_plural = _("honours")
        ordering = ["-year", "-pk"]
        constraints = [
            CheckConstraint(
                name="honour_has_one_receiver",
                condition=(Q(member__isnull=False) & Q(person="", household=""))
                | (Q(member=None, household="") & ~Q(person=""))
                | (Q(member=None, person="") & ~Q(household="")),
                violation_error_message=_("An honour has one receiver: a member, a villager or a household."),
            ),
            CheckConstraint(
                name="house_number_of_a_household", condition=Q(house_number="") | ~Q(household=""),
                violation_error_message=_("A house number belongs to a household: enter its head's name."),
            ),
            UniqueConstraint(
                fields=["member", "kind", "level", "year"], condition=Q(member__isnull=False),
                name="honour_of_a_member_once", violation_error_message=GIVEN_ALREADY,
            ),
            UniqueConstraint(
                fields=["village", "person", "household", "house_number", "kind", "level", "year"],
                condition=Q(member=None), name="honour_of_others_once", violation_error_message=GIVEN_ALREADY,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.receiver}"

    @property
    def receiver(self) -> str:
        """Who was honoured, by name."""
        if self.member_id:
            return str(self.member)
        return self.person or f"{self.household}{gettext(' (household)')}"

    def clean(self) -> None:
        self.refuse_days_to_come("day")
        self._refuse_wrong_receivers()
        if self.year and self.year > timezone.localdate().year:
            raise ValidationError({"year": gettext("This year has not come yet.")})
        if self.day and self.year and self.day.year != self.year:
            raise ValidationError({"day": gettext("This day is not in the year %(year)s.") % {"year": self.year}})
        place_by_member(self)
        super().clean()

    def _refuse_wrong_receivers(self) -> None:
        """One receiver, and the one that the honour is for."""
        named = [name for name in ("member", "person", "household") if getattr(self, self._attribute(name))]
        if not named:
            message = gettext("Nobody is named who was honoured: enter a member, a villager or a household.")
            raise ValidationError({"member": message})
        if len(named) > 1:
            message = gettext("An honour has one receiver: a member, a villager or a household.")
            raise ValidationError({named[-1]: message})
        if self.house_number and not self.household:
            message = gettext("A house number belongs to a household: enter its head's name.")
            raise ValidationError({"house_number": message})
        if self.kind_id and self.kind.is_for_households != (named == ["household"]):
            message = (
                gettext("%(kind)s is given to households: enter the name of the household's head.")
                if self.kind.is_for_households
                else gettext("%(kind)s is given to persons: enter a member or a villager.")
            )
            raise ValidationError({named[0]: message % {"kind": self.kind}})

    @staticmethod
    def _attribute(name: str) -> str:
        return "member_id" if name == "member" else name
