"""The register out again: one row a member with the import's columns, masked unless there is a reason."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from councils import audit
from councils.models import Action, Council
from cunsao.personal_data import Secret
from cunsao.workbook import Column
from members.imports.comparing import zones_said
from members.imports.words import HEADINGS, POLITICAL, POSITIONS, SCHOOLING
from members.models import Member, Membership, PoliticalStatus, Position, Post, ZoneAssignment
from members.models.member import Education

FIELDS = (
    "township", "village", "village_code", "name", "national_id", "phone", "zone", "position", "political_status",
    "education", "ethnicity", "joined_on", "bank_name", "bank_account", "remark",
)  # fmt: skip
COLUMNS = [Column(HEADINGS[name][0], "day" if name == "joined_on" else "text") for name in FIELDS]


def rows(members: Any, by: Any, unmasked: bool = False, reason: str = "") -> list[list[Any]]:
    """A row for each open membership of `members` (a queryset), in the order of villages and names.

    Four queries. What leaves in clear is entered in the trail with its reason, what leaves masked without one. `by` is
    an account or None for the command line. Raises ValueError where numbers are wanted in clear without a reason.
    """
    if unmasked and not reason.strip():
        raise ValueError(_("Say why the whole numbers are needed; the reason is kept."))
    running = (
        Membership.objects.filter(end=None, member__in=members)
        .select_related("member", "village__parent")
        .order_by("village__code", "member__syllables", "member__pk")
    )
    found = running if by is None else running.visible_to(by)
    told = list(_told(list(found), unmasked))
    entered: dict[str, Any] = {"rows": ["", len(told)], "unmasked": ["", unmasked], "reason": ["", reason.strip()]}
    home = by.council if by is not None else Council.objects.filter(level="county").first()
    if home is not None:
        audit.note(Action.EXPORTED, home, home.pk, **entered)
    return told


def _told(running: Sequence[Membership], unmasked: bool) -> Iterator[list[Any]]:
    people = {each.member_id for each in running}
    posts = Post.objects.filter(end=None, council__level__in=["village", "community"])
    held = {(each.member_id, each.council_id): each.position for each in posts if each.member_id in people}
    zones: dict[int, list[Any]] = {}
    for taken in ZoneAssignment.objects.filter(end=None).select_related("zone").order_by("-primary", "pk"):
        zones.setdefault(taken.member_id, []).append(taken.zone)
    for each in running:
        member, village = each.member, each.village
        position = held.get((member.pk, village.pk))
        said = {
            "township": village.parent.name, "village": village.name, "village_code": village.code,
            "name": member.name, "national_id": _number(member.national_id, unmasked),
            "phone": _number(member.phone, unmasked), "zone": zones_said(zones.get(member.pk, [])),
            "position": POSITIONS[Position(position)][0] if position else "",
            "political_status": _word(POLITICAL, PoliticalStatus, member.political_status),
            "education": _word(SCHOOLING, Education, member.education), "ethnicity": member.ethnicity,
            "joined_on": each.start, "bank_name": member.bank_name,
            "bank_account": _number(member.bank_account, unmasked), "remark": member.remark,
        }  # fmt: skip
        yield [said[name] for name in FIELDS]


def _number(number: Secret | None, unmasked: bool) -> str:
    if number is None:
        return ""
    return number.clear if unmasked else str(number)


def _word(words: Any, choices: Any, value: str) -> str:
    return str(words[choices(value)][0]) if value else ""


def everybody(by: Any) -> Any:
    """Whoever serves and is in the account's jurisdiction; all for the command line."""
    return (Member.objects.all() if by is None else Member.objects.visible_to(by)).serving()
