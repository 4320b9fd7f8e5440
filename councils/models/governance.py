"""By whom and by what a council is led: Party organisation, federation, registration, charter, rules, leading group."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from councils.audit import Audited, AuditedQuerySet
from councils.models.council import Council, Level


class Registration(models.TextChoices):
    REGISTERED = "registered", _("registered")
    FILED = "filed", _("filed for the record")


NUMBER_WITH_DAY = _("A registration has its kind, number and day: enter all three, or none.")
NUMBER_TAKEN = _("This registration number is entered for a council already. Check the number.")


class Governance(Audited):
    """Who leads and guides one council, and under which number civil affairs know it."""

    council_path = "council"
    audit_related = ("council",)
    stays_put = True

    council = models.OneToOneField(
        Council, models.PROTECT, related_name="governance", verbose_name=_("council"),
        error_messages={"unique": _("This council has its entry already. Change that one.")},
    )  # fmt: skip
    party_organisation = models.CharField(_("leading Party organisation"), max_length=80, blank=True)
    federation = models.CharField(_("guiding women's federation"), max_length=80, blank=True)
    registration = models.CharField(_("kind of registration"), max_length=12, choices=Registration, blank=True)
    number = models.CharField(_("registration number"), max_length=60, blank=True)
    registered_on = models.DateField(_("registered on"), null=True, blank=True)
    registered_until = models.DateField(
        _("registered until"), null=True, blank=True, help_text=_("Leave it empty if it does not expire.")
    )
    remark = models.CharField(_("remarks"), max_length=200, blank=True)

    objects: ClassVar[Any] = AuditedQuerySet.as_manager()

    class Meta:
        verbose_name = _("leadership and registration")
        verbose_name_plural = _("leadership and registration of councils")
        ordering = ["council__code"]
        constraints = [
            CheckConstraint(
                name="registration_whole",
                condition=Q(registration="", number="", registered_on=None, registered_until=None)
                | (~Q(registration="") & ~Q(number="") & Q(registered_on__isnull=False)),
                violation_error_message=NUMBER_WITH_DAY,
            ),
            CheckConstraint(
                name="registration_ends_after_start",
                condition=Q(registered_until=None) | Q(registered_until__gte=F("registered_on")),
                violation_error_message=_("A registration cannot expire before it began."),
            ),
            UniqueConstraint(
                fields=["registration", "number"], condition=~Q(number=""), name="registration_number_once",
                violation_error_message=NUMBER_TAKEN,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.council)

    @property
    def has_expired(self) -> bool:
        return self.registered_until is not None and self.registered_until < timezone.localdate()

    def clean(self) -> None:
        self.number = "".join((self.number or "").split())
        named = {"registration": self.registration, "number": self.number, "registered_on": self.registered_on}
        missing = [name for name, value in named.items() if not value]
        if missing and (len(missing) < len(named) or self.registered_until):
            raise ValidationError({missing[0]: str(NUMBER_WITH_DAY)})
        if self.registered_on and self.registered_on > timezone.localdate():
            raise ValidationError({"registered_on": gettext("This day has not come yet. Enter it when it has.")})
        if self.registered_on and self.registered_until and self.registered_until < self.registered_on:
            raise ValidationError({"registered_until": gettext("A registration cannot expire before it began.")})


class StatuteKind(models.TextChoices):
    CHARTER = "charter", _("charter")
    RULES = "rules", _("daily rules")


class Statute(Audited):
    """One version of a council's charter or daily rules: a file of the data folder. A new one changes no old one."""

    council_path = "council"
    audit_related = ("council",)
    audit_unsaid = frozenset({"file"})
    stays_put = True

    council = models.ForeignKey(Council, models.PROTECT, related_name="statutes", verbose_name=_("council"))
    kind = models.CharField(_("kind of document"), max_length=10, choices=StatuteKind)
    version = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=120)
    adopted = models.DateField(_("adopted on"))
    file = models.CharField(_("file"), max_length=100, unique=True, editable=False)
    ending = models.CharField(_("kind of file"), max_length=5, editable=False)
    size = models.PositiveIntegerField(_("size in bytes"), editable=False)

    objects: ClassVar[Any] = AuditedQuerySet.as_manager()

    class Meta:
        verbose_name = _("charter or rules")
        verbose_name_plural = _("charters and rules")
        ordering = ["council__code", "kind", "-version"]
        constraints = [
            UniqueConstraint(
                fields=["council", "kind", "version"], name="one_statute_a_version",
                violation_error_message=_("Somebody else entered a version at the same moment. Try again."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title


class Leading(models.TextChoices):
    SECRETARY = "secretary", _("head: Party secretary of the county")
    COUNTY_HEAD = "county_head", _("head: head of the county")
    DEPUTY = "deputy", _("deputy head")
    MEMBER = "member", _("member of the group")


HEADS = (Leading.SECRETARY, Leading.COUNTY_HEAD)
TWO_HEADS = _("The group has one head of this kind. End that term first.")


def two_heads(one: Any, other: Any) -> bool:
    """Whether two persons of one role would be heads of the group at once."""
    return one.role in HEADS and one.end is None and other.end is None


class Leader(Audited):
    """Somebody in the county's leading group, for a term; its heads are the Party secretary and the county's head."""

    council_path = "council"
    audit_related = ("council",)
    stays_put = True

    council = models.ForeignKey(Council, models.PROTECT, related_name="leaders", verbose_name=_("county"))
    name = models.CharField(_("full name"), max_length=40)
    role = models.CharField(_("role in the group"), max_length=12, choices=Leading)
    duty = models.CharField(_("office held"), max_length=80, blank=True)
    start = models.DateField(_("from"))
    end = models.DateField(_("until"), null=True, blank=True)

    objects: ClassVar[Any] = AuditedQuerySet.as_manager()

    class Meta:
        verbose_name = _("person of the leading group")
        verbose_name_plural = _("leading group")
        ordering = ["-role", "pk"]
        constraints = [
            UniqueConstraint(
                fields=["council", "role"], condition=Q(end=None, role__in=HEADS), name="one_head_of_a_kind",
                violation_error_message=TWO_HEADS,
            ),
            CheckConstraint(
                name="leader_ends_after_start", condition=Q(end=None) | Q(end__gte=F("start")),
                violation_error_message=_("A term cannot end before it began."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.council_id and self.council.level != Level.COUNTY:
            raise ValidationError({"council": gettext("The leading group is the county's.")})
        if self.start and self.end and self.end < self.start:
            raise ValidationError({"end": gettext("A term cannot end before it began.")})
