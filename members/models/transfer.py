from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from councils.audit import Audited, AuditedQuerySet
from councils.models import Council
from councils.scope import within
from members.models.member import Member


class TransferState(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", _("turned down")
    WITHDRAWN = "withdrawn", _("withdrawn")


class TransferQuerySet(AuditedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Both sides of a transfer know of it."""
        council = getattr(user, "council", None) if getattr(user, "is_active", False) else None
        if council is None:
            return self.none()
        return self.filter(within("from_village", council) | within("to_village", council))

    def waiting(self) -> Self:
        return self.filter(state=TransferState.PROPOSED)

    def hand_over(self, field: str, gone: Council, kept: Council) -> int:
        """What is proposed to or from a merged village goes on with the other; what was decided stays as it was."""
        other = {"from_village": "to_village", "to_village": "from_village"}[field]
        waiting = self.filter(**{field: gone}).waiting()
        within_one = waiting.filter(**{other: kept}).update(state=TransferState.WITHDRAWN)
        return within_one + waiting.update(**{field: kept})


class Transfer(Audited):
    """A member's way from one village to another: proposed by the one side, accepted or turned down by the other."""

    council_path = "from_village"
    audit_related = ("member",)

    member = models.ForeignKey(Member, models.PROTECT, related_name="transfers", verbose_name=_("member"))
    from_village = models.ForeignKey(Council, models.PROTECT, related_name="transfers_out", verbose_name=_("from"))
    to_village = models.ForeignKey(Council, models.PROTECT, related_name="transfers_in", verbose_name=_("to"))
    day = models.DateField(_("from which day"))
    state = models.CharField(_("state"), max_length=12, choices=TransferState, default=TransferState.PROPOSED)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("proposed by")
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ["-day", "-pk"]
        constraints = [
            UniqueConstraint(
                fields=["member"],
                condition=Q(state="proposed"),
                name="one_waiting_transfer",
                violation_error_message=_("A transfer of hers is waiting already. Decide it or withdraw it first."),
            ),
            CheckConstraint(
                name="transfer_between_two_villages",
                condition=~Q(from_village=F("to_village")) | Q(state="withdrawn"),
                violation_error_message=_("A transfer leads into another village."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.member)
