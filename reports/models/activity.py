import hashlib
import re
import unicodedata
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from councils.audit import Audited, AuditedQuerySet
from councils.models import Council, Level, Zone
from councils.scope import ScopedQuerySet
from cunsao import months
from members.models import Member
from reports import kinds

MOST = 9_999  # of one kind in one record: more is a slip
NO_LETTER = re.compile(r"[\W_]+")
SHORTEST_TEXT = 8  # letters; two shorter texts may be the same by chance


class State(models.TextChoices):
    OPEN = "open", _("not verified yet")
    VERIFIED = "verified", _("verified")
    REJECTED = "rejected", _("given back")


class Source(models.TextChoices):
    PAGE = "page", _("on a form")
    PHONE = "phone", _("on the phone")
    SHEET = "sheet", _("month's sheet")
    IMPORT = "import", _("from a list")


class ActivityQuerySet(AuditedQuerySet):
    """Activities. Villages never change their county, so a county is asked by its own column; a township by the keys of
    its villages, which are asked at once: given as numbers they let an index alone find a page."""

    def visible_to(self, user: Any) -> Self:
        council = getattr(user, "council", None) if getattr(user, "is_active", False) else None
        return self.none() if council is None else self.under(council)

    def under(self, council: Council) -> Self:
        """Of the villages that belong to `council` today, wherever they belonged when it was done."""
        if council.level == Level.COUNTY:
            return self.filter(county=council)
        if council.level == Level.TOWNSHIP:
            return self.filter(village__in=list(Council.objects.filter(parent=council).values_list("pk", flat=True)))
        return self.filter(village=council)

    def of_role(self, role: str) -> Self:
        return self.filter(role=role)

    def by_member(self, member: Member | int) -> Self:
        """What she did, alone or with others."""
        done = ActivityMember.objects.filter(member=member)
        return self.filter(pk__in=done.order_by().values("activity"))

    def verified(self) -> Self:
        """What counts for money and ranking."""
        return self.filter(state=State.VERIFIED)

    def waiting(self) -> Self:
        return self.filter(state=State.OPEN)


