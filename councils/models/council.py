from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import CheckConstraint, F, Q, Value
from django.db.models.functions import Length, Substr
from django.db.models.lookups import Exact
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from mptt.managers import TreeManager
from mptt.models import MPTTModel, TreeForeignKey
from mptt.querysets import TreeQuerySet

from councils.audit import Audited, AuditedQuerySet


class Level(models.TextChoices):
    COUNTY = "county", _("county")
    TOWNSHIP = "township", _("township")
    VILLAGE = "village", _("village")
    COMMUNITY = "community", _("community")


VILLAGES = (Level.VILLAGE, Level.COMMUNITY)
CODE_LENGTH = {Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.VILLAGE: 12, Level.COMMUNITY: 12}
BELOW = {Level.COUNTY: (Level.TOWNSHIP,), Level.TOWNSHIP: VILLAGES, Level.VILLAGE: (), Level.COMMUNITY: ()}


def _code_has(length: int) -> Q:
    return Q(Exact(Length(F("code")), Value(length)))


class CouncilQuerySet(AuditedQuerySet, TreeQuerySet):
    def open_on(self, day: date) -> Self:
        """Councils that stood on `day`: opened on it or before, not closed before it or on it."""
        return self.filter(Q(opened=None) | Q(opened__lte=day), Q(closed=None) | Q(closed__gt=day))

    def at_level(self, *levels: Level) -> Self:
        return self.filter(level__in=levels)


class CouncilManager(TreeManager.from_queryset(CouncilQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> CouncilQuerySet:
        """By official code, which is the order of the tree: a parent before its children, these by their own codes."""
        found: CouncilQuerySet = super().get_queryset().order_by("code")
        return found


class Council(Audited, MPTTModel):
    """A village-sister council: of the county, of a township, or of a village or community.

    Written by councils/tree.py alone. The parent is held by its official code, so that the database itself can hold
    that a code begins with its parent's and that a child stands one level below. Left and right numbers serve drawing.
    """

    council_path = ""
    stays_put = True  # in a merger: what stood above stays above
    audit_left_out = frozenset({"lft", "rght", "tree_id", "depth"})

    parent = TreeForeignKey(
        "self", models.PROTECT, null=True, blank=True, to_field="code", db_column="parent_code",
        related_name="children", verbose_name=_("parent council"),
    )  # fmt: skip
    level = models.CharField(_("level"), max_length=10, choices=Level)
    code = models.CharField(
        _("official code"), max_length=12, unique=True,
        validators=[RegexValidator(r"^(\d{6}|\d{9}|\d{12})$", _("An official code has 6, 9 or 12 digits."))],
        error_messages={"unique": _("Another council has this official code.")},
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=60)
    short_name = models.CharField(_("short name"), max_length=30, blank=True)
    opened = models.DateField(_("opened on"), null=True, blank=True)
    closed = models.DateField(_("closed on"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )

    objects = CouncilManager()

    class MPTTMeta:
        level_attr = "depth"

    class Meta:
        verbose_name = _("council")
        verbose_name_plural = _("councils")
        indexes = []
        permissions = [("reshape_council", "Can rename, move, merge and close councils")]
        constraints = [
            CheckConstraint(
                name="code_length_of_level",
                condition=Q(_code_has(6), level=Level.COUNTY)
                | Q(_code_has(9), level=Level.TOWNSHIP)
                | Q(_code_has(12), level__in=VILLAGES),
                violation_error_message=_("A county's code has 6 digits, a township's 9, a village's 12."),
            ),
            CheckConstraint(
                name="code_begins_with_parents",
                condition=Q(level=Level.COUNTY, parent__isnull=True)
                | Q(
                    Q(Exact(F("parent"), Substr(F("code"), 1, Length(F("code")) - Value(3)))),
                    ~Q(level=Level.COUNTY),
                    parent__isnull=False,
                ),
                violation_error_message=_("The code must be that of the council above and three more digits."),
            ),
            CheckConstraint(
                name="council_closed_after_opened",
                condition=Q(closed=None) | Q(opened=None) | Q(closed__gte=F("opened")),
                violation_error_message=_("A council cannot be closed before it was opened."),
            ),
            CheckConstraint(
                name="council_merged_is_closed",
                condition=Q(merged_into=None) | Q(closed__isnull=False),
                violation_error_message=_("A council that was merged into another is closed."),
            ),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    def clean(self) -> None:
        """The rules of levels, in words for a form; the database holds the same."""
        above = self.parent
        if self.level == Level.COUNTY:
            if above is not None:
                raise ValidationError({"parent": gettext("A county stands at the top: it has no council above it.")})
            return
        if above is None:
            raise ValidationError({"parent": gettext("Choose the council above.")})
        if self.level not in BELOW[Level(above.level)]:
            raise ValidationError({"level": gettext("Below %(above)s there is no such level.") % {"above": above.name}})
        if not self.code.startswith(above.code):
            raise ValidationError(
                {"code": gettext("The code must begin with %(code)s, the code of the council above.")
                 % {"code": above.code}}
            )  # fmt: skip

    @property
    def is_open(self) -> bool:
        return self.closed is None

    @property
    def is_village(self) -> bool:
        return self.level in VILLAGES


class FormerName(Audited):
    """A name or code a council had before; it is still found by it."""

    council_path = "council"
    stays_put = True

    council = models.ForeignKey(Council, models.PROTECT, related_name="former_names", verbose_name=_("council"))
    name = models.CharField(_("former name"), max_length=60, db_index=True)
    code = models.CharField(_("former official code"), max_length=12, db_index=True)
    until = models.DateField(_("until"))

    objects = AuditedQuerySet.as_manager()

    class Meta:
        verbose_name = _("former name")
        verbose_name_plural = _("former names")
        ordering = ["-until", "-pk"]

    def __str__(self) -> str:
        return self.name
