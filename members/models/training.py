from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, OuterRef, Q, Subquery, UniqueConstraint
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from councils.audit import Audited, AuditedQuerySet
from councils.models import Council
from councils.scope import within
from members.models.entry import Entry, Never, place_by_member
from members.models.member import Member


class Grade(models.TextChoices):
    """By which training is given; a vice president is trained with the presidents."""

    PRESIDENT = "president", _("presidents")
    DIRECTOR = "director", _("directors")
    BACKBONE = "backbone", _("backbone members")
    MEMBER = "member", _("ordinary members")


class SixRoles(models.TextChoices):
    PUBLICIST = "publicist", _("policy and law publicist")
    INSPECTOR = "inspector", _("village environment inspector")
    LEADER = "leader", _("civility leader")
    MEDIATOR = "mediator", _("dispute mediator")
    INFORMANT = "informant", _("village information officer")
    SERVANT = "servant", _("helper of the weak")


class TeacherKind(models.TextChoices):
    EXPERT = "expert", _("expert or scholar")
    PARTY_SCHOOL = "party_school", _("Party-school teacher")
    LAWYER = "lawyer", _("lawyer")
    CADRE = "cadre", _("township or village cadre")
    MEMBER = "member", _("outstanding member")


class Several(models.CharField):
    """Some of a few choices, in their order, kept as one text between commas; a form shows them as boxes to tick."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.offered = options.pop("offered", ())
        super().__init__(*args, **options)

    def formfield(self, *args: Any, **options: Any) -> Any:
        return _Ticked(
            label=self.verbose_name, choices=list(self.offered), required=not self.blank, help_text=self.help_text,
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip


class _Ticked(forms.MultipleChoiceField):
    def clean(self, value: Any) -> Any:
        return ",".join(super().clean(value))

    def prepare_value(self, value: Any) -> Any:
        return value.split(",") if isinstance(value, str) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed((initial or "").split(","), data)


class InstructorQuerySet(AuditedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """The county's pool of teachers is known to everybody below it."""
        council = getattr(user, "council", None) if getattr(user, "is_active", False) else None
        return self.none() if council is None else self.filter(council__code=council.code[:6])


