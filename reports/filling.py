"""A form from above, filled in: all {{marks}} of a workbook become figures, or those that cannot are told by cell.

{{members}} is the figure on the day and of the council that were chosen; {{disputes_mediated|2021}} of a year,
|2022-08 of a month, |2022Q3 of a quarter, |2022-08-31 until a day; |township=慎城镇 and |village=… of another place.
A figure is named by its key or by its name.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from councils.matching import Ambiguous, NotFound, OutOfScope, Places
from councils.models import VILLAGES, Council, Level
from cunsao import workbook
from cunsao.workbook import Filled, Marked
from reports import indicators
from reports.periods import NotAPeriod, Period

MARK = re.compile(r"[{｛]{2}(.*?)[}｝]{2}", re.DOTALL)
LOOSE = re.compile(r"[{｛]{2}|[}｝]{2}")
DAY = re.compile(r"\d{4}-\d\d?-\d\d?", re.ASCII)
QUARTERS = re.compile(r"((?:19|20)\d\d)年?(?:第?([1-4一二三四])季度?|-?[Qq]([1-4]))", re.ASCII)
YEARS = re.compile(r"((?:19|20)\d\d)年?", re.ASCII)
CHINESE = {"一": "1", "二": "2", "三": "3", "四": "4"}
TOWNSHIP, VILLAGE = ("township", "乡镇", "镇", "乡"), ("village", "村", "社区", "村社区")
ROUNDED = ("万", "rounded")


class Refusal(Exception):
    """Why one mark is not filled in, and what to do."""

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(why)
        self.why, self.remedy = why, remedy


class Fault(NamedTuple):
    """A mark that cannot be filled in: where it stands, why not, and what to do."""

    sheet: str
    place: str
    mark: str
    why: str
    remedy: str


class Wish(NamedTuple):
    """What one mark asks for. `within` tells a figure of a time that the mark names from one on the day chosen."""

    key: str
    council: Council
    period: Period
    within: bool
    rounded: bool


@dataclass
class Form:
    """A workbook that was read: each marked cell with what its marks ask for, and the faults, which hold back all."""

    content: bytes
    cells: list[tuple[Marked, list[Wish]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def marks(self) -> int:
        return sum(len(wishes) for _cell, wishes in self.cells)


def read(file: Any, council: Council, day: date, user: Any) -> Form:
    """The marks of an .xlsx, each understood or a fault; of `council` and until `day` where a mark says no more.

    Raises FileRefused for a file that cannot be read.
    """
    content = workbook.contents(file)
    form = Form(content)
    reader = _Reader(council, day, user)
    for cell in workbook.marked(content):
        wishes = []
        for mark in MARK.findall(cell.text):
            try:
                wishes.append(reader.wish(mark))
            except Refusal as refusal:
                form.faults.append(Fault(cell.sheet, cell.place, f"{{{{{mark}}}}}", refusal.why, refusal.remedy))
        if loose := LOOSE.search(MARK.sub("", cell.text)):
            form.faults.append(
                Fault(cell.sheet, cell.place, loose[0], _("This mark has no end or no beginning."),
                      _("Write it with two braces on either side: {{members}}."))
            )  # fmt: skip
        form.cells.append((cell, wishes))
    return form


def fill(form: Form) -> bytes:
    """The same workbook with all figures in place, formats kept. Raises ValueError for a form with faults, or without
    marks, and FileRefused."""
    if form.faults or not form.marks:
        raise ValueError("A form with faults or without marks is not filled in.")
    figures = _figures([wish for _cell, wishes in form.cells for wish in wishes])
    return workbook.fill(form.content, [_filled(cell, wishes, figures) for cell, wishes in form.cells])


class _Reader:
    """Understands marks; the catalogue's names and the councils are looked up once."""

    def __init__(self, council: Council, day: date, user: Any) -> None:
        self.council, self.day, self.user = council, day, user
        self.places = Places(user)
        self.keys = {}
        for key, each in indicators.CATALOGUE.items():
            self.keys[_plain(key)] = self.keys[_plain(str(each.name))] = key

    def wish(self, mark: str) -> Wish:
        name, *said = (part.strip() for part in unicodedata.normalize("NFKC", mark).split("|"))
        key = self.keys.get(_plain(name))
        if key is None:
            raise Refusal(
                _("“%(name)s” is no figure.") % {"name": name[:40]}, _("Copy the mark from the list of all marks.")
            )
        if not indicators.address(key, self.council, Period.until(self.day), self.user):
            raise Refusal(_("Your role does not see this figure."), _("Ask who keeps these records to fill it in."))
        places, times, rounded = {}, [], False
        for part in filter(None, said):
            what, equals, value = (each.strip() for each in part.partition("="))
            if equals:
                places[self._level(what)] = value
            elif part in ROUNDED:
                rounded = True
            else:
                times.append(part)
        if len(times) > 1:
            raise Refusal(_("This mark names two times."), _("Leave one of them: %(one)s.") % {"one": times[0]})
        council = self._place(places)
        if not times:
            return Wish(key, council, Period.until(self.day), False, rounded)
        period, named = self._period(times[0])
        return Wish(key, council, period, named, rounded)

    def _level(self, what: str) -> str:
        if what.lower() in TOWNSHIP:
            return "township"
        if what.lower() in VILLAGE:
            return "village"
        raise Refusal(_("“%(what)s” is no kind of place.") % {"what": what[:20]}, _("Write township=… or village=…."))

    def _place(self, places: Mapping[str, str]) -> Council:
        found = self.council
        if "township" in places:
            found = self._found(places["township"], None, (Level.TOWNSHIP,))
        if "village" in places:
            found = self._found(places["village"], found if "township" in places else None, VILLAGES)
        return found

    def _found(self, name: str, within: Council | None, levels: Sequence[str]) -> Council:
        try:
            found = self.places.find(name, within, levels)
        except Ambiguous as fault:
            raise Refusal(
                _("Several places are called %(name)s.") % {"name": name}, _("Name its township too: %(which)s.")
                % {"which": self.places.described(fault.which)},
            ) from fault  # fmt: skip
        except OutOfScope as fault:
            raise Refusal(
                _("%(name)s lies outside your jurisdiction.") % {"name": name}, _("Name a place of your own.")
            ) from fault
        except NotFound as fault:
            remedy = _("Did you mean %(near)s?") % {"near": "、".join(fault.near)} if fault.near else ""
            raise Refusal(
                _("No place is called %(name)s.") % {"name": name}, remedy or _("Write its official name.")
            ) from fault
        if not found.code.startswith(self.user.council.code):  # one that stands above her
            raise Refusal(
                _("%(name)s lies outside your jurisdiction.") % {"name": name}, _("Name a place of your own.")
            )
        return found

    def _period(self, text: str) -> tuple[Period, bool]:
        """The period that a mark names, and whether it is one to count within rather than a day to count until."""
        try:
            period = _read_period(text)
        except (NotAPeriod, ValueError) as fault:
            raise Refusal(
                _("“%(text)s” is no period.") % {"text": text[:20]},
                _("Write a year 2021, a quarter 2022Q3, a month 2022-08 or a day 2022-08-31."),
            ) from fault
        if period.first > timezone.localdate():
            raise Refusal(_("%(period)s has not begun yet.") % {"period": period.label}, _("Name a time that was."))
        return period, period.kind != "until"


