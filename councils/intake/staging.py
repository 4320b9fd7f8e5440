"""The three steps of an import: look at a list and keep what was seen, apply it, take it back.

Everything that takes time, reading, checking, sealing, is done before a transaction begins; applying looks once more
under the list's lock, since others work at the same time.
"""

import base64
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from councils import audit
from councils.intake import headings
from councils.intake.findings import FileFault, Finding
from councils.intake.leafing import moved, tallied
from councils.intake.lines import NOTHING, NOWHERE, SILENT, Line, Verdict
from councils.intake.resource import resource_of
from councils.models import Action, Batch, BatchPage, BatchState, Council
from cunsao import bulk, locks
from cunsao.collecting import put_off
from cunsao.personal_data import prepared
from cunsao.workbook import Book

Step = Callable[[int], Any]
MOST_WORDS = 1_000  # of a column; what has more is names and numbers, each its own


class BatchRefused(Exception):
    """The batch is not to be applied or undone: another's, done already, or expired."""


@dataclass
class Review:
    """A list as it was looked at: its lines with their verdicts, and what was told about sheets and columns."""

    kind: str
    book: Book
    lines: list[Line]
    told: list[Finding]
    header_rows: dict[str, int]
    absent: list[int] | None = None  # keys of what the register has and the list has not; None where nobody asked
    whole: str = ""

    @property
    def counts(self) -> dict[str, int]:
        return counts(line.verdict for line in self.lines)

    @property
    def errors(self) -> list[Finding]:
        return [found for line in self.lines for found in line.findings if not found.is_warning]

    @property
    def warnings(self) -> list[Finding]:
        return self.told + [found for line in self.lines for found in line.findings if found.is_warning]


@dataclass
class Applied:
    """What applying came to: the batch with its counts, and the findings of lines that others were faster with."""

    batch: Batch
    overtaken: list[Finding] = field(default_factory=list)


