from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
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


class BatchQuerySet(AuditedQuerySet):
    def waiting(self) -> Self:
        """Looked at, neither applied nor expired."""
        return self.filter(state=BatchState.STAGED, at__gt=timezone.now() - KEPT)

    def expire(self) -> int:
        """Uploads that nobody applied in time lose their rows and their file; that they were there stays known."""
        old = list(self.filter(state=BatchState.STAGED, at__lte=timezone.now() - KEPT))
        BatchPage.objects.filter(batch__in=old).delete()
        return self.filter(pk__in=[each.pk for each in old]).update(state=BatchState.EXPIRED, content=None)


class Batch(Audited):
    """An uploaded list: who brought it, what was found in it, and what became of it.

    `content` is the file itself, to be given back with its faults marked; it holds numbers of persons and is sealed.
    """

    council_path = "council"
    stays_put = True  # in a merger: a list was brought where it was brought
    audit_left_out = frozenset({"content", "told", "overtaken"})

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
    rejected = models.PositiveIntegerField(_("refused"), default=0)
    told = models.JSONField(_("warnings"), default=dict)  # what concerns no row: {"findings", "header_rows", "made"}
    overtaken = models.JSONField(_("overtaken rows"), default=dict)  # {place of the row: its findings}

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import batch")
        verbose_name_plural = _("import batches")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name

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
