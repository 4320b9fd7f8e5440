from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from councils.scope import ScopedQuerySet


class Action(models.TextChoices):
    CREATED = "created", _("created")
    CHANGED = "changed", _("changed")
    DELETED = "deleted", _("deleted")
    REFUSED = "refused", _("refused")
    EXPORTED = "exported", _("exported")
    REVEALED = "revealed", _("number shown")
    SIGNED_IN = "signed_in", _("signed in")
    SIGN_IN_REFUSED = "sign_in_refused", _("sign-in refused")
    KEYS_CHANGED = "keys_changed", _("keys of personal numbers changed")


def actions() -> list[tuple[str, Any]]:
    return Action.choices


class Change(models.Model):
    """One entry of the audit trail: who did what to which record, when and from where. Nobody changes or deletes it."""

    council_path = "council"
    stays_put = True  # in a merger: history is where it was

    at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)
    # PROTECT keeps the accounts and councils that entries name, and an entry never changes: that the database looks
    # each of them up as well would take as long as writing the entries of a list.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False,
        verbose_name=_("who"),
    )  # fmt: skip
    actor_name = models.CharField(_("who"), max_length=150, blank=True)
    address = models.CharField(_("from where"), max_length=45, blank=True)
    action = models.CharField(_("what"), max_length=20, choices=actions)
    record = models.CharField(_("kind of record"), max_length=60)  # "councils.zone"
    record_id = models.BigIntegerField(null=True)
    record_name = models.CharField(_("record"), max_length=200, blank=True)
    council = models.ForeignKey(
        "councils.Council", models.PROTECT, null=True, related_name="+", db_constraint=False, verbose_name=_("council")
    )
    fields = models.JSONField(_("before and after"), default=dict)  # {"name": ["old", "new"]}

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("audit trail")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["record", "record_id"], name="change_of_record")]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.record_name}"
