from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from councils.audit import Audited, AuditedQuerySet
from councils.models import Council
from cunsao.personal_data import EncryptedTextField
from members.models.member import Member


class MergedRecordQuerySet(AuditedQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(kept__in=Member.objects.visible_to(user))

    def under(self, council: Council) -> Self:
        return self.filter(kept__in=Member.objects.under(council))


class MergedRecord(Audited):
    """That two records were one person: what the one that went had said, and what moved to the one that stays.

    `gone` is the image of every row that is no more. It holds numbers of persons and therefore is sealed as they are.
    """

    council_path = "kept__memberships__village"
    audit_left_out = frozenset({"gone", "moved"})
    audit_related = ("kept",)

    kept = models.ForeignKey(Member, models.PROTECT, related_name="merged_records", verbose_name=_("member"))
    gone_name = models.CharField(_("record that went"), max_length=40)
    gone = EncryptedTextField(_("what it said"), editable=False)
    moved = models.JSONField(_("what moved"), default=dict, editable=False)  # {"members.post.member": [keys]}
    day = models.DateField(_("on"))
    undone = models.DateField(_("undone on"), null=True, blank=True)

    objects = MergedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("merged record")
        verbose_name_plural = _("merged records")
        ordering = ["-day", "-pk"]

    def __str__(self) -> str:
        return self.gone_name

    @classmethod
    def audit_council_ids(cls, records: Any) -> list[int | None]:
        return Member.audit_council_ids([record.kept for record in records])
