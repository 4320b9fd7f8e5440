from collections.abc import Sequence
from typing import Any, Self

from django.apps import apps
from django.core.exceptions import FieldError
from django.db import models
from django.db.models import Exists, F, FilteredRelation, OuterRef, Prefetch, Q, QuerySet
from django.db.models.lookups import In
from django.utils.translation import gettext_lazy as _

from councils.audit import Audited, AuditedQuerySet
from councils.models import Council, Level
from councils.scope import within
from cunsao.chinese import syllables
from cunsao.personal_data import EncryptedTextField, FingerprintField, masks, numbers


class PoliticalStatus(models.TextChoices):
    MASSES = "masses", _("no party")
    LEAGUE_MEMBER = "league_member", _("Youth League member")
    APPLICANT = "applicant", _("applicant for the Party")
    PROBATIONARY = "probationary", _("probationary Party member")
    PARTY_MEMBER = "party_member", _("Party member")
    OTHER_PARTY = "other_party", _("member of another party")


class Education(models.TextChoices):
    NONE = "none", _("no schooling")
    PRIMARY = "primary", _("primary school")
    JUNIOR = "junior", _("junior middle school")
    SENIOR = "senior", _("senior middle school")
    VOCATIONAL = "vocational", _("vocational school")
    COLLEGE = "college", _("college")
    BACHELOR = "bachelor", _("bachelor")
    POSTGRADUATE = "postgraduate", _("postgraduate")


class MemberQuerySet(AuditedQuerySet):
    """People. The way to their councils is many-valued, so it is asked by EXISTS, never by a join."""

    def visible_to(self, user: Any) -> Self:
        """Who is in a council that `user` sees; for the county also who left all of them.

        A chair sees the memberships that ran in her villages, but a woman who left is no longer hers to read.
        """
        council = getattr(user, "council", None) if getattr(user, "is_active", False) else None
        if council is None:
            return self.none()
        if council.level == Level.COUNTY:
            return self.filter(Exists(_memberships(within("village", council))))
        return self.under(council)

    def under(self, council: Council) -> Self:
        """Who is a member in `council` or below it today."""
        if council.level == Level.COUNTY:
            return self.filter(Exists(_memberships(within("village", council), end=None)))
        # So few that they are better looked up first than everybody asked.
        found = _related("Membership").filter(within("village", council), end=None)
        return self.filter(pk__in=found.values("member"))

    def serving_in(self, council: Council) -> Self:
        """As `under`, with each one's membership of today joined as `current`; nobody has two, so nobody comes twice.

        For lists: one pass finds, counts and shows.
        """
        place: Any = F("current__village")
        if council.level == Level.COUNTY:
            place = place + 0  # nearly everybody: an index of the village would lead away from the order of the list
        joined = self.alias(current=FilteredRelation("memberships", condition=Q(memberships__end=None)))
        here = Council._base_manager.filter(within("", council)).values("pk")
        return joined.filter(In(place, here), current__isnull=False)

    def serving(self) -> Self:
        """Who is a member anywhere today."""
        return self.filter(Exists(_memberships(end=None)))

    def with_terms(self) -> Self:
        """With today's membership, posts and zones of each, in three queries whatever their number."""
        return self.prefetch_related(
            *(
                Prefetch(name, _related(model).filter(end=None).select_related(place), f"open_{name}")
                for name, model, place in (
                    ("memberships", "Membership", "village"),
                    ("posts", "Post", "council"),
                    ("zone_assignments", "ZoneAssignment", "zone"),
                )
            )
        )

    def without_zone(self) -> Self:
        """Who serves and looks after no zone: a hole in the net."""
        assigned = _related("ZoneAssignment").filter(member=OuterRef("pk"), end=None)
        return self.serving().filter(~Exists(assigned))

    def without_phone(self) -> Self:
        return self.filter(phone__isnull=True)

    def without_account(self) -> Self:
        return self.filter(bank_account__isnull=True)

    def found_by(self, words: str) -> Self:
        """By name, pinyin or initials: each of `words` must hit. Never by a number; see members/searching.py.

        wangxiaomei, wxm, 王小梅, and wang xiao mei, whose words begin a syllable each.
        """
        found = self
        for word in words.split():
            hit = Q(name__contains=word)
            if word.isascii():
                latin = word.lower()
                hit |= Q(pinyin__startswith=latin) | Q(initials__startswith=latin) | Q(syllables__contains=f" {latin}")
            found = found.filter(hit)
        return found

    def update(self, **values: Any) -> int:
        """As Django's, but for numbers of persons: their fingerprints would stay behind. Use audit.save_many."""
        for name in values:
            if isinstance(self.model._meta.get_field(name), EncryptedTextField | FingerprintField):
                raise FieldError(f"{name} is not changed by update(): its fingerprint would stay behind.")
        return super().update(**values)

    update.alters_data = True  # type: ignore[attr-defined]


