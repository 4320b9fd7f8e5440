"""Where the list is in a sheet: its heading, in one row or two, which column is which field, and which rows are people.

Titles above, sums, signatures and remarks below are told apart from rows by what a row must have: somebody's number,
name, phone or account.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from councils.intake.findings import Finding, sentence
from councils.intake.lines import Line
from cunsao.workbook import Book, Cell, Fault, Row, Sheet
from cunsao.workbook.cells import text

NOT_A_WORD = re.compile(r"[\W_]+")
IN_BRACKETS = re.compile(r"[(\[【<][^()\[\]【】<>]*[)\]】>]")
NUMBER = re.compile(r"\d{6}")
SUM = re.compile(r"(?:本[页村社区镇乡]*|全[村镇乡县]|以上)?(?:合计|总计|小计|共计|累计)|共\d+[人名位]")
SIGNATURE = re.compile(
    r"(?:审核|审批|填表|填报|制表|制单|经办|经手|负责|签字|签名|盖章|公章|主管|分管|领导|单位|统计|复核|核对|校对|报送|联系)"
    r"\w{0,8}[:：]|(?:填表|填报|说明|备注|附注|注意|注)(?:说明|事项)?[:：1一]|注意事项"
)
SAMPLE = re.compile(r"[(\[【]?(?:示例|样例|例如|范例|填写样本)|.{1,8}\((?:示例|样例|例)\)$")
# Columns about somebody else, or about the list
NOT_HERS = re.compile(
    r"户主|配偶|丈夫|爱人|家属|家长|紧急|父|母|子女|儿|孩|推荐|介绍|填表|填报|经办|负责人|法人|联系人|原|曾|单位"
)
# Columns that only count, and the one that annotate() adds
EXPLAINING = {"填写说明", "填表说明", "How to fill it in"}  # sheets of a template that are no list, as everybody sees
NUMBERING = {"序号", "编号", "次序", "顺序", "行号", "no", "号", "序", "处理办法", "whattodo"}
LONGEST_HEADING = 16
HEADING_ROWS = 2


class Wording:
    """The words that a list's columns go by. `key` is the field without which a table is no such list."""

    def __init__(self, headings: Mapping[str, Sequence[str]], key: str, unused: Sequence[str] = ()) -> None:
        self.fields = {_bare(word): name for name, words in headings.items() for word in (name, *words)}
        self.unused = {_bare(word) for word in unused}
        self.key = key

    def known(self, heading: str) -> str | None:
        """The field that a heading names in so many words."""
        return self.fields.get(_bare(heading)) or self.fields.get(_bare(IN_BRACKETS.sub("", heading)))

    def meant(self, heading: str) -> str | None:
        """The field whose word stands within a heading that has more words, as in 村嫂姓名; the longest word counts."""
        bare = _bare(heading)
        if len(bare) > LONGEST_HEADING or NOT_HERS.search(bare):
            return None
        within = [word for word in self.fields if len(word) > 1 and word in bare]
        return self.fields[max(within, key=len)] if within else None


@dataclass
class Table:
    """A part of a sheet under one heading: in which row it stands, and the column of each field."""

    row: int
    columns: dict[str, int]
    told: list[tuple[str, str]] = field(default_factory=list)  # (warning's code, heading)


@dataclass
class Found:
    """All rows of a book that belong to the list, and what was left out on the way."""

    lines: list[Line] = field(default_factory=list)
    told: list[Finding] = field(default_factory=list)
    header_rows: dict[str, int] = field(default_factory=dict)


def find(book: Book, wording: Wording, persons: Sequence[str]) -> Found:
    """The lines of all visible sheets; `persons` are the fields of which a row must have one."""
    found = Found()
    for name in book.left_out:
        found.told.append(Finding(name, 1, "", "hidden_sheet", sentence("hidden_sheet", sheet=name)))
    for sheet in book.sheets:
        if sheet.rows and not _read(sheet, book.name, wording, persons, found) and sheet.name not in EXPLAINING:
            said = sentence("sheet_left_out", sheet=sheet.name)
            found.told.append(Finding(sheet.name, sheet.rows[0].number, "", "sheet_left_out", said))
    return found


def _read(sheet: Sheet, file_name: str, wording: Wording, persons: Sequence[str], found: Found) -> bool:
    """Adds a sheet's lines to `found`; whether it has a heading at all."""
    table: Table | None = None
    above: list[str] = []
    section = hint = ""
    for at, row in enumerate(sheet.rows):
        if table is not None and row.number <= table.row:
            continue  # the second row of a heading
        numbered = table is not None and _has_number(row, table, wording)
        if not numbered and (new := _heading(sheet.rows, at, wording)):
            hint = hint or " ".join(dict.fromkeys([sheet.name, *above, file_name.rpartition(".")[0]]))
            found.header_rows.setdefault(sheet.name, new.row)
            if table is None or new.columns != table.columns:
                found.told += [_told(sheet, new.row, *told) for told in new.told]
            table = new
        elif table is None:
            above += _words(row)
        elif words := _whole_row(row, table):
            section = words
        elif _is_line(row, table, wording, persons, numbered):
            found.lines.append(Line(sheet.name, row.number, row.cells, table.columns, hint, section))
    return table is not None


