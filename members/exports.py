"""The register out again: one row a member with the import's columns, masked unless there is a reason."""

from collections.abc import Iterator
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from councils.exports import enter
from councils.models import VILLAGES
from cunsao.personal_data import Secret
from cunsao.workbook import Column
from members.imports.comparing import zones_said
from members.imports.words import HEADINGS, POLITICAL, POSITIONS, SCHOOLING
from members.models import Member, Membership, PoliticalStatus, Position, Post, ZoneAssignment
from members.models.member import Education
from members.models.membership import Leaving

FIELDS = (
    "township", "village", "village_code", "name", "national_id", "phone", "zone", "position", "political_status",
    "education", "ethnicity", "joined_on", "bank_name", "bank_account", "remark",
)  # fmt: skip
COLUMNS_READ = (
    "member", "village", "start", "village__parent__name", "village__name", "village__code", "member__name",
    *(f"member__{name}" for name in ("national_id", "phone", "political_status", "education", "ethnicity")),
    *(f"member__{name}" for name in ("bank_name", "bank_account", "remark")),
)  # fmt: skip
POST_COLUMNS = ("member", "council", "position")
COLUMNS = [Column(HEADINGS[name][0], "day" if name == "joined_on" else "text") for name in FIELDS]


def rows(members: Any, by: Any, unmasked: bool = False, reason: str = "") -> list[list[Any]]:
    """A row for each open membership of `members` (a queryset), in the order of villages and names.

    What leaves in clear is entered in the trail with its reason, what leaves masked without one. `by` is an account or
    None for the command line. Raises ValueError where numbers are wanted in clear without a reason.
    """
    told = [[each[name] for name in FIELDS] for each in told_of(_running(members, by), unmasked)]
    enter(str(Member._meta.verbose_name_plural), len(told), by, unmasked, reason)
    return told


def listed(members: Any, by: Any, unmasked: bool) -> Iterator[list[Any]]:
    """The same rows, for who enters them herself (councils/exports.py)."""
    for each in told_of(_running(members, by), unmasked):
        yield [each[name] for name in FIELDS]


def _running(members: Any, by: Any) -> Any:
    running = Membership.objects.filter(end=None, member__in=members)
    running = running if by is None else running.visible_to(by)
    return running.order_by("village__code", "member__syllables", "member__pk")


def told_of(running: Any, unmasked: bool = False) -> Iterator[dict[str, Any]]:
    """What lists say of each of these memberships, by field; three queries, and no object for a row."""
    members = running.order_by().values("member")
    posts = Post.objects.filter(end=None, council__level__in=VILLAGES, member__in=members)
    held = {(member, council): position for member, council, position in posts.values_list(*POST_COLUMNS)}
    zones: dict[int, list[Any]] = {}
    taken = ZoneAssignment.objects.filter(end=None, member__in=members).select_related("zone")
    for each in taken.order_by("-primary", "pk"):
        zones.setdefault(each.member_id, []).append(each.zone)
    for row in running.values_list(*COLUMNS_READ).iterator():
        read = dict(zip(COLUMNS_READ, row, strict=True))
        position = held.get((read["member"], read["village"]))
        yield {
            "township": read["village__parent__name"], "village": read["village__name"],
            "village_code": read["village__code"], "name": read["member__name"],
            "national_id": _number(read["member__national_id"], unmasked),
            "phone": _number(read["member__phone"], unmasked), "zone": zones_said(zones.get(read["member"], [])),
            "position": POSITIONS[Position(position)][0] if position else "",
            "political_status": _word(POLITICAL, PoliticalStatus, read["member__political_status"]),
            "education": _word(SCHOOLING, Education, read["member__education"]),
            "ethnicity": read["member__ethnicity"], "joined_on": read["start"],
            "bank_name": read["member__bank_name"], "bank_account": _number(read["member__bank_account"], unmasked),
            "remark": read["member__remark"],
        }  # fmt: skip


LEFT = [
    *(Column(HEADINGS[name][0]) for name in ("name", "national_id", "township", "village")),
    Column(HEADINGS["joined_on"][0], "day"),
]


def left(members: Any, by: Any, unmasked: bool) -> tuple[list[Column], Iterator[list[Any]]]:
    """Of who left all councils: her last membership. Not the import's columns, which would take her in again."""
    latest = Membership.objects.filter(member=OuterRef("member")).order_by("-start", "-pk").values("pk")[:1]
    ended = Membership.objects.filter(member__in=members, pk=Subquery(latest)).visible_to(by)
    columns = [*LEFT, Column(_("Left on"), "day"), Column(_("Reason for leaving"))]
    names = ("member__name", "member__national_id", "village__parent__name", "village__name", "start", "end", "reason")
    found = ended.order_by("village__code", "member__syllables", "pk").values_list(*names).iterator()
    return columns, (
        [name, _number(number, unmasked), township, village, start, end, str(Leaving(reason).label) if reason else ""]
        for name, number, township, village, start, end, reason in found
    )


def _number(number: Secret | None, unmasked: bool) -> str:
    if number is None:
        return ""
    return number.clear if unmasked else str(number)


def _word(words: Any, choices: Any, value: str) -> str:
    return str(words[choices(value)][0]) if value else ""


def everybody(by: Any) -> Any:
    """Whoever serves and is in the account's jurisdiction; all for the command line."""
    return (Member.objects.all() if by is None else Member.objects.visible_to(by)).serving()