def _read_period(text: str) -> Period:
    if DAY.fullmatch(text):
        year, month, day = map(int, text.split("-"))
        return Period.until(date(year, month, day))
    if found := QUARTERS.fullmatch(text):
        number = CHINESE.get(found[2], found[2]) or found[3]
        return Period.read({"period": f"{found[1]}-Q{number}"})
    if found := YEARS.fullmatch(text):
        return Period.year(int(found[1]))
    return Period.read({"period": text})


def _figures(wishes: Sequence[Wish]) -> dict[Wish, indicators.Figure]:
    """The figure of each wish; what is asked of one council and period is asked at once."""
    asked: dict[tuple[int, Period, bool], dict[str, None]] = defaultdict(dict)
    councils = {}
    for wish in wishes:
        councils[wish.council.pk] = wish.council
        asked[wish.council.pk, wish.period, wish.within][wish.key] = None
    found = {
        place: (indicators.within if place[2] else indicators.values)(councils[place[0]], place[1], list(keys))
        for place, keys in asked.items()
    }
    return {wish: found[wish.council.pk, wish.period, wish.within][wish.key] for wish in wishes}


def _filled(cell: Marked, wishes: list[Wish], figures: Mapping[Wish, indicators.Figure]) -> Filled:
    """A cell that is one mark becomes a number; one with words around keeps them."""
    if MARK.fullmatch(cell.text.strip()) and not wishes[0].rounded:
        return Filled(cell.sheet, cell.place, figures[wishes[0]].value)
    told = iter(wishes)
    return Filled(cell.sheet, cell.place, MARK.sub(lambda _mark: _in_words(next(told), figures), cell.text))


def _in_words(wish: Wish, figures: Mapping[Wish, indicators.Figure]) -> str:
    figure = figures[wish]
    return str(figure.shown) if wish.rounded else str(figure.value)


def _plain(text: str) -> str:
    """A name as it is compared: no spaces, quotation marks or case."""
    return re.sub(r"[\s“”\"'、，（）()]", "", unicodedata.normalize("NFKC", text)).lower()
