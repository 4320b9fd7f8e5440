"""One row of an uploaded list: the cells it came in, the values read from them, and what is to become of it."""

from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from councils.intake.findings import Finding, sentence
from cunsao.workbook import Cell, Fault
from cunsao.workbook.cells import text

LONGEST_SAID = 60


class Verdict(models.TextChoices):
    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    SAME = "same", _("unchanged")
    REFUSED = "refused", _("not accepted")


NOTHING: list[Cell] = []  # the cells of a line whose row is no longer there, and their columns
NOWHERE: dict[str, int] = {}
SILENT: dict[str, str] = {}
VERDICTS = {verdict.value: verdict for verdict in Verdict}


@dataclass(slots=True)
class Line:
    """`values` are texts as an export writes them, by field; a field that says nothing is not among them.

    `before` holds what the same fields say in the register, for a line that changes it. `hint` is what stands above the
    table and on its sheet, `section` the last row that was one word from side to side, as a village's name may be.
    `said` is what stands in the cells that something was found about, as they were typed.
    """

    sheet: str
    row: int
    cells: list[Cell] = field(default_factory=list)
    columns: dict[str, int] = field(default_factory=dict)
    hint: str = ""
    section: str = ""
    values: dict[str, str] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    verdict: Verdict = Verdict.NEW
    findings: list[Finding] = field(default_factory=list)
    council: int | None = None
    record: int | None = None
    said: dict[str, str] = field(default_factory=dict)

    def find(self, field: str, code: str, message: str = "", **words: object) -> None:
        """Enters a finding; an error refuses the line."""
        message = message or sentence(code, **words)
        at = self.columns.get(field)
        if at is not None and self.cells:
            self.said[field] = _typed(self.cells[at])
        found = Finding(self.sheet, self.row, field, code, message, at)
        self.findings.append(found)
        if not found.is_warning:
            self.verdict = Verdict.REFUSED

    @property
    def is_refused(self) -> bool:
        return self.verdict == Verdict.REFUSED

    def packed(self) -> list[Any]:
        """For a page of a batch: everything but the cells, which are in the file."""
        return [
            self.sheet, self.row, self.verdict.value, self.council, self.record, self.values, self.before,
            [list(found[2:]) for found in self.findings], self.said,
        ]  # fmt: skip

    @classmethod
    def unpacked(cls, packed: list[Any]) -> "Line":
        sheet, row, verdict, council, record, values, before, findings, said = packed
        return cls(
            sheet, row, NOTHING, NOWHERE, values=values, before=before, verdict=VERDICTS[verdict], council=council,
            record=record, findings=[Finding(sheet, row, *found) for found in findings], said=said,
        )  # fmt: skip


def _typed(cell: Cell) -> str:
    return cell.shown if isinstance(cell, Fault) else text(cell)[:LONGEST_SAID]
