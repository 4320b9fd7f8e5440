from datetime import date, timedelta
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from councils.audit import Audited, AuditedQuerySet
from councils.models import Council
from members.models.member import Member


class Position(models.TextChoices):
    PRESIDENT = "president", _("president")
    VICE_PRESIDENT = "vice_president", _("vice president")
    DIRECTOR = "director", _("director")
    BACKBONE = "backbone", _("backbone member")
    MEMBER = "member", _("ordinary member")


class PostQuerySet(AuditedQuerySet):
    def held_on(self, day: date) -> Self:
        """Posts held on `day`, first and last day included."""
        return self.filter(Q(end=None) | Q(end__gte=day), start__lte=day)

    def hand_over(self, field: str, gone: Council, kept: Council) -> int:
        """Posts of a merged village end with it and go on in the other; its president goes on as an ordinary member.

        Who presides over the village that stays is for that village to say, not for a merger.
        """
        day = gone.closed
        going = list(self.filter(**{field: gone}, end=None))
        if day is None or not going:
            return 0
        there = set(self.model.objects.filter(**{field: kept}, end=None).values_list("member", flat=True))
        self.model.objects.filter(pk__in=[each.pk for each in going]).update(
            end=models.Case(models.When(start__gte=day, then=F("start")), default=models.Value(day - timedelta(days=1)))
        )
        self.model.objects.bulk_create(
            self.model(
                member_id=each.member_id, start=max(day, each.start), **{field: kept},
                position=Position.MEMBER if each.position == Position.PRESIDENT else each.position,
            )
            for each in going
            if each.member_id not in there
        )  # fmt: skip
        return len(going)


class Post(Audited):
    """A member's office in one council, for one term."""

    council_path = "council"
    audit_related = ("member",)
    audit_with = "member"

    member = models.ForeignKey(Member, models.PROTECT, related_name="posts", verbose_name=_("member"))
    council = models.ForeignKey(Council, models.PROTECT, related_name="posts", verbose_name=_("council"))
    position = models.CharField(_("position"), max_length=20, choices=Position)
    start = models.DateField(_("from"))
    end = models.DateField(_("until"), null=True, blank=True)
    ex_officio = models.BooleanField(
        _("by office"), default=False, help_text=_("She chairs the women's federation of the same level.")
    )

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["-start", "-pk"]
        constraints = [
            UniqueConstraint(
                fields=["council"],
                condition=Q(position="president", end=None),
                name="one_president_a_council",
                violation_error_message=_("This council has a president. End her term first."),
            ),
            UniqueConstraint(
                fields=["member", "council"],
                condition=Q(end=None),
                name="one_open_post",
                violation_error_message=_("She has a post in this council. End it first."),
            ),
            CheckConstraint(
                name="post_ends_after_start",
                condition=Q(end=None) | Q(end__gte=F("start")),
                violation_error_message=_("A term cannot end before it began."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.get_position_display()}"

    def clean(self) -> None:
        """A village's officers are its members, unless by office; above, the president is so by office."""
        if not self.council_id or not self.member_id or self.end is not None:
            return
        if self.council.is_village:
            here = self.member.memberships.filter(village=self.council_id, end=None).exists()
            if not here and not self.ex_officio:
                raise ValidationError(
                    {"member": gettext("She is no member of this village. Transfer her first, or say “by office”.")}
                )
        elif self.position == Position.PRESIDENT and not self.ex_officio:
            message = gettext("At this level the president is the chair of the women's federation: tick “by office”.")
            raise ValidationError({"ex_officio": message})
