"""From one village to another: at once where one jurisdiction holds both, else proposed here and accepted there."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from councils.models import Council
from cunsao import locks
from members.handover import carry_along
from members.joining import LOCK, end_terms, enter, open_membership
from members.models import Leaving, Member, Position, Transfer, TransferState
from members.refusing import JoiningRefused, refuse_closed, refuse_future, refuse_outside

__all__ = ["JoiningRefused", "accept", "deciding", "refuse", "transfer", "withdraw"]


def transfer(member: Member, to: Council, day: date, by: Any, reason: str = "") -> Transfer:
    """Moves her from `day` on, or, where `by` does not see the other village, proposes it to who does.

    Raises JoiningRefused. `by` is an account, or None for the command line.
    """
    with locks.exclusive(LOCK):
        membership = open_membership(member, by)
        village = Council.objects.get(pk=to.pk)
        refuse_closed(village)
        if village.pk == membership.village_id:
            raise JoiningRefused("same_village", _("She is a member of this village already."))
        if village.code[:6] != membership.village.code[:6]:
            raise JoiningRefused("other_county", _("A member cannot be transferred into another county."))
        if member.transfers.waiting().exists():
            raise JoiningRefused("waiting", _("A transfer of hers is waiting already. Decide it or withdraw it first."))
        proposed: Transfer = Transfer.objects.create(
            member=member, from_village_id=membership.village_id, to_village=village, day=day, reason=reason,
            proposed_by=by,
        )  # fmt: skip
        if by is None or _sees(by, village.pk):
            _carry_out(proposed, by)
        return proposed


def accept(proposed: Transfer, by: Any) -> Transfer:
    """The other side takes her. Raises JoiningRefused, also where somebody else was faster."""
    with locks.exclusive(LOCK):
        waiting = _waiting(proposed)
        refuse_outside([waiting.to_village_id], by)
        _carry_out(waiting, by)
        return waiting


def refuse(proposed: Transfer, by: Any, reason: str) -> Transfer:
    """The other side does not take her, and says why."""
    with locks.exclusive(LOCK):
        waiting = _waiting(proposed)
        refuse_outside([waiting.to_village_id], by)
        if not reason.strip():
            raise JoiningRefused("reason", _("Say why, so that the other side knows."))
        return _decide(waiting, TransferState.REFUSED, by, reason=reason.strip())


def withdraw(proposed: Transfer, by: Any) -> Transfer:
    """The side that proposed takes it back."""
    with locks.exclusive(LOCK):
        waiting = _waiting(proposed)
        refuse_outside([waiting.from_village_id], by)
        return _decide(waiting, TransferState.WITHDRAWN, by)


def deciding(user: Any) -> Any:
    """Transfers that wait for `user`: her jurisdiction holds the village they lead to."""
    villages = Council.objects.visible_to(user)
    return Transfer.objects.waiting().filter(to_village__in=villages)


def _carry_out(proposed: Transfer, by: Any) -> None:
    """Ends what she has in the one village on the day before, and begins it in the other."""
    refuse_future(proposed.day)
    refuse_closed(proposed.to_village)
    member, last = proposed.member, proposed.day - timedelta(days=1)
    memberships = member.memberships.filter(village=proposed.from_village_id, end=None)
    if not memberships.exists():
        raise JoiningRefused("no_member", _("She is no member of that village any more. Withdraw the transfer."))
    end_terms(member.posts.filter(council=proposed.from_village_id, end=None), last)
    end_terms(member.zone_assignments.filter(zone__village=proposed.from_village_id, end=None), last)
    end_terms(memberships, last, reason=Leaving.TRANSFERRED)
    enter(member, proposed.to_village, proposed.day, Position.MEMBER)
    carry_along(member, proposed.to_village)
    _decide(proposed, TransferState.ACCEPTED, by)


def _waiting(proposed: Transfer) -> Transfer:
    """It as it stands now; raises JoiningRefused if it was decided meanwhile."""
    found: Transfer = Transfer.objects.select_related("member", "to_village").get(pk=proposed.pk)
    if found.state != TransferState.PROPOSED:
        raise JoiningRefused("decided", _("This transfer was decided already."))
    return found


def _decide(waiting: Transfer, state: TransferState, by: Any, **said: Any) -> Transfer:
    for name, value in said.items():
        setattr(waiting, name, value)
    waiting.state, waiting.decided_by = state, by
    waiting.save()
    return waiting


def _sees(by: Any, village: int) -> bool:
    found: bool = Council.objects.visible_to(by).filter(pk=village).exists()
    return found
