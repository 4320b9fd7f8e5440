import io
from datetime import UTC, datetime

import pytest
import time_machine
from openpyxl import load_workbook

from cunsao.workbook import Column, Plan, frozen, write

pytestmark = pytest.mark.once
AT = datetime(2022, 9, 1, 8, 30, tzinfo=UTC)


def written(day):
    held = io.BytesIO()
    with time_machine.travel(day, tick=False):
        write([Plan("表", [Column("人数", "number")], [[5]])], held)
    return held.getvalue()


def test_it_is_the_same_bytes_whenever_it_is_written():
    first, second = written("2022-09-01 08:30"), written("2026-11-26 10:00")
    assert first != second
    assert frozen(first, AT) == frozen(second, AT)


def test_it_says_when_it_was_made_and_keeps_what_is_in_it():
    book = load_workbook(io.BytesIO(frozen(written("2026-11-26 10:00"), AT)))
    assert book.properties.created.replace(tzinfo=UTC) == book.properties.modified.replace(tzinfo=UTC) == AT
    assert [cell.value for cell in book.active["A"]] == ["人数", 5]
