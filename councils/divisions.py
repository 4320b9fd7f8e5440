"""Code files of the administrative divisions into the council tree, refused whole with their line numbers."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from councils import audit, tree
from councils.drawing import places, redraw
from councils.models import Council, Level
from cunsao import locks

LEVEL_OF_LENGTH = {6: Level.COUNTY, 9: Level.TOWNSHIP, 12: Level.VILLAGE}
ABOVE = ("parent_code", "streetCode", "areaCode")  # the column that names what is above, in both kinds of file
VILLAGERS, RESIDENTS = re.compile(r"村?村(?:民委员会|委会)$"), re.compile(r"(?:居民委员会|居委会)$")
MOST_FAULTS = 50  # told of one load


class Division(NamedTuple):
    code: str
    name: str
    level: Level
    parent: str
    source: str  # file and line, for what is said about it


class Counts(NamedTuple):
    created: int
    renamed: int
    unchanged: int


class DivisionsRefused(Exception):
    """Nothing was written; `faults` has a sentence with file and line for each thing wrong."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = list(faults)


class _Columns(NamedTuple):
    """Where each thing stands in a line; `level` and `above` are None where the file has no such column."""

    width: int
    code: int
    name: int
    level: int | None
    above: int | None


def read(path: Path) -> list[Division]:
    """The divisions of a CSV file in UTF-8; raises DivisionsRefused with each line that cannot be read.

    Either `code,name,level,parent_code` or the national tables: villages (code, name, streetCode …), streets (code,
    name, areaCode …) and areas. There the level is told by the length of the code: 6, 9 or 12 digits.
    """
    reader = csv.reader(io.StringIO(_text(path), newline=""))
    at = _columns(next(reader, []), path)
    found, faults = [], []
    for row in reader:
        if row:
            try:
                found.append(_division(row, at, f"{path.name}:{reader.line_num}"))
            except ValueError as fault:
                faults.append(_said(f"{path.name}:{reader.line_num}", str(fault)))
    if faults:
        raise DivisionsRefused(faults[:MOST_FAULTS])
    return found


def _columns(header: list[str], path: Path) -> _Columns:
    place = {name.strip(): index for index, name in enumerate(header)}
    above = next((place[name] for name in ABOVE if name in place), None)
    if "code" not in place or "name" not in place or (above is None and "cityCode" not in place):
        raise DivisionsRefused(
            [_("%(file)s, line 1: the columns code, name, level and parent_code were expected.") % {"file": path.name}]
        )
    return _Columns(len(header), place["code"], place["name"], place.get("level"), above)


def _division(row: list[str], at: _Columns, source: str) -> Division:
    """One line; raises ValueError with what is wrong with it."""
    if len(row) != at.width:
        raise ValueError(
            _("this line has %(count)d columns instead of %(wanted)d.") % {"count": len(row), "wanted": at.width}
        )
    code = row[at.code].strip()
    level = LEVEL_OF_LENGTH.get(len(code)) if code.isdecimal() and code.isascii() else None
    if level is None:
        raise ValueError(_("“%(code)s” is no official code of 6, 9 or 12 digits.") % {"code": code[:20]})
    if at.level is not None and row[at.level].strip() not in _names_of(level):
        raise ValueError(
            _("the level “%(level)s” does not fit the code %(code)s.") % {"level": row[at.level][:20], "code": code}
        )
    parent = row[at.above].strip() if at.above is not None and level != Level.COUNTY else ""
    if level == Level.VILLAGE and int(code[9:]) < 200:  # official rule: 001-199 residents', from 200 villagers'
        level = Level.COMMUNITY
    return Division(code, row[at.name].strip(), level, parent, source)


