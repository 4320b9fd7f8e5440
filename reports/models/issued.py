from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from councils.audit import Audited, AuditedQuerySet
from councils.models import Council


class ReportKind(models.TextChoices):
    MONTH = "month", _("monthly report")
    QUARTER = "quarter", _("quarterly report")
    YEAR = "year", _("yearly report")


class IssuedReport(Audited):
    """A report as it was issued: all its words and figures, which nobody changes or deletes; a later one of the same
    period is a further version. Written by reports/reporting.py alone; `digest` is of the content.
    """

    council_path = "council"
    stays_put = True  # in a merger: it was told of the council that stood then
    audit_left_out = frozenset({"content"})

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", verbose_name=_("council"))
    kind = models.CharField(_("kind of report"), max_length=8, choices=ReportKind)
    start = models.DateField(_("from"))
    end = models.DateField(_("until"))
    version = models.PositiveIntegerField(_("version"))
    content: Any = models.JSONField(_("content"))
    digest = models.CharField(_("SHA-256 of the content"), max_length=64)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False,
        verbose_name=_("issued by"),
    )  # fmt: skip
    issued_at = models.DateTimeField(_("issued at"), default=timezone.now)

    objects = AuditedQuerySet.as_manager()

    class Meta:
        verbose_name = _("issued report")
        verbose_name_plural = _("issued reports")
        ordering = ["-start", "council__code", "kind", "-version"]
        default_permissions = ("view",)
        permissions = [("issue_report", "Can issue reports")]
        constraints = [
            UniqueConstraint(
                fields=["council", "kind", "start", "version"],
                name="one_report_a_version",
                violation_error_message=_("Somebody issued this report at the same moment. Look at hers."),
            ),
            CheckConstraint(
                name="report_period_in_order",
                condition=Q(end__gte=F("start")),
                violation_error_message=_("A period cannot end before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.content.get('title', '')} v{self.version}"