class Activity(Audited):
    """One thing that was done: a day, a village, a kind, how many, by whom. Written by reports/activities.py alone.

    `month`, `role`, `township` and `county` follow from day, kind and village as they stood when it was entered;
    `doers` are the members' names as they stood. `text_print` finds the same text again.
    """

    council_path = "village"
    stays_put = True  # in a merger: it was done where it was done
    audit_left_out = frozenset({"month", "role", "township", "county", "size", "text_print", "version"})

    day = models.DateField(_("day"))
    month = models.DateField(_("month"), editable=False)
    village = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False, verbose_name=_("village"))
    township = models.ForeignKey(
        Council, models.PROTECT, related_name="+", db_index=False, editable=False, verbose_name=_("township")
    )
    county = models.ForeignKey(
        Council, models.PROTECT, related_name="+", db_index=False, editable=False, verbose_name=_("county")
    )
    zone = models.ForeignKey(
        Zone, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("grid zone")
    )
    role = models.CharField(_("role"), max_length=12, choices=kinds.Role, editable=False)
    kind = models.CharField(_("kind of work"), max_length=30, choices=kinds.choices)
    quantity = models.PositiveIntegerField(_("how many"), default=1, validators=[MinValueValidator(1)])
    household = models.CharField(
        _("head of household"), max_length=60, blank=True
    )  # its head, with a house number at need
    place = models.CharField(_("place"), max_length=60, blank=True)
    text = models.TextField(_("in words"), max_length=1000, blank=True)
    text_print = models.CharField(max_length=16, blank=True, editable=False)
    particulars = models.JSONField(_("particulars"), default=dict, blank=True)
    members: Any = models.ManyToManyField(
        Member, through="reports.ActivityMember", related_name="activities", verbose_name=_("members")
    )
    doers = models.CharField(_("done by"), max_length=400, blank=True, editable=False)
    size = models.PositiveSmallIntegerField(_("how many members"), default=0, editable=False)
    source = models.CharField(_("way of entry"), max_length=8, choices=Source, default=Source.PAGE, editable=False)
    client_key = models.UUIDField(null=True, editable=False)  # made on the phone, so that twice sent is once stored
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False, db_index=False,
        verbose_name=_("entered by"),
    )  # fmt: skip
    recorded_at = models.DateTimeField(_("entered at"), default=timezone.now, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN, editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False, db_index=False,
        verbose_name=_("looked at by"),
    )  # fmt: skip
    verified_at = models.DateTimeField(_("looked at on"), null=True, editable=False)
    reason = models.CharField(_("why it was given back"), max_length=200, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["-day", "-pk"]
        permissions = [("verify_activity", "Can verify activities of villages below")]
        indexes = [
            models.Index(fields=["village", "day", "id"], name="activity_village_day"),
            models.Index(fields=["county", "day", "id"], name="activity_county_day"),
            models.Index(fields=["county", "role", "day", "id"], name="activity_county_role"),
            models.Index(  # the last four let campaigns be counted without the records
                fields=["county", "kind", "day", "id", "village", "township", "state", "quantity"],
                name="activity_county_kind",
            ),
            models.Index(fields=["village", "kind", "day", "id"], name="activity_village_kind"),
            models.Index(fields=["township", "month", "kind"], name="activity_township_month"),
            models.Index(fields=["county", "state", "day", "id"], name="activity_county_state"),
            models.Index(fields=["village", "state", "day", "id"], name="activity_village_state"),
            models.Index(fields=["village", "text_print"], condition=~Q(text_print=""), name="activity_text"),
        ]
        constraints = [
            UniqueConstraint(
                fields=["client_key"],
                condition=Q(client_key__isnull=False),
                name="activity_sent_once",
                violation_error_message=_("This record was stored already."),
            ),
            CheckConstraint(
                name="activity_quantity",
                condition=Q(quantity__gte=1, quantity__lte=MOST),
                violation_error_message=_("Enter a number from 1 to 9,999."),
            ),
            CheckConstraint(
                name="activity_verified_by_another",
                condition=Q(verified_by=None) | Q(recorded_by=None) | ~Q(verified_by=F("recorded_by")),
                violation_error_message=_("Nobody verifies what she entered herself."),
            ),
            CheckConstraint(
                name="activity_state_and_who",
                condition=Q(state="open", verified_at=None, verified_by=None)
                | (~Q(state="open") & Q(verified_at__isnull=False)),
                violation_error_message=_("What was looked at says by whom and when."),
            ),
            CheckConstraint(
                name="activity_reason_when_turned_down",
                condition=Q(state="rejected") & ~Q(reason="") | ~Q(state="rejected") & Q(reason=""),
                violation_error_message=_("What is turned down has a reason, and nothing else has."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.what.label}"  # Django's display hashes all choices each time

    @property
    def what(self) -> kinds.Kind:
        return kinds.KINDS[self.kind]

    def save_base(self, *args: Any, **options: Any) -> None:
        self.derive()
        super().save_base(*args, **options)

    def derive(self) -> None:
        """Fills what follows from day, kind, text and, when it is new, from the village."""
        self.month = months.first(self.day)
        self.role = self.what.role.value
        self.text_print = print_of(self.text)
        if self._state.adding and self.village_id:
            self.township = self.village.parent
            self.county = self.township.parent

    def clean(self) -> None:
        """The rules of its kind, in words for a form."""
        if self.kind in kinds.KINDS:
            self.household = self.household.strip()
            self.particulars = read_particulars(self.what, self.particulars, self.household, self.quantity)
        if self.village_id and not self.village.is_village:
            raise ValidationError({"village": gettext("Work is done in a village or a community. Choose one.")})
        if self.zone and self.zone.village_id != self.village_id:
            raise ValidationError({"zone": gettext("This zone belongs to another village.")})
        if self.day and self.day > timezone.localdate():
            raise ValidationError({"day": gettext("This day has not come yet.")})


class ActivityMember(models.Model):
    """Who did it. What the trail says of it stands with the activity, by name."""

    council_path = "activity__village"

    activity = models.ForeignKey(Activity, models.CASCADE, db_index=False, related_name="taking_part")
    member = models.ForeignKey(Member, models.PROTECT, db_index=False, related_name="deeds", verbose_name=_("member"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("part in an activity")
        verbose_name_plural = _("parts in activities")
        constraints = [UniqueConstraint(fields=["activity", "member"], name="once_in_an_activity")]
        indexes = [models.Index(fields=["member", "activity"], name="activity_of_member")]

    def __str__(self) -> str:
        return f"{self.activity_id}/{self.member_id}"


def read_particulars(kind: kinds.Kind, said: Any, household: str, quantity: int | None) -> dict[str, str | int]:
    """What a kind stores beside its quantity; raises ValidationError with the names of fields."""
    if kind.household and not household:
        raise ValidationError({"household": gettext("Name the household: its head, with the house number at need.")})
    if kind.household and quantity != 1:
        raise ValidationError({"quantity": gettext("One household a record: enter 1, and the next one by itself.")})
    if household and not kind.household:
        raise ValidationError({"household": gettext("“%(kind)s” names no household.") % {"kind": kind.label}})
    try:
        return kind.read(said or {})
    except ValidationError as faults:
        raise ValidationError({"particulars": [*faults.messages]}) from faults


def print_of(text: str) -> str:
    """What two texts have in common that say the same in the same words; "" for one too short to tell."""
    letters = NO_LETTER.sub("", unicodedata.normalize("NFKC", text)).lower()
    if len(letters) < SHORTEST_TEXT:
        return ""
    return hashlib.blake2b(letters.encode(), digest_size=8).hexdigest()
