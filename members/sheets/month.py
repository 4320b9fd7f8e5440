"""A township's month as the chair sees it: by village, with what changed, what is doubtful, and the sums."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from cunsao import months
from members import payroll
from members.models import EntryKind, MonthlyRoster, Position, Post, RosterEntry
from members.payroll import Finding, Gone, Since

NOTHING = Decimal("0.00")


class Sign(NamedTuple):
    """A word beside a member: `tone` is how it is drawn, `told` what it means in a sentence."""

    tone: str
    word: str
    told: str = ""


@dataclass(slots=True)
class Row:
    """One line of the sheet; a correction is a line of its own."""

    number: int
    entry: RosterEntry
    post: str
    signs: list[Sign]
    written: bool  # whether its amount and note are written here, once the month is open
    typed_amount: str | None = None  # what was typed and could not be saved
    typed_note: str | None = None

    @property
    def seen(self) -> str:
        """What the page showed, sent back with what is typed: version, amount and note."""
        return f"{self.entry.version}|{self.entry.performance_amount}|{self.entry.note}"


@dataclass(slots=True)
class Group:
    """A village's lines and sums in yuan."""

    name: str
    rows: list[Row] = field(default_factory=list)

    @property
    def county(self) -> Decimal:
        return sum((row.entry.county_amount for row in self.rows), NOTHING)

    @property
    def performance(self) -> Decimal:
        return sum((row.entry.performance_amount for row in self.rows), NOTHING)

    @property
    def total(self) -> Decimal:
        return self.county + self.performance


@dataclass
class MonthSheet:
    """All of a month. `blocks` stop it, `warnings` are to be looked at; both are empty once it is approved."""

    roster: MonthlyRoster
    groups: list[Group]
    entries: list[RosterEntry]
    since: Since
    findings: list[Finding]

    @property
    def blocks(self) -> list[Finding]:
        return [each for each in self.findings if each.blocks]

    @property
    def warnings(self) -> list[Finding]:
        return [each for each in self.findings if not each.blocks]

    @property
    def people(self) -> int:
        return len({each.member_id for each in self.entries})

    @property
    def left(self) -> list[Gone]:
        return self.since.left

    @property
    def county(self) -> Decimal:
        return sum((each.county for each in self.groups), NOTHING)

    @property
    def performance(self) -> Decimal:
        return sum((each.performance for each in self.groups), NOTHING)

    @property
    def total(self) -> Decimal:
        return self.county + self.performance


def month_sheet(roster: MonthlyRoster) -> MonthSheet:
    """The sheet of a roster, read with its rate, scheme and township; a fixed number of queries."""
    entries = payroll.shown(roster)
    since = payroll.since_last(roster, entries)
    findings = payroll.checks(roster, entries)
    said: dict[int, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.entry:
            said[finding.entry].append(finding)
    posts = posts_of(roster)
    groups: list[Group] = []
    for number, entry in enumerate(entries, 1):
        if not groups or groups[-1].name != entry.village_name:
            groups.append(Group(entry.village_name))
        regular = entry.kind == EntryKind.REGULAR
        signs = [*_signs(entry, since), *(_sign_of(each) for each in said[entry.pk])]
        groups[-1].rows.append(Row(number, entry, posts.get(entry.member_id, ""), signs, regular))
    return MonthSheet(roster, groups, entries, since, findings)


def posts_of(roster: MonthlyRoster) -> dict[int, str]:
    """{member: what she was at the end of the month}, of those who were more than members; one query."""
    held = Post.objects.held_on(months.last_day(roster.month)).exclude(position=Position.MEMBER)
    rows = held.filter(member__in=roster.entries.values("member")).order_by("pk").values_list("member", "position")
    named: dict[int, list[str]] = defaultdict(list)
    labels = {each.value: str(each.label) for each in Position}
    for member, position in rows:
        if labels[position] not in named[member]:
            named[member].append(labels[position])
    return {member: "、".join(names) for member, names in named.items()}


def _signs(entry: RosterEntry, since: Since) -> Iterable[Sign]:
    """What is new about her, and why the county returned the row."""
    if entry.mark:
        yield Sign("bad", _("returned"), entry.mark)
    if entry.kind != EntryKind.REGULAR:
        month = months.label(entry.corrected_month) if entry.corrected_month else ""
        yield Sign("gap", str(entry.get_kind_display()), month)
        return
    if entry.member_id in since.joined and since.last:  # where last month was never opened, all would be new
        yield Sign("whole", _("new"), _("She did not stand in last month's roster."))
    elif entry.member_id in since.moved:
        yield Sign("community", _("moved"), _("Last month: %(place)s") % {"place": since.moved[entry.member_id]})


def _sign_of(finding: Finding) -> Sign:
    return Sign("bad" if finding.blocks else "gap", word_of(finding.code), finding.message)


def word_of(code: str) -> str:
    """A finding's code in a word or two."""
    words = {
        "ended": _("no member"), "stale": _("register changed"), "missing": _("not in the month"),
        "no_account": _("no account"), "second": _("twice"), "above_cap": _("above the most"),
        "shared_account": _("shared account"), "owed": _("owes"), "quiet": _("no activity"), "far": _("amount differs"),
    }  # fmt: skip
    return words.get(code, code)


def totals(entries: Sequence[RosterEntry]) -> tuple[Decimal, Decimal]:
    """The county's and the township's part in yuan."""
    county = sum((each.county_amount for each in entries), NOTHING)
    return county, sum((each.performance_amount for each in entries), NOTHING)