class Instructor(Audited):
    """One of the county's pool of teachers."""

    council_path = "council"

    name = models.CharField(_("full name"), max_length=40)
    kind = models.CharField(_("kind of teacher"), max_length=12, choices=TeacherKind)
    member = models.OneToOneField(
        Member, models.PROTECT, null=True, blank=True, related_name="teaching", verbose_name=_("member"),
        help_text=_("An outstanding member is linked to her record."),
        error_messages={"unique": _("She is in the pool of teachers already.")},
    )  # fmt: skip
    employer = models.CharField(_("work unit and title"), max_length=80, blank=True)
    subjects = models.CharField(_("what is taught"), max_length=120, blank=True)
    in_use = models.BooleanField(_("still teaches"), default=True)
    council = models.ForeignKey(Council, models.PROTECT, related_name="instructors", verbose_name=_("county"))
    remark = models.CharField(_("remarks"), max_length=200, blank=True)

    objects: ClassVar[Any] = InstructorQuerySet.as_manager()

    class Meta:
        verbose_name = _("teacher")
        verbose_name_plural = _("pool of teachers")
        ordering = ["kind", "pk"]
        constraints = [
            CheckConstraint(
                name="teaching_member_is_linked",
                condition=Q(kind="member", member__isnull=False) | (~Q(kind="member") & Q(member=None)),
                violation_error_message=_("An outstanding member is linked to her record, and nobody else is."),
            ),
            UniqueConstraint(
                fields=["council", "name", "employer"], name="teacher_once",
                violation_error_message=_("This teacher is in the pool already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name} ({self.get_kind_display()})"

    def clean(self) -> None:
        if self.council_id and self.council.level != "county":
            raise ValidationError({"council": gettext("The pool of teachers is the county's.")})
        if (self.kind == TeacherKind.MEMBER) != bool(self.member_id):
            message = gettext("An outstanding member is linked to her record, and nobody else is.")
            raise ValidationError({"member": message})


class TrainingQuerySet(AuditedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """What her own council or one below it holds, and what those above hold for her members too."""
        council = getattr(user, "council", None) if getattr(user, "is_active", False) else None
        if council is None:
            return self.none()
        above = [council.code[:length] for length in (6, 9) if length < len(council.code)]
        return self.filter(within("council", council) | Q(council__code__in=above))

    def with_people(self, user: Any) -> Self:
        """Each with `people`, how many of those attended whom `user` sees."""
        here = Attendance.objects.visible_to(user).order_by().filter(session=OuterRef("pk"))
        counted = here.values("session").annotate(n=models.Count("pk")).values("n")
        return self.annotate(people=Coalesce(Subquery(counted), 0))


class TrainingSession(Audited):
    """One session: a topic on a day, held by a council for some grades."""

    council_path = "council"

    day = models.DateField(_("day"))
    topic = models.CharField(_("topic"), max_length=80)
    roles = Several(_("roles"), max_length=80, blank=True, offered=SixRoles.choices)
    grades = Several(_("for whom"), max_length=60, offered=Grade.choices)
    hours = models.DecimalField(
        _("hours"), max_digits=4, decimal_places=1,
        validators=[MinValueValidator(Decimal("0.5")), MaxValueValidator(80)],
    )  # fmt: skip
    place = models.CharField(_("place"), max_length=80, blank=True)
    instructor = models.ForeignKey(
        Instructor, models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("teacher")
    )
    council = models.ForeignKey(Council, models.PROTECT, related_name="sessions", verbose_name=_("held by"))
    remark = models.CharField(_("remarks"), max_length=200, blank=True)

    objects: ClassVar[Any] = TrainingQuerySet.as_manager()

    class Meta:
        verbose_name = _("training session")
        verbose_name_plural = _("training sessions")
        ordering = ["-day", "-pk"]
        constraints = [
            UniqueConstraint(
                fields=["council", "day", "topic"], name="one_session_a_topic_and_day",
                violation_error_message=_("This council holds a session of this topic on this day already."),
            ),
            CheckConstraint(
                name="session_has_hours", condition=Q(hours__gt=0, hours__lte=80),
                violation_error_message=_("A session takes half an hour at least and 80 hours at most."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.day} {self.topic}"

    @property
    def for_grades(self) -> str:
        """The grades in words."""
        return _words(self.grades, Grade.choices)

    @property
    def for_roles(self) -> str:
        return _words(self.roles, SixRoles.choices)

    def clean(self) -> None:
        """A day that people attended on does not move before one of them joined."""
        self.topic = " ".join((self.topic or "").split())
        if not self.pk or not self.day:
            return
        for each in self._attended():
            if self.day < each.joined():
                said = gettext("%(name)s attended it, and joined on %(day)s: the session cannot be before that day.")
                raise ValidationError({"day": said % {"name": each.member, "day": each.joined()}})

    def _attended(self) -> Iterable["Attendance"]:
        """Those who attended, with their memberships; asked for only where a list has not brought them along."""
        known = self.attendances.all()
        at_hand = "attendances" in getattr(self, "_prefetched_objects_cache", {})
        return known if at_hand else known.prefetch_related("member__memberships")


ATTENDED = _("She is entered for this session already.")


class Attendance(Entry):
    """A member who attended a session."""

    audit_related = ("member", "village", "session")
    never = (Never(("member", "session"), "session", ATTENDED),)

    member = models.ForeignKey(Member, models.PROTECT, related_name="attendances", verbose_name=_("member"))
    session = models.ForeignKey(
        TrainingSession, models.PROTECT, related_name="attendances", verbose_name=_("training session")
    )
    remark = models.CharField(_("remarks"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("training attended")
        ordering = ["-pk"]
        constraints = [
            UniqueConstraint(
                fields=["member", "session"], name="attended_once", violation_error_message=ATTENDED
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.member} {self.session}"

    def joined(self) -> date:
        """The day she first joined any council."""
        return min((each.start for each in self.member.memberships.all()), default=date.min)

    def clean(self) -> None:
        place_by_member(self)
        if self.member_id and self.session_id:
            if self.session.day < self.joined():
                said = gettext("The training was on %(day)s, and she joined on %(joined)s only.")
                raise ValidationError({"session": said % {"day": self.session.day, "joined": self.joined()}})
            if self.session.day > timezone.localdate():
                raise ValidationError({"session": gettext("This training has not been held yet. Enter it afterwards.")})
        if self.member_id:
            super().clean()


def _words(kept: str, choices: Iterable[Any]) -> str:
    words = dict(choices)
    return "、".join(str(words[each]) for each in kept.split(",") if each in words)
