from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from councils.audit import Audited, AuditedQuerySet
from reports.models.activity import Activity

MOST_PHOTOS = 6  # of one activity


class Photo(Audited):
    """A picture of an activity: cleaned, without its place, kept privately. Written by reports/photos.py alone.

    `digest` is of the cleaned bytes, `look` a fingerprint of what is seen, so that the same picture is told again even
    where it was made smaller.
    """

    council_path = "activity__village"
    audit_related = ("activity",)
    audit_left_out = frozenset({"digest", "look", "client_key"})
    audit_unsaid = frozenset({"file"})

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="photos", verbose_name=_("activity"))
    place = models.PositiveSmallIntegerField(_("number"))
    file = models.CharField(_("file"), max_length=100, unique=True, editable=False)
    digest = models.CharField(max_length=64, db_index=True, editable=False)
    look = models.CharField(max_length=16, db_index=True, blank=True, editable=False)
    client_key = models.UUIDField(null=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("entered by"),
    )  # fmt: skip
    recorded_at = models.DateTimeField(_("entered at"), default=timezone.now, editable=False)

    objects = AuditedQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["activity", "place"]
        constraints = [
            UniqueConstraint(fields=["activity", "place"], name="photo_place"),
            UniqueConstraint(
                fields=["client_key"], condition=Q(client_key__isnull=False), name="photo_sent_once",
            ),
            CheckConstraint(
                name="photo_number",
                condition=Q(place__gte=1, place__lte=MOST_PHOTOS),
                violation_error_message=_("An activity has six photos at most."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.activity} {self.place}"
