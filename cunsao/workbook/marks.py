"""A form from above: the cells of a workbook that hold {{marks}}, and the same workbook with values in their place."""

import base64
import binascii
from collections.abc import Sequence
from decimal import Decimal
from typing import IO, NamedTuple

from cunsao.workbook import child
from cunsao.workbook.reading import contents
from cunsao.workbook.refusals import refused

SECONDS = 20  # openpyxl is slow with large sheets


class Marked(NamedTuple):
    """One cell with a mark in it: `place` as Excel writes it, B3, and all of its text."""

    sheet: str
    place: str
    text: str


class Filled(NamedTuple):
    """What is to stand in a cell: a number is a number there, a text never becomes a formula."""

    sheet: str
    place: str
    value: str | int | Decimal


def marked(file: bytes | IO[bytes]) -> list[Marked]:
    """The cells of an .xlsx with {{ in them, sheet by sheet. Raises FileRefused as open() does."""
    told = child.ask("filling", contents(file), {}, seconds=SECONDS)
    return [_marked(each["marked"]) for each in told if isinstance(each, dict) and "marked" in each]


def fill(original: bytes, values: Sequence[Filled]) -> bytes:
    """The same workbook with `values` in their cells, all formats kept. Raises FileRefused."""
    wishes = {"values": [_wish(each) for each in values]}
    file = None
    for told in child.ask("filling", original, wishes, seconds=SECONDS):
        file = told.get("file") if isinstance(told, dict) else None
    try:
        return base64.b64decode(file["bytes"], validate=True)  # type: ignore[index]  # that is what is checked
    except (TypeError, KeyError, binascii.Error) as error:
        raise refused("damaged") from error


def _wish(each: Filled) -> list[str | int | float | bool]:
    number = float(each.value) if isinstance(each.value, Decimal) else each.value
    return [each.sheet, each.place, number, isinstance(each.value, str)]


def _marked(told: object) -> Marked:
    if not isinstance(told, list) or len(told) != 3 or not all(isinstance(each, str) for each in told):
        raise refused("damaged")
    return Marked(*told)
