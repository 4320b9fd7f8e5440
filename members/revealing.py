"""A whole number against a reason: permitted, counted, and entered in the trail before it is shown."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from councils import audit
from councils.exports import SHORTEST_REASON
from councils.models import Action, Change
from cunsao import locks
from members.models import Member

AN_HOUR = 30
REVEALED = ("national_id", "phone", "bank_account")


class RevealRefused(Exception):
    """Says why the number stays masked."""


def reveal(member: Member, name: str, reason: str, by: Any) -> str:
    """The whole number in the field `name` of a member that `by` sees. Raises RevealRefused; the refusal is entered."""
    if refusal := _refusal(member, name, reason, by):
        return _refuse(member, name, by, refusal)
    # One at a time for each account, so that many requests at once do not all count the same.
    with locks.exclusive(f"reveal-{by.pk}"):
        since = timezone.now() - timedelta(hours=1)
        enough = Change.objects.filter(actor=by, action=Action.REVEALED, at__gt=since).count() >= AN_HOUR
        if not enough:
            _enter(Action.REVEALED, member, name, by, reason.strip()[:200])
            return str(getattr(member, name).clear)
    return _refuse(
        member, name, by, _("You have seen %(count)d numbers within an hour. Wait a while.") % {"count": AN_HOUR}
    )


def _refusal(member: Member, name: str, reason: str, by: Any) -> str:
    if name not in REVEALED or getattr(member, name) is None:
        return _("There is no such number.")
    if not by.has_perm("members.reveal_number"):
        return _("Your role does not see whole numbers.")
    if not Member.objects.visible_to(by).filter(pk=member.pk).exists():
        return _("She is not in your jurisdiction.")
    if len(reason.strip()) < SHORTEST_REASON:
        return _("Say what you need the number for, in %(count)d characters at least.") % {"count": SHORTEST_REASON}
    return ""


def _refuse(member: Member, name: str, by: Any, message: str) -> str:
    _enter(Action.REFUSED, member, name, by, message)
    raise RevealRefused(message)


def _enter(action: Action, member: Member, name: str, by: Any, reason: str) -> None:
    council = Member.audit_council_ids([member])[0]
    audit.note(action, member, council, audit.actor_for(by), reveal=[name, reason])