def load(divisions: Iterable[Division], step: Any = None) -> Counts:
    """Brings the divisions in, in one transaction; what is there already stays as it is, a new name is a renaming.

    `step(n)`, if given, is told each n rows that are written. Raises DivisionsRefused before anything is written for a
    double code, a missing parent, a wrong level or a name that is missing or too long.
    """
    wanted = sorted(divisions)
    with locks.exclusive("councils"):
        stored = {code: (key, name) for key, code, name in Council.objects.values_list("pk", "code", "name")}
        counties = {code for code in stored if len(code) == 6}
        if faults := list(_faults(wanted, stored.keys())):
            raise DivisionsRefused(faults[:MOST_FAULTS])
        new = [each for each in wanted if each.code not in stored]
        renamed = [each for each in wanted if each.code in stored and stored[each.code][1] != each.name]
        _write(new, counties, step)
        for each in renamed:
            tree.Rename(each.code, each.name, each.code, timezone.localdate(), short_name(each.name)).write()
        return Counts(len(new), len(renamed), len(wanted) - len(new) - len(renamed))


def nameless_counties(divisions: Iterable[Division]) -> list[Division]:
    """Counties that a table of streets names by code alone (areas.csv was not there): called by their code."""
    listed = list(divisions)
    codes = {each.code for each in listed if each.level == Level.COUNTY}
    streets = [each for each in listed if each.level == Level.TOWNSHIP and each.source.startswith("streets.csv:")]
    first = {each.parent: each.source for each in reversed(streets)}
    known = codes | set(Council.objects.filter(code__in=first.keys() - codes).values_list("code", flat=True))
    return [Division(code, code, Level.COUNTY, "", source) for code, source in first.items() if code not in known]


def short_name(name: str) -> str:
    """The place without its committee: 龙门民族社区居委会 → 龙门民族社区, 姜庄村委会 → 姜庄村."""
    short = RESIDENTS.sub("", VILLAGERS.sub("村", name))
    return short if short != name and len(short) > 1 else ""


def _write(new: Sequence[Division], stored_counties: set[str], step: Any) -> None:
    """Rows with their numbers for drawing; counties that had nodes before are drawn anew."""
    drawn = places((each.code, each.parent or None) for each in new)
    trees = dict(Council.objects.at_level(Level.COUNTY).values_list("code", "tree_id"))
    next_tree = tree.next_tree()
    rows = []
    for each in new:
        county = each.code[:6]
        if county not in trees:
            trees[county], next_tree = next_tree, next_tree + 1
        lft, rght, depth = drawn[each.code]
        rows.append(
            (each.parent or None, each.level.value, each.code, each.name, short_name(each.name), lft, rght,
             trees[county], depth)
        )  # fmt: skip
    columns = ["parent", "level", "code", "name", "short_name", "lft", "rght", "tree_id", "depth"]
    audit.copy_in(Council, columns, rows, name_column="name", step=step)
    grown = {each.code[:6] for each in new} & stored_counties
    for county in Council.objects.filter(code__in=grown):
        redraw(county)


def _faults(wanted: Sequence[Division], stored: Iterable[str]) -> Iterator[str]:
    known = set(stored)
    seen: dict[str, str] = {}
    for each in wanted:  # in the order of codes, so what is above was seen before
        if each.code in seen:
            yield _said(each.source, _("the code %(code)s stands in %(other)s already.")
                        % {"code": each.code, "other": seen[each.code]})  # fmt: skip
        seen[each.code] = each.source
        above = each.code[:-3] if each.level != Level.COUNTY else ""
        if each.parent != above:
            yield _said(each.source, _("%(code)s does not begin with the code of what is above it, %(parent)s.")
                        % {"code": each.code, "parent": each.parent or "–"})  # fmt: skip
        elif above and above not in seen and above not in known:
            yield _said(each.source, _("%(parent)s, the council above, is missing.") % {"parent": above})
        if not each.name or len(each.name) > 60:
            yield _said(each.source, _("the name is missing or longer than 60 characters."))


def _text(path: Path) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise DivisionsRefused(
            [_said(f"{path.name}:{line}", _("this is not UTF-8. Save the file as “CSV UTF-8” and try again."))]
        ) from None


def _names_of(level: Level) -> tuple[str, ...]:
    return (Level.VILLAGE.value, Level.COMMUNITY.value) if level == Level.VILLAGE else (level.value,)


def _said(source: str, sentence: str) -> str:
    name, _colon, line = source.rpartition(":")
    return _("%(file)s, line %(line)s: %(sentence)s") % {"file": name, "line": line, "sentence": sentence}
