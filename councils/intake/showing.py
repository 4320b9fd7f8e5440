"""A batch's rows as pages show them: numbers of persons behind their masks, wherever in the row they were typed."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from councils.intake import leafing
from councils.intake.findings import Finding
from councils.intake.lines import Line, Verdict
from councils.intake.resource import StagedResource, resource_of
from councils.intake.staging import lines_of
from councils.models import Batch, Council
from cunsao.personal_data import masks

# What may be an ID number, an account or a mobile number in a column where none belongs; no code of a village is.
NUMBER = re.compile(r"(?<!\d)(?:\d[ \-]?){14,}[\dXx]|(?<!\d)1[3-9]\d[ \-]?\d{4}[ \-]?\d{4}(?!\d)")


class Fault(NamedTuple):
    """A finding as it is shown: the cell's address as in Excel, its heading, what was typed there, what to do."""

    address: str
    heading: str
    typed: str
    message: str


class Shown(NamedTuple):
    """One row of a list, fit for a screen."""

    sheet: str
    row: int
    name: str
    place: Council | None
    verdict: Verdict
    cells: list[tuple[str, str]]  # heading, value
    changes: list[tuple[str, str, str]]  # heading, before, after
    faults: list[Fault]
    record: int | None


class Sight:
    """A batch as it is looked at: how many rows each tab has, and one tab's leaf of fifty rows."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.resource: type[StagedResource] = resource_of(batch.kind)

    @cached_property
    def told(self) -> list[Finding]:
        """What concerns sheets and columns, and no row."""
        return [Finding(*found) for found in self.batch.told.get("findings", [])]

    @cached_property
    def headings(self) -> list[str]:
        """Of the cells that say whom a row is about."""
        return [self._heading(name) for name in self._fields]

    @cached_property
    def called(self) -> str:
        """The heading of what names whom or what a row is about."""
        return self._heading(self.resource.called)

    @cached_property
    def _fields(self) -> list[str]:
        return [name for name in self.resource.shown if name != self.resource.called]

    def count(self, tab: str) -> int:
        return leafing.count(self.batch.tally, tab)

    def rows(self, tab: str, number: int) -> list[Shown]:
        """The rows of one leaf; two queries, whatever the batch's length."""
        leaf = leafing.leaf(self.batch.tally, tab, number)
        lines = [line for line in lines_of(self.batch, leaf.pages) if leafing.is_in(line, tab)]
        lines = lines[leaf.first - leaf.before : leaf.last - leaf.before]
        wanted = {line.council for line in lines if line.council}
        places = Council.objects.select_related("parent").in_bulk(wanted)
        return [self._shown(line, places.get(line.council or 0), tab) for line in lines]

    def _shown(self, line: Line, place: Council | None, tab: str) -> Shown:
        called = self.resource.called
        faults = [found for found in line.findings if found.is_warning != (tab == Verdict.REFUSED)]
        return Shown(
            line.sheet, line.row, _covered(line.values.get(called) or line.said.get(called, "")), place, line.verdict,
            [(self._heading(name), self._masked(name, line.values.get(name, ""))) for name in self._fields],
            [self._change(name, line) for name in line.before], [self._fault(line, found) for found in faults],
            line.record,
        )  # fmt: skip

    def _change(self, name: str, line: Line) -> tuple[str, str, str]:
        before, after = self._masked(name, line.before[name]), self._masked(name, line.values.get(name, ""))
        if name == "village" and not after:
            after = _("member again")
        if before == after:
            after = _("%(mask)s (differs where it is hidden)") % {"mask": after}
        return self._heading(name), before, after

    def _fault(self, line: Line, found: Finding) -> Fault:
        address = "" if found.column is None else f"{get_column_letter(found.column + 1)}{found.row}"
        typed = self._masked(found.field, line.said.get(found.field, line.values.get(found.field, "")))
        return Fault(address, self._heading(found.field), typed, _covered(found.message))

    def _heading(self, name: str) -> str:
        words: Sequence[str] = self.resource.headings.get(name, [name])
        return words[0]

    def _masked(self, name: str, text: str) -> str:
        mask = self.resource.masks.get(name)
        return mask(text) if mask and text and not masks.is_mask(text) else _covered(text)


def _covered(text: str) -> str:
    return NUMBER.sub(lambda found: masks.hidden(found[0]), text)
