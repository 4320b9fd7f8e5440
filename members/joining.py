"""Who comes and who goes: a membership, with it a post and a zone, and their end with hers.

Every deed holds the tree's lock first, so that no village is closed or merged meanwhile and nobody is entered twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from councils.models import Council
from cunsao import locks
from cunsao.bulk import paged
from members.enrolling import Admission, Entering, Known, renew, write_people, write_terms
from members.handover import hand_in
from members.models import Leaving, Member, Membership, Position, Post
from members.payroll import opening
from members.refusing import (
    JoiningRefused,
    member_already,
    refuse_closed,
    refuse_future,
    refuse_outside,
    second_president,
)

__all__ = ["LOCK", "Admission", "Admitted", "JoiningRefused", "admit", "leave", "rejoin"]

LOCK = "councils"


@dataclass
class Admitted:
    """What became of a list: members' keys by the index of their row, and why a row was not taken."""

    created: dict[int, int] = field(default_factory=dict)
    returned: dict[int, int] = field(default_factory=dict)
    refused: dict[int, JoiningRefused] = field(default_factory=dict)


def admit(
    rows: Sequence[Admission], day: date, by: Any, step: Any = None, unknown: Mapping[str, bytes | None] | None = None
) -> Admitted:  # fmt: skip
    """Enters each row's person, membership, post and zone; who was here before keeps her record.

    `by` is an account, whose jurisdiction bounds what may be written, or None for the command line. The number of
    queries is the same for one row and ten thousand. A refused row holds back no other; the codes are too_long,
    out_of_scope, village_closed, wrong_zone, duplicate_in_file, member_here, transfer, elsewhere, second_president.
    `joined_on` counts where it lies in the past and after her last membership, else `day` does. `step(n)`, if given, is
    told each n rows that are in. Who looked already, under the same lock, gives as `unknown` the ID numbers that nobody
    in the register has, with their fingerprints: they are not looked up again.
    """
    with locks.exclusive(LOCK):
        known, done = Known(rows, by, unknown or {}), Admitted()
        new: list[tuple[int, Entering]] = []
        back: list[tuple[int, Member, Entering]] = []
        for index, row in enumerate(rows):
            try:
                person = known.person(row)
            except JoiningRefused as refusal:
                done.refused[index] = refusal
                continue
            entering = known.entering(row, person, day)
            if person is None:
                new.append((index, entering))
            else:
                back.append((index, person, entering))
        for page in paged(new):
            written = write_people([entering for _index, entering in page], known.print_of, step)
            done.created |= zip((index for index, _entering in page), written, strict=True)
        renew([(entering.row, person) for _index, person, entering in back])
        done.returned = {index: person.pk for index, person, _entering in back}
        for some in paged(back):
            write_terms([(person.pk, entering) for _index, person, entering in some], step)
    return done


def leave(
    member: Member, day: date, reason: str, by: Any, returns: Mapping[int, str] | None = None
) -> Membership:  # fmt: skip
    """Ends her membership, all her posts and her zones with `day` as the last; open months follow. What was approved
    for days after it is clawed back in the next month that is open.

    Whatever was issued to her has to be back or lost by then; `returns` says so of what is not (members/handover.py).
    Raises JoiningRefused.
    """
    with locks.exclusive(LOCK):
        membership = open_membership(member, by)
        refuse_future(day)
        if reason not in Leaving.values:
            raise JoiningRefused("reason", _("Choose why she leaves."))
        hand_in(member, day, returns or {})
        end_terms(member.posts.filter(end=None), day)
        end_terms(member.zone_assignments.filter(end=None), day)
        end_terms(member.memberships.filter(pk=membership.pk), day, reason=reason)
        membership.refresh_from_db()
        opening.follow([member.pk], by)
        return membership


def rejoin(member: Member, village: Council, day: date, by: Any, position: str = Position.MEMBER) -> Membership:
    """A new membership of a woman who left; her record and its story go on. Raises JoiningRefused."""
    with locks.exclusive(LOCK):
        place = Council.objects.get(pk=village.pk)
        refuse_outside([place.pk], by)
        refuse_closed(place)
        refuse_future(day)
        if member.memberships.filter(end=None).exists():
            raise member_already()
        last = member.memberships.order_by("-end").first()
        if last and day <= last.end:
            raise JoiningRefused(
                "overlap", _("She was a member until %(day)s: choose a later day.") % {"day": last.end}
            )
        return enter(member, place, day, position)


def enter(member: Member, village: Council, day: date, position: str) -> Membership:
    """Membership and post from `day` on; the caller holds the lock and has looked."""
    presides = Post.objects.filter(council=village, position=Position.PRESIDENT, end=None)
    if position == Position.PRESIDENT and presides.exists():
        raise second_president()
    if not member.posts.filter(council=village, end=None).exists():
        Post.objects.create(member=member, council=village, position=position, start=day)
    found: Membership = Membership.objects.create(member=member, village=village, start=day)
    return found


def open_membership(member: Member, by: Any) -> Membership:
    """The membership that runs, if `by` sees its village. Raises JoiningRefused."""
    found: Membership | None = member.memberships.filter(end=None).select_related("village").first()
    if found is None:
        raise JoiningRefused("no_member", _("She is no member at present."))
    refuse_outside([found.village_id], by)
    return found


def end_terms(terms: Any, day: date, **said: Any) -> None:
    """Ends open posts, zones or memberships with `day`; raises JoiningRefused if one of them began after it."""
    late = terms.filter(start__gt=day).order_by("-start").first()
    if late is not None:
        message = _("%(what)s began on %(start)s, after this day. Choose a later day.")
        raise JoiningRefused("began_later", message % {"what": late._meta.verbose_name, "start": late.start})
    terms.update(end=day, **said)
