"""Her story: what happened to a member, one line of time out of many chapters.

Whoever keeps something about members adds a chapter: a function that gets the member and the reader, and tells what
the reader may know of it, in a fixed number of queries.

    @chapter
    def honours(member: Member, reader: Any) -> Iterable[Entry]: ...
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.models import Council
from members.models import Member, Payment, TransferState


class Entry(NamedTuple):
    """One line of her story. `icon` is one of the theme's; `address` leads to the record, where the reader may open it.

    A term has `until`, or `runs` while it lasts. `undo` is an address that takes it back by POST.
    """

    day: date
    what: str
    where: str = ""
    icon: str = "member"
    until: date | None = None
    runs: bool = False
    note: str = ""
    address: str = ""
    undo: str = ""


# What an entry is about, told by its icon: by these her story is narrowed
KINDS = {
    "member": gettext_lazy("Membership"), "post": gettext_lazy("Posts"), "zone": gettext_lazy("Zones"),
    "move": gettext_lazy("Transfers"), "training": gettext_lazy("Training"), "honour": gettext_lazy("Honours"),
    "advancement": gettext_lazy("Advancement"), "equipment": gettext_lazy("Equipment"),
    "insurance": gettext_lazy("Insurance"), "claim": gettext_lazy("Claims"), "payment": gettext_lazy("Payments"),
    "merge": gettext_lazy("Merged records"),
}  # fmt: skip


class Kind(NamedTuple):
    name: str
    label: Any
    number: int


Chapter = Callable[[Member, Any], Iterable[Entry]]
_CHAPTERS: list[Chapter] = []


def chapter(tells: Chapter) -> Chapter:
    """Enters a chapter; it is asked each time a member's page is shown."""
    _CHAPTERS.append(tells)
    return tells


def story(member: Member, reader: Any) -> list[Entry]:
    """All chapters in one line, the newest first; of one day, what still runs first."""
    told = [entry for tells in _CHAPTERS for entry in tells(member, reader)]
    return sorted(told, key=lambda entry: (entry.day, entry.runs), reverse=True)


def kinds(entries: Sequence[Entry]) -> list[Kind]:
    """What the entries are about, in the order of KINDS, each with its number."""
    counted = Counter(entry.icon for entry in entries)
    named = [name for name in KINDS if name in counted] + sorted(set(counted) - set(KINDS))
    return [Kind(name, KINDS.get(name, _("Other")), counted[name]) for name in named]


@chapter
def memberships(member: Member, reader: Any) -> Iterable[Entry]:
    for each in member.memberships.filter(village__in=_visible(reader)).select_related("village"):
        note = each.get_reason_display()
        yield Entry(each.start, _("Joined"), str(each.village), "member", each.end, each.end is None, note)


@chapter
def posts(member: Member, reader: Any) -> Iterable[Entry]:
    may_end = reader.has_perm("members.change_post")
    for each in member.posts.filter(council__in=_visible(reader)).select_related("council"):
        runs = each.end is None
        yield Entry(
            each.start, _("Post: %(position)s") % {"position": each.get_position_display()}, str(each.council),
            "post", each.end, runs, _("by office") if each.ex_officio else "",
            reverse("admin:members_post_change", args=[each.pk]) if runs and may_end else "",
        )  # fmt: skip


@chapter
def zones(member: Member, reader: Any) -> Iterable[Entry]:
    may_end = reader.has_perm("members.change_zoneassignment")
    for each in member.zone_assignments.filter(zone__village__in=_visible(reader)).select_related("zone__village"):
        runs = each.end is None
        yield Entry(
            each.start, _("Looks after %(zone)s") % {"zone": each.zone},
            str(each.zone.village), "zone", each.end, runs, _("main responsibility") if each.primary else "",
            reverse("admin:members_zoneassignment_change", args=[each.pk]) if runs and may_end else "",
        )  # fmt: skip


@chapter
def transfers(member: Member, reader: Any) -> Iterable[Entry]:
    """Of a transfer both sides know, so the other village is named too."""
    known = member.transfers.all().visible_to(reader).select_related("from_village", "to_village")
    for each in known:
        waits = each.state == TransferState.PROPOSED
        yield Entry(
            each.day, _("Transfer: %(state)s") % {"state": each.get_state_display()},
            f"{each.from_village} → {each.to_village}", "move", runs=waits, note=each.reason,
            address=reverse("transfers") if waits and reader.has_perm("members.view_transfer") else "",
        )  # fmt: skip


@chapter
def payments(member: Member, reader: Any) -> Iterable[Entry]:
    """What she was paid, month by month, for who may look at payments."""
    if not reader.has_perm("members.view_payment"):
        return
    for each in Payment.objects.visible_to(reader).filter(member=member).settled().exclude(day=None):
        said = {"month": each.month.strftime("%Y-%m"), "amount": f"{each.amount:,.2f}"}
        yield Entry(each.day, _("Subsidy for %(month)s: %(amount)s yuan") % said, icon="payment")


@chapter
def mergers(member: Member, reader: Any) -> Iterable[Entry]:
    may_undo = reader.has_perm("members.merge_member")
    for each in member.merged_records.filter(undone=None):
        yield Entry(
            each.day, _("A second record, %(name)s, was merged into this one") % {"name": each.gone_name},
            icon="merge", undo=reverse("undo_merge", args=[each.pk]) if may_undo else "",
        )  # fmt: skip


def _visible(reader: Any) -> Any:
    return Council.objects.visible_to(reader).values_list("pk", flat=True)
