"""What changed in a township from one month to the next: who joined, left and moved, and whose amount differs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from cunsao import months
from members.models import EntryKind, Leaving, Membership, MonthlyRoster, RosterEntry


@dataclass(frozen=True, slots=True)
class Gone:
    """Who stood in last month's roster and stands in this one no more."""

    member: int
    name: str
    village: str
    reason: str  # why she left, in the reader's language
    day: date | None  # her last day


@dataclass
class Since:
    """What changed since last month: members' keys of who joined and moved (and from where), who left, and amounts."""

    joined: set[int] = field(default_factory=set)
    moved: dict[int, str] = field(default_factory=dict)  # member → the village or township she stood in
    left: list[Gone] = field(default_factory=list)
    last: dict[int, Decimal] = field(default_factory=dict)  # member → her total of last month
    differing: set[int] = field(default_factory=set)  # whose amount is another one, who joined or left apart
    corrected: bool = False  # whether corrections stand in it

    @property
    def anything(self) -> bool:
        return bool(self.joined or self.moved or self.left or self.differing or self.corrected)


def since_last(roster: MonthlyRoster, entries: Sequence[RosterEntry] | None = None) -> Since:
    """Compares a roster with the month before, in three queries or, where `entries` were read already, two.

    A township whose month before was never opened has everybody joining.
    """
    here = list(roster.entries.select_related("village")) if entries is None else entries
    regular = {each.member_id: each for each in here if each.kind == EntryKind.REGULAR}
    before = _before(roster)
    since = Since(corrected=len(regular) < len(here))
    for member, entry in regular.items():
        last = before.get(member)
        if last is None:
            since.joined.add(member)
            continue
        since.last[member] = last["county_amount"] + last["performance_amount"]
        if last["village"] != entry.village_id:
            since.moved[member] = last["village__name"]
        if since.last[member] != entry.total:
            since.differing.add(member)
    gone = [each for member, each in before.items() if member not in regular]
    since.left = _why(gone, roster.month) if gone else []
    return since


def _before(roster: MonthlyRoster) -> dict[int, dict[str, Any]]:
    rows = RosterEntry.objects.regular().filter(
        month=months.previous(roster.month), roster__township=roster.township_id
    )
    names = ("member", "member__name", "village", "village__name", "county_amount", "performance_amount")
    return {row["member"]: row for row in rows.order_by("pk").values(*names)}


def _why(gone: Sequence[dict[str, Any]], month: date) -> list[Gone]:
    """Their last day and its reason; who is a member elsewhere now was transferred."""
    ended: dict[int, tuple[str, date | None]] = {}
    rows = Membership.objects.filter(member__in=[each["member"] for each in gone], start__lte=months.last_day(month))
    for member, reason, end in rows.order_by("start", "pk").values_list("member", "reason", "end"):
        if reason or member not in ended:
            ended[member] = (reason, end)
    return [
        Gone(each["member"], each["member__name"], each["village__name"], _said(reason), day)
        for each in gone
        for reason, day in [ended.get(each["member"], ("", None))]
    ]


def _said(reason: str) -> str:
    return str(Leaving(reason).label) if reason else ""
