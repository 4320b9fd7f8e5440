"""The rows of a bank's answer: found under their headings, read as far as they can be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from cunsao.personal_data import NumberRefused, bank_account, fingerprint, masks
from cunsao.workbook import Book, Row, Sheet
from members.models import BankColumn, BankLayout
from members.payroll.refusals import StepRefused


@dataclass(frozen=True, slots=True)
class Answer:
    """One row. None stands for what could not be read; the account is kept by its fingerprint and its mask alone."""

    row: int
    name: str
    print: bytes | None
    masked: str
    amount: Decimal | None
    amount_said: str
    success: bool | None
    said: str


def answers(book: Book, layout: BankLayout) -> list[Answer]:
    """The rows beneath the header, of all sheets that have one. Raises StepRefused (no_header) where none has.

    Rows are numbered as the user sees them; those of a second sheet go on after the first one's.
    """
    found: list[Answer] = []
    headed = False
    after = 0
    for sheet in book.sheets:
        places = _header(sheet, layout)
        if places is None:
            continue
        headed = True
        start, columns = places
        rows = [row for row in sheet.rows if row.number > start and any(str(cell).strip() for cell in row.cells)]
        found += [_answer(row, after, columns, layout) for row in rows if _is_line(row, columns)]
        after = max([each.row for each in found], default=after)
    if not headed:
        message = _(
            "The file has no columns “%(account)s”, “%(amount)s” and “%(result)s”. Ask the bank for its answer."
        )
        raise StepRefused(
            "no_header",
            message
            % {
                "account": _heading(layout, BankColumn.ACCOUNT), "amount": _heading(layout, BankColumn.AMOUNT),
                "result": layout.result_heading,
            },
        )  # fmt: skip
    return found


def _heading(layout: BankLayout, key: str) -> str:
    return next((heading for held, heading in layout.columns if held == key), "")


def _header(sheet: Sheet, layout: BankLayout) -> tuple[int, dict[str, int]] | None:
    """The number of the row of headings and the place of each column."""
    wanted = {
        "account": _heading(layout, BankColumn.ACCOUNT), "name": _heading(layout, BankColumn.NAME),
        "amount": _heading(layout, BankColumn.AMOUNT), "result": layout.result_heading,
        "reason": layout.reason_heading,
    }  # fmt: skip
    for row in sheet.rows[:20]:
        texts = [str(cell).strip() for cell in row.cells]
        columns = {key: texts.index(heading) for key, heading in wanted.items() if heading in texts}
        if {"account", "amount", "result"} <= columns.keys():
            return row.number, columns
    return None


def _is_line(row: Row, columns: dict[str, int]) -> bool:
    """Sums and remarks beneath the lines have neither account nor result."""
    return any(str(row.cells[columns[key]]).strip() for key in ("account", "result"))


def _answer(row: Row, after: int, columns: dict[str, int], layout: BankLayout) -> Answer:
    cells = {key: row.cells[place] for key, place in columns.items()}
    texts = {key: str(cell).strip() for key, cell in cells.items()}
    digits, masked = _account(cells["account"])
    amount = _amount(texts["amount"])
    return Answer(
        row=after + row.number, name=texts.get("name", ""), print=digits, masked=masked, amount=amount,
        amount_said=texts["amount"], success=_success(texts["result"], layout),
        said=" ".join(_words(texts)),
    )  # fmt: skip


def _words(texts: dict[str, str]) -> Iterator[str]:
    for key in ("result", "reason"):
        if texts.get(key):
            yield texts[key]


def _account(cell: Any) -> tuple[bytes | None, str]:
    """Fingerprint and mask; a number that Excel made of an account has lost its last digits."""
    if not isinstance(cell, str):
        return None, masks.hidden(str(cell))
    text = cell.strip().lstrip("'")
    try:
        number = bank_account(text)
    except NumberRefused:
        return None, masks.hidden(text)
    return fingerprint(number, "bank_account"), masks.masked_account(number)


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text.replace(",", "").replace("，", "").removeprefix("¥").removesuffix("元"))
    except InvalidOperation:
        return None
    return round(amount, 2) if amount.is_finite() and abs(amount) < 10**10 else None


def _success(text: str, layout: BankLayout) -> bool | None:
    if text in _split(layout.success_words):
        return True
    return False if text in _split(layout.failure_words) else None


def _split(words: str) -> Sequence[str]:
    return words.replace("、", " ").replace("，", " ").split()