class Member(Audited):
    """A village sister: the person, once in the county, whichever council she is in."""

    council_path = "memberships__village"
    audit_left_out = frozenset(
        {"national_id_print", "phone_print", "bank_account_print", "birth_year", "pinyin", "initials", "syllables"}
    )

    name = models.CharField(_("full name"), max_length=40)
    national_id = EncryptedTextField(_("ID number"), mask=masks.masked_id, reading=numbers.national_id)
    national_id_print = FingerprintField(
        of="national_id",
        unique=True,
        error_messages={"unique": _("This number cannot be entered here. Ask the county.")},
    )
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, editable=False)  # for age bands
    phone = EncryptedTextField(_("phone"), null=True, blank=True, mask=masks.masked_phone, reading=numbers.phone)
    phone_print = FingerprintField(of="phone", null=True, db_index=True)
    bank_name = models.CharField(_("bank"), max_length=60, blank=True)
    bank_account = EncryptedTextField(
        _("bank account"), null=True, blank=True, mask=masks.masked_account, reading=numbers.bank_account
    )
    bank_account_print = FingerprintField(of="bank_account", null=True, db_index=True)
    # No index: what finds a woman by a piece of her name reads all names anyway (found_by).
    pinyin = models.CharField(_("pinyin"), max_length=120, editable=False)
    initials = models.CharField(_("initials"), max_length=20, editable=False)
    # To sort by: without a gap between syllables 陈桂 (chen gui) would stand after 程 (cheng).
    syllables = models.CharField(_("pinyin"), max_length=160, editable=False, default="", db_default="")
    political_status = models.CharField(_("political status"), max_length=20, choices=PoliticalStatus, blank=True)
    education = models.CharField(_("schooling"), max_length=20, choices=Education, blank=True)
    ethnicity = models.CharField(_("ethnic group"), max_length=20, default="汉族")
    remark = models.CharField(_("remarks"), max_length=200, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["syllables", "pk"]
        indexes = [models.Index(fields=["syllables", "id"], name="members_in_order")]
        permissions = [
            ("reveal_number", "Can see a whole personal number, for a reason"),
            ("see_age", "Can see and filter by age"),
            ("transfer_member", "Can transfer members between villages"),
            ("merge_member", "Can merge two records of one person"),
        ]

    def __str__(self) -> str:
        return self.name

    def save_base(self, *args: Any, **options: Any) -> None:
        self.derive()
        super().save_base(*args, **options)

    def derive(self) -> None:
        """Fills what follows from name and number: its readings, year of birth."""
        self.name = self.name.strip()
        self.pinyin, self.initials, self.syllables = reading_of(self.name)
        if self.national_id and not self.national_id.is_stored:
            self.birth_year = birth_year(self.national_id.clear)

    @property
    def village(self) -> Council | None:
        """Where she is a member today; only of what `with_terms` read."""
        running: list[Any] = self.open_memberships  # type: ignore[attr-defined]
        return running[0].village if running else None

    @classmethod
    def audit_council_ids(cls, records: Sequence[Audited]) -> list[int | None]:
        """The village of each one's open membership, or of her last one; None before she has any."""
        found: dict[int, int] = {}
        latest: QuerySet[Any] = _related("Membership").filter(member__in=[each.pk for each in records])
        rows = latest.order_by("start", "pk").values_list("member", "village", "end")
        for member, village, _end in sorted(rows, key=lambda row: row[2] is None):
            found[member] = village
        return [found.get(each.pk) for each in records]


def reading_of(name: str) -> tuple[str, str, str]:
    """Pinyin, initials and spaced syllables of a name, as long as their columns are."""
    found = syllables(name)
    return "".join(found)[:120], "".join(each[0] for each in found)[:20], " ".join(found)[:160]


def birth_year(number: str) -> int | None:
    """The year in an ID number; None where it is not one."""
    return int(number[6:10]) if number[6:10].isdecimal() else None


def _related(name: str) -> QuerySet[Any]:
    """Rows of a model that is declared after this one, by its own table alone."""
    manager: Any = apps.get_model("members", name)._base_manager
    found: QuerySet[Any] = manager.order_by()
    return found


def _memberships(*conditions: Q, **named: Any) -> QuerySet[Any]:
    return _related("Membership").filter(*conditions, member=OuterRef("pk"), **named)
