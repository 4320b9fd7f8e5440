"""Lists as townships send them, made for a test, and what the command makes of them."""

import io
import json
from pathlib import Path
from typing import Any

from django.core.management import call_command
from openpyxl import Workbook

from councils import intake
from cunsao import workbook
from tests.factories import make_number

HEADER = ["乡镇", "村(社区)", "姓名", "身份证号", "联系电话", "网格", "职务"]


def person(township: str, village: str, name: str = "王小梅", **given: Any) -> list[Any]:
    """A row under HEADER, good in all its cells unless `given` says otherwise."""
    said = {"number": make_number(), "phone": "13812345678", "zone": "", "position": "会员"} | given
    return [township, village, name, said["number"], said["phone"], said["zone"], said["position"]]


def sheet_of(rows: list[list[Any]], title: str = "Sheet1", merged: tuple[str, ...] = ()) -> bytes:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def reviewed(rows: list[list[Any]], by: Any = None, title: str = "Sheet1", **options: Any) -> intake.Review:
    content = sheet_of(rows, title, **options)
    return intake.review("register", workbook.open(content, "list.xlsx"), by)


def imported(rows: list[list[Any]], by: Any = None, title: str = "Sheet1") -> intake.Applied:
    """Looked at, staged and applied."""
    content = sheet_of(rows, title)
    seen = intake.review("register", workbook.open(content, "list.xlsx"), by)
    return intake.apply(intake.stage(seen, content, by), by)


def codes(seen: intake.Review) -> list[tuple[int, str, str]]:
    return [(each.row, each.field, each.code) for each in seen.errors]


def command(capsys: Any, *arguments: str | Path) -> tuple[int, dict[str, Any]]:
    """Exit code and the JSON object of import_members."""
    capsys.readouterr()
    try:
        call_command("import_members", *map(str, arguments), "--json")
        code = 0
    except SystemExit as end:
        code = int(str(end.code))
    return code, json.loads(capsys.readouterr().out)
