from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from councils.audit import Audited, AuditedQuerySet
from councils.models import Council
from members.models.member import Member


class MemberPhotoQuerySet(AuditedQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(member__in=Member.objects.visible_to(user))

    def under(self, council: Council) -> Self:
        return self.filter(member__in=Member.objects.under(council))


class MemberPhoto(Audited):
    """A member's picture: a file of the data folder, which cunsao/pictures.py drew."""

    council_path = "member__memberships__village"
    audit_unsaid = frozenset({"file"})
    audit_related = ("member",)

    member = models.OneToOneField(Member, models.PROTECT, related_name="photo", verbose_name=_("member"))
    file = models.CharField(_("file"), max_length=100, unique=True, editable=False)

    objects = MemberPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")

    def __str__(self) -> str:
        return str(self.member)

    @classmethod
    def audit_council_ids(cls, records: Any) -> list[int | None]:
        return Member.audit_council_ids([record.member for record in records])
