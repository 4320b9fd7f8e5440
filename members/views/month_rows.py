"""Lines of the month's sheet as HTML, written in one go: of five hundred a template would take most of the time."""

from collections.abc import Iterator
from decimal import Decimal
from html import escape
from typing import NamedTuple

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from members.models import RosterEntry
from members.sheets.month import Group, MonthSheet, Row

KEY = 7_777_777_777  # stands for an entry's key in an address


class Ways(NamedTuple):
    """What the reader may do with single lines."""

    enter: bool
    tick: bool
    correct: bool


def drawn(sheet: MonthSheet, ways: Ways) -> list[tuple[Group, SafeString]]:
    """Each village with its lines. All that was typed by anybody is escaped here."""
    line = _Line(sheet, ways)
    return [
        (group, mark_safe("\n".join(line.of(row) for row in group.rows)))  # noqa: S308 - escaped in _Line
        for group in sheet.groups
    ]


class _Line:
    def __init__(self, sheet: MonthSheet, ways: Ways) -> None:
        self.ways, self.by_days = ways, sheet.roster.rate.by_days
        self.is_open, self.is_frozen = sheet.roster.is_open, sheet.roster.is_frozen
        self.member = reverse("member", args=[KEY])
        self.deeds = {name: reverse("entry_deed", args=[KEY, name]) for name in ("correct", "take_out")}
        self.words = {"correct": escape(_("Correct")), "take_out": escape(_("Take out"))}
        self.amount, self.note = escape(_("Performance subsidy")), escape(_("Note"))

    def of(self, row: Row) -> str:
        entry = row.entry
        name = escape(entry.name)
        marked = ' class="marked"' if entry.mark else ""
        written = self.ways.enter and row.written
        return (
            f'<tr id="e{entry.pk}" data-entry="{entry.pk}" data-county="{entry.county_amount}"'
            f' data-performance="{entry.performance_amount}"{marked}>{self._tick(entry, name)}'
            f'<td class="number no">{row.number}</td><td class="who-cell">'
            f'<a href="{self.member.replace(str(KEY), str(entry.member_id))}">{name}</a>{"".join(_signs(row))}</td>'
            f'<td class="post">{escape(row.post)}</td>{self._days(entry)}'
            f'<td class="number county">{entry.county_amount}</td>'
            f"{self._cells(row, name) if written else self._text(row, name)}</tr>"
        )

    def _tick(self, entry: RosterEntry, name: str) -> str:
        if not self.ways.tick:
            return ""
        box = f'<input type="checkbox" name="row" value="{entry.pk}" form="ticked" aria-label="{name}">'
        return f'<td class="tick">{box}</td>'

    def _days(self, entry: RosterEntry) -> str:
        return f'<td class="number days">{entry.days}</td>' if self.by_days else ""

    def _cells(self, row: Row, name: str) -> str:
        """What is typed into, filled with what was typed and could not be saved, if anything."""
        key = row.entry.pk
        amount = row.entry.performance_amount if row.typed_amount is None else row.typed_amount
        note = row.entry.note if row.typed_note is None else row.typed_note
        return (
            f'<td class="number cell"><input type="hidden" name="s-{key}" value="{escape(row.seen)}">'
            f'<input type="text" name="p-{key}" value="{escape(str(amount))}" inputmode="decimal" autocomplete="off"'
            f' maxlength="12" aria-label="{name} {self.amount}"></td>'
            f'<td class="number together" data-sum="row">{_yuan(row.entry.total)}</td>'
            f'<td class="cell note-cell"><input type="text" name="n-{key}" value="{escape(note)}" autocomplete="off"'
            f' maxlength="200" aria-label="{name} {self.note}" placeholder="{self.note}"></td>'
        )

    def _text(self, row: Row, name: str) -> str:
        entry = row.entry
        return (
            f'<td class="number performance">{entry.performance_amount}</td>'
            f'<td class="number together">{_yuan(entry.total)}</td>'
            f'<td class="words">{escape(entry.note)}{self._deed(row, name)}</td>'
        )

    def _deed(self, row: Row, name: str) -> str:
        """The way to what may be done about the line: correct what was approved, take a correction out."""
        if not self.ways.correct:
            return ""
        if self.is_frozen and row.written:
            deed = "correct"
        elif self.is_open and not row.written and not row.entry.automatic:
            deed = "take_out"
        else:
            return ""
        address = self.deeds[deed].replace(str(KEY), str(row.entry.pk))
        return f' <a class="act" href="{address}">{self.words[deed]}<span class="visually-hidden"> {name}</span></a>'


def _signs(row: Row) -> Iterator[str]:
    for sign in row.signs:
        yield f' <span class="pill {sign.tone}" title="{escape(sign.told)}">{escape(sign.word)}</span>'


def _yuan(amount: Decimal) -> str:
    return f"{amount:.2f}"