def _told(sheet: Sheet, row: int, code: str, heading: str) -> Finding:
    return Finding(sheet.name, row, heading, code, sentence(code, heading=heading))


def _heading(rows: Sequence[Row], at: int, wording: Wording) -> Table | None:
    """The table that begins here, if this row names the key and one column more, with the rows above and below it."""
    words = _texts(rows[at])
    known = {wording.known(word) for word in words if word}
    if wording.key not in known or len(known - {None}) < 2:
        return None
    levels = [words]
    if at and rows[at - 1].number == rows[at].number - 1:
        levels.insert(0, [word if wording.known(word) else "" for word in _texts(rows[at - 1])])
    lower = rows[at + 1] if at + 1 < len(rows) else None
    bottom = rows[at].number
    if lower is not None and lower.number == bottom + 1 and _continues(_texts(lower), words, wording):
        levels.append(_texts(lower))
        bottom = lower.number
    return _mapped(levels, bottom, wording)


def _continues(lower: list[str], upper: list[str], wording: Wording) -> bool:
    """Whether a row is the second of a heading: words of headings, nothing under the key that is a value."""
    under_key = [below for above, below in zip(upper, lower, strict=True) if wording.known(above) == wording.key]
    named = [word for word in lower if word and wording.known(word)]
    return bool(named) and all(not word or wording.known(word) == wording.key for word in under_key)


def _mapped(levels: list[list[str]], row: int, wording: Wording) -> Table:
    table = Table(row, {})
    unclear: list[tuple[int, str]] = []
    for column, stacked in enumerate(zip(*levels, strict=True)):
        words = list(dict.fromkeys(word for word in stacked if word))
        named = next((name for word in ("".join(words), *reversed(words)) if (name := wording.known(word))), None)
        if named and named not in table.columns:
            table.columns[named] = column
        elif words:
            unclear.append((column, words[-1]))
    for column, heading in unclear:
        meant = wording.meant(heading)
        if _bare(heading) in wording.unused:
            table.told.append(("unused_column", heading))
        elif meant and meant not in table.columns:
            table.columns[meant] = column
        elif _bare(heading) not in NUMBERING:
            table.told.append(("unknown_column", heading))
    return table


def _has_number(row: Row, table: Table, wording: Wording) -> bool:
    """Whether the key's cell holds a number: then it is surely no heading, and need not be read word by word."""
    at = table.columns[wording.key]
    cell = row.cells[at] if at < len(row.cells) else ""
    return not isinstance(cell, str) or bool(NUMBER.search(cell))


def _is_line(row: Row, table: Table, wording: Wording, persons: Sequence[str], numbered: bool) -> bool:
    """Whether the row is about a person: it has a number of hers or her name, and is no sum, signature or sample."""
    cells = row.cells
    if numbered and wording.key in persons:
        return not _is_sample(cells)
    held = [at for name in persons if (at := table.columns.get(name)) is not None and _is_filled(cells[at])]
    if not held:
        return False
    if _is_sample(cells):
        return False
    remark = table.columns.get("remark")
    words = [
        _one_line(cell).replace(" ", "") for at, cell in enumerate(cells) if at != remark and isinstance(cell, str)
    ]
    return not any(SUM.match(word) or SIGNATURE.match(word) for word in words if word)


def _is_sample(cells: list[Cell]) -> bool:
    first = [cell for cell in cells[:5] if isinstance(cell, str) and cell]
    said = "\n".join(first)
    return ("例" in said or "样" in said) and any(SAMPLE.match(_one_line(cell)) for cell in first)


def _whole_row(row: Row, table: Table) -> str:
    """What a row says that says one thing from side to side, as a merged cell does, or in its first cell alone."""
    filled = [cell for cell in row.cells if cell != ""]
    if not isinstance(filled[0], str) or filled[-1] != filled[0] or filled.count(filled[0]) < len(filled):
        return ""
    first_alone = len(filled) == 1 and row.cells[0] != "" and 0 not in table.columns.values()
    return _one_line(filled[0]) if first_alone or len(filled) > max(2, len(table.columns) // 2) else ""


def _is_filled(cell: Cell) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else True


def _texts(row: Row) -> list[str]:
    return [_one_line(cell) if isinstance(cell, str) else "" for cell in row.cells]


def _words(row: Row) -> list[str]:
    return list(dict.fromkeys(word for word in _texts(row) if word))


def _one_line(cell: Cell) -> str:
    return "" if isinstance(cell, Fault) else text(cell)


def _bare(heading: str) -> str:
    return NOT_A_WORD.sub("", heading).lower()