def counts(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """rows, created, updated, unchanged and rejected, as batches count them."""
    by_verdict = Counter(verdicts)
    return {
        "rows": by_verdict.total(),
        "created": by_verdict[Verdict.NEW],
        "updated": by_verdict[Verdict.CHANGED],
        "unchanged": by_verdict[Verdict.SAME],
        "rejected": by_verdict[Verdict.REFUSED],
    }


@put_off()
def review(kind: str, book: Book, by: Any, full_list: bool = False, whole: Council | None = None) -> Review:
    """Looks at a list and writes nothing. `by` is an account, or None for the command line, which sees everything.

    With `full_list` the list is said to be whole, of `whole` or of all places in it, and who is missing is told. The
    book's rows are used up: what they say stands in the lines, and a long list need not be held twice. Raises FileFault
    where no sheet has the list's heading.
    """
    resource = resource_of(kind)(by)
    found = headings.find(book, resource.wording(), resource.persons)
    if not found.header_rows:
        raise FileFault("no_header", key=resource.headings[resource.key][0])
    resource.read(found.lines)
    resource.check(found.lines)
    seen = Review(kind, book, found.lines, found.told, found.header_rows)
    if full_list:
        seen.absent, seen.whole = resource.absent(found.lines, whole), str(whole or "")
    for line in found.lines:
        line.cells = NOTHING
    for sheet in book.sheets:
        sheet.rows.clear()
    return seen


@put_off()
def stage(seen: Review, content: bytes, by: Any) -> Batch:
    """Keeps a review and its file until it is applied or expires; one transaction. The lines give up what they say."""
    sealed = (
        _packed(seen.lines[start : start + BatchPage.SIZE]) for start in range(0, len(seen.lines), BatchPage.SIZE)
    )
    pages = prepared(_rows_field(), sealed)
    for line in seen.lines:
        line.values = line.before = SILENT
    batch = Batch(
        kind=seen.kind, file_name=seen.book.name[-200:], digest=hashlib.sha256(content).hexdigest(),
        content=base64.b64encode(content).decode(), uploaded_by=by, council=_council_of(seen.lines, by),
        told={"findings": [list(found) for found in seen.told], "header_rows": seen.header_rows, "whole": seen.whole},
        tally=tallied(seen.lines), absent=seen.absent, **seen.counts,
    )  # fmt: skip
    with transaction.atomic():
        Batch.objects.expire()
        batch.save()
        bulk.add(BatchPage, ["batch", "number", "rows"], [(batch.pk, at, page) for at, page in enumerate(pages)])
    return batch


def lines_of(batch: Batch, numbers: Sequence[int] | None = None) -> list[Line]:
    """The batch's lines as they were looked at, all or those of some pages, with what overtook them since."""
    pages = batch.pages.order_by("number")
    if numbers is not None:
        pages = pages.filter(number__in=numbers)
    lines = []
    words: dict[str, dict[str, str]] = defaultdict(dict)
    for page in pages.iterator():
        for place, packed in enumerate(json.loads(page.rows.clear)):
            line = Line.unpacked(packed)
            if batch.rows > bulk.PAGE:
                _share(line.values, words)
            for found in batch.overtaken.get(str(page.number * BatchPage.SIZE + place), []):
                line.findings.append(Finding(*found))
                line.verdict = Verdict.REFUSED
            lines.append(line)
    return lines


def _share(values: dict[str, str], words: dict[str, dict[str, str]]) -> None:
    """Lets the lines of a long list have their common words, villages and choices, in memory once."""
    for name, value in values.items():
        known = words[name]
        if value in known or len(known) < MOST_WORDS:
            values[name] = known.setdefault(value, value)


@put_off()
def apply(batch: Batch, by: Any, step: Step | None = None) -> Applied:
    """Writes all good rows of a staged batch, or nothing; one transaction.

    Rows that others changed since they were looked at are not written and come back as findings. `step(n)`, if given,
    is told each n rows that are in. Raises BatchRefused.
    """
    lines = lines_of(batch)
    resource = resource_of(batch.kind)(by)
    with locks.exclusive(resource.lock):
        batch = _held(batch, by, BatchState.STAGED)
        again = {at: _afresh(line) for at, line in enumerate(lines) if line.verdict in (Verdict.NEW, Verdict.CHANGED)}
        resource.check(list(again.values()))
        for at, line in again.items():
            if not line.is_refused and _plan(line) != _plan(lines[at]):
                line.find(resource.key, "overtaken")
        verdicts = [line.verdict for line in lines]
        lines.clear()  # what they say stands in those looked at again
        resource.write([line for line in again.values() if not line.is_refused], step)
        lost = {
            at: [found for found in line.findings if not found.is_warning]
            for at, line in again.items()
            if line.is_refused
        }
        batch.overtaken = {str(at): [list(found) for found in findings] for at, findings in lost.items()}
        batch.told = batch.told | {"made": resource.made}
        batch.state, batch.applied_at = BatchState.APPLIED, timezone.now()
        batch.tally = moved(batch.tally, [(int(at), verdicts[int(at)]) for at in batch.overtaken])
        for at, line in again.items():
            verdicts[at] = line.verdict
        for name, count in counts(verdicts).items():
            setattr(batch, name, count)
        batch.save()
    return Applied(batch, [found for findings in lost.values() for found in findings])


@put_off()
def undo(batch: Batch, by: Any, look: bool = False) -> list[str]:
    """Gives back what was before an applied batch; returns who was edited since and therefore left. One transaction.

    With `look` everything is done and taken back again, so that what it says is what will be. Raises BatchRefused.
    """
    lines = [line for line in lines_of(batch) if line.verdict in (Verdict.NEW, Verdict.CHANGED)]
    resource = resource_of(batch.kind)(by)
    with locks.exclusive(resource.lock):
        batch = _held(batch, by, BatchState.APPLIED)
        resource.made = batch.told.get("made", {})
        left = resource.take_back(lines, _applied_at(batch))
        batch.state, batch.told = BatchState.UNDONE, batch.told | {"left": left}
        batch.save()
        if look:
            transaction.set_rollback(True)
    return left


def discard(batch: Batch, by: Any) -> None:
    """Lets an upload go that nobody applied: its rows and its file are deleted, that it was there stays known.

    Raises BatchRefused.
    """
    with locks.exclusive(resource_of(batch.kind).lock):
        held = _held(batch, by, BatchState.STAGED)
        Batch.objects.filter(pk=held.pk).let_go(BatchState.DISCARDED)


def _held(batch: Batch, by: Any, state: BatchState) -> Batch:
    """The batch as it is now, under the lock, if it is this user's and in this state."""
    seen = Batch.objects.all() if by is None else Batch.objects.visible_to(by)
    now: Batch | None = seen.filter(pk=batch.pk).defer("content").first()  # the file stays as it is
    if now is None or (state == BatchState.STAGED and now.uploaded_by_id != (by.pk if by else None)):
        raise BatchRefused(_("This list was uploaded by somebody else. Upload it yourself."))
    if now.state != state or (state == BatchState.STAGED and not now.is_waiting):
        raise BatchRefused(
            _("This list is %(state)s already. Look at it again in the list of imports.")
            % {"state": now.get_state_display()}
        )
    return now


def _applied_at(batch: Batch) -> int:
    """The trail's entry that says the batch was applied; whatever is entered after it came later."""
    last = audit.history(batch).filter(action=Action.CHANGED).values_list("pk", flat=True).first()
    return last or 0


def _afresh(line: Line) -> Line:
    """The same line, to be looked at once more; what it says is only read."""
    return Line(line.sheet, line.row, NOTHING, NOWHERE, values=line.values, before=SILENT, council=line.council)


def _plan(line: Line) -> tuple[Any, ...]:
    return line.verdict, line.record, line.before


def _council_of(lines: Sequence[Line], by: Any) -> Council | None:
    """Whom a batch belongs to: the uploader's council, or the lowest one above all villages in it."""
    if by is not None:
        found: Council = by.council
        return found
    codes = Council.objects.filter(pk__in={line.council for line in lines if line.council}).values_list(
        "code", flat=True
    )
    above = list(codes)
    beginning = next((above[0][:length] for length in (9, 6) if len({code[:length] for code in above}) == 1), "")
    return Council.objects.filter(code=beginning).first() or Council.objects.filter(level="county").first()


def _packed(lines: Sequence[Line]) -> str:
    return json.dumps([line.packed() for line in lines], ensure_ascii=False, separators=(",", ":"))


def _rows_field() -> Any:
    return BatchPage._meta.get_field("rows")
