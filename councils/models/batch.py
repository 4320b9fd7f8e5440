from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from councils.audit import Audited, AuditedQuerySet
from councils.models.council import Council
from councils.scope import ScopedQuerySet
from cunsao.personal_data import EncryptedTextField

KEPT = timedelta(days=7)  # an upload that nobody applied


class BatchState(models.TextChoices):
    STAGED = "staged", _("looked at")
    APPLIED = "applied", _("applied")
    UNDONE = "undone", _("undone")
    EXPIRED = "expired", _("expired")
    DISCARDED = "discarded", _("discarded")


class BatchQuerySet(AuditedQuerySet):
    def waiting(self) -> Self:
        """Looked at, neither applied nor expired."""
        return self.filter(state=BatchState.STAGED, at__gt=timezone.now() - KEPT)

    def expire(self) -> int:
        """Uploads that nobody applied in time lose their rows and their file; that they were there stays known."""
        old = self.filter(state=BatchState.STAGED, at__lte=timezone.now() - KEPT)
        return self.filter(pk__in=list(old.values_list("pk", flat=True))).let_go(BatchState.EXPIRED)

    def let_go(self, state: BatchState) -> int:
        """Takes away rows and files, which hold numbers of persons, and leaves `state` behind."""
        BatchPage.objects.filter(batch__in=self).delete()
        return self.light().update(state=state, content=None, absent=None)

    def readable_by(self, user: Any) -> Self:
        """What `user` may open: her own uploads, and what was applied in her jurisdiction."""
        return self.visible_to(user).filter(~Q(state=BatchState.STAGED) | Q(uploaded_by=user))

    def light(self) -> Self:
        """Without the file and what else is large."""
        return self.defer("content", "tally", "absent", "overtaken")


class Batch(Audited):
    """An uploaded list: who brought it, what was found in it, and what became of it.

    `content` is the file itself, to be given back with its faults marked; it holds numbers of persons and is sealed.
    """

    council_path = "council"
    stays_put = True  # in a merger: a list was brought where it was brought
    audit_left_out = frozenset({"content", "told", "overtaken", "tally", "absent"})

    kind = models.CharField(_("kind of list"), max_length=30)
    file_name = models.CharField(_("file"), max_length=200)
    digest = models.CharField(_("SHA-256 of the file"), max_length=64)
    content = EncryptedTextField(_("file"), null=True, editable=False)  # in base64
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="batches", verbose_name=_("uploaded by")
    )
    council = models.ForeignKey(Council, models.PROTECT, null=True, related_name="+", verbose_name=_("council"))
    at = models.DateTimeField(_("uploaded"), default=timezone.now, db_index=True)
    state = models.CharField(_("state"), max_length=10, choices=BatchState, default=BatchState.STAGED)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    created = models.PositiveIntegerField(_("new"), default=0)
    updated = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    rejected = models.PositiveIntegerField(_("not accepted"), default=0)
    applied_at = models.DateTimeField(_("applied"), null=True, editable=False)
    # What concerns no row: {"findings", "header_rows", "whole": of what it is whole, "left": who was edited since,
    # "made": what applying opened beside the rows}
    told = models.JSONField(_("warnings"), default=dict)
    tally = models.JSONField(_("rows by page"), default=list)  # councils/intake/leafing.py
    absent = models.JSONField(_("not in the list"), null=True)  # keys; None where the list is not said to be whole
    overtaken = models.JSONField(_("overtaken rows"), default=dict)  # {place of the row: its findings}

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import batch")
        verbose_name_plural = _("import batches")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def uploaded(self) -> str:
        """When, to the minute."""
        return f"{timezone.localtime(self.at):%Y-%m-%d %H:%M}"

    @property
    def kept_until(self) -> datetime:
        """The end of the time in which it can be applied."""
        return self.at + KEPT

    @property
    def is_waiting(self) -> bool:
        return self.state == BatchState.STAGED and self.at > timezone.now() - KEPT


class BatchPage(models.Model):
    """Fifty reviewed rows of a batch, as JSON; sealed, since each row holds an ID number."""

    SIZE = 50
    council_path = "batch__council"

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="pages", verbose_name=_("import batch"))
    number = models.PositiveIntegerField(_("page"))
    rows = EncryptedTextField(_("rows"), editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("page of a batch")
        verbose_name_plural = _("pages of batches")
        ordering = ["batch", "number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="one_page_a_number")]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.number}"
