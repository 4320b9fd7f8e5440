"""Which council a written name means: short and official names, former names and codes, within what a user may see."""

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from councils.models import VILLAGES, Council, FormerName, Level

ENDINGS = {
    "community": re.compile(r"(?<=.)(?:(?:社区)?(?:居民委员会|居委会|居委)|社区)$"),
    "village": re.compile(r"(?<=.)(?:村?(?:村民委员会|村委会|村委|行政村)|村)$"),
    "township": re.compile(r"(?<=.)(?:(?:镇|乡)?人民政府|街道办事处|街道|镇|乡)$"),
}
CALLED = {"village": "村", "community": "社区"}
KINDS = ("village", "community", "township", "")
PEOPLES = re.compile(r"(?<=..)回[族民]")  # 李许回民村 is called 李许村 as well
IN_BRACKETS = re.compile(r"\([^()]*\)$")
ABOVE = ("安徽省", "阜阳市")
CODE = re.compile(r"\d{6}(?:\d{3}){0,2}", re.ASCII)
# Traditional and other forms of what place names are made of
FORMS = str.maketrans(
    "莊縣鎮鄉區陳張楊馬劉趙黃吳許孫蔣鄭馮錢廟橋樓龍灣溝崗關東雙潁圍墻園場閘壩門鋪舖營寨臺台樹頭馬魯爐後",
    "庄县镇乡区陈张杨马刘赵黄吴许孙蒋郑冯钱庙桥楼龙湾沟岗关东双颍围墙园场闸坝门铺铺营寨台台树头马鲁炉后",
)
MOST_NEAR = 3


class NotFound(LookupError):
    """No council is called so; `near` are names that look alike, of those the user may see."""

    def __init__(self, near: Sequence[str] = ()) -> None:
        super().__init__()
        self.near = list(near)


class Ambiguous(LookupError):
    """Several councils are called so: `which`, all of them within the user's sight."""

    def __init__(self, which: Sequence[Council]) -> None:
        super().__init__()
        self.which = list(which)


class OutOfScope(LookupError):
    """Only councils outside the user's jurisdiction are called so."""


class Name(NamedTuple):
    """A name taken apart: `core` without what it is, and what it says it is ("" if nothing)."""

    core: str
    kind: str


class Places:
    """All councils by all their names; loaded once, in two queries. `user` None (the command line) sees all."""

    def __init__(self, user: Any = None) -> None:
        self.own: Council | None = user.council if user is not None else None
        self.by_pk = {council.pk: council for council in Council.objects.all()}
        self.by_code = {council.code: council for council in self.by_pk.values()}
        self._whole: dict[str, list[Council]] = defaultdict(list)
        self._parts: dict[Name, list[Council]] = defaultdict(list)
        self._former: dict[str, list[Council]] = defaultdict(list)
        self._counties = [*ABOVE, *(plain(each.name) for each in self._at(Level.COUNTY))]
        self._townships = {plain(each.name): each for each in self._at(Level.TOWNSHIP)}
        for council in self.by_pk.values():
            for name in (council.name, council.short_name):
                if name:
                    self._learn(council, plain(name))
        for former in FormerName.objects.all():
            council = self.by_pk[former.council_id]
            self._former[former.code].append(council)
            for name in (plain(former.name), apart(plain(former.name)).core):
                self._former[name].append(council)

    def find(self, text: str, within: Council | None = None, levels: Sequence[str] = VILLAGES) -> Council:
        """The open council of one of `levels` that `text` names, below `within` where that is given.

        A code, a present name, a former one, in this order; 村 and 社区 at the end tell two of one name apart, and give
        way within a township where there is only one. A merged council answers as the one it went into. Raises
        NotFound, Ambiguous, OutOfScope.
        """
        written = plain(text)
        if Level.TOWNSHIP not in levels:
            written, within = self._without_above(written, within)
        for found in self._readings(written, within):
            alive = self._standing(found, within, levels)
            if not alive:
                continue
            seen = [council for council in alive if self.in_scope(council)]
            if not seen:
                raise OutOfScope
            if len(seen) > 1:
                raise Ambiguous(seen)
            return seen[0]
        if within is not None and not self.in_scope(within):
            raise OutOfScope
        raise NotFound(self._near(written, within, levels))

    def in_scope(self, council: Council) -> bool:
        """Whether it is the user's own council, one below it, or one of those above it."""
        if self.own is None:
            return True
        return council.code.startswith(self.own.code) or self.own.code.startswith(council.code)

    def township_in(self, text: str) -> Council | None:
        """The township whose full name stands in a title or a sheet's name, if there is exactly one."""
        written = plain(text)
        named = [name for name in self._townships if name in written]
        longest = [name for name in named if not any(name != other and name in other for other in named)]
        return self._townships[longest[0]] if len(longest) == 1 else None

    def village_in(self, text: str, within: Council | None = None) -> Council | None:
        """The village whose name, with 村 or 社区, stands in a title or a sheet's name, if there is exactly one."""
        written = plain(text).replace("村嫂", "")
        found: dict[str, Council] = {}
        for name, councils in self._parts.items():
            ending = CALLED.get(name.kind)
            if ending and name.core + ending in written:
                for council in self._standing(councils, within, VILLAGES):
                    found.setdefault(name.core, council)
        longest = [core for core in found if not any(core != other and core in other for other in found)]
        several = len(self._standing([found[core] for core in longest], within, VILLAGES)) != 1
        return None if several or not self.in_scope(found[longest[0]]) else found[longest[0]]

    def described(self, councils: Iterable[Council]) -> str:
        """Councils of one name, told apart by the township they belong to."""
        return "、".join(f"{self.by_code[council.parent_id].name}{council.name}" for council in councils)

    def _at(self, level: Level) -> list[Council]:
        return [council for council in self.by_pk.values() if council.level == level and council.is_open]

    def _learn(self, council: Council, name: str) -> None:
        core, kind = apart(name)
        self._whole[name].append(council)
        for each in dict.fromkeys((core, PEOPLES.sub("", core))):
            self._parts[Name(each, kind)].append(council)

    def _without_above(self, written: str, within: Council | None) -> tuple[str, Council | None]:
        """The name of a village without the county and the township before it; the township then narrows the search."""
        for above in self._counties:
            written = written.removeprefix(above) or written
        for name, township in self._townships.items():
            if written.startswith(name) and written != name and within in (None, township):
                return written.removeprefix(name), township
        return written, within

    def _readings(self, written: str, within: Council | None) -> Iterator[Iterable[Council]]:
        core, kind = apart(written)
        if CODE.fullmatch(written):
            yield [self.by_code[written]] if written in self.by_code else []
        yield self._whole.get(written, [])
        yield self._parts.get(Name(core, kind), []) if kind else self._any_kind(core)
        yield self._former.get(written, [])
        if not kind or within is not None:
            yield self._any_kind(core)
            yield self._former.get(core, [])

    def _any_kind(self, core: str) -> list[Council]:
        return [council for kind in KINDS for council in self._parts.get(Name(core, kind), [])]

    def _standing(self, found: Iterable[Council], within: Council | None, levels: Sequence[str]) -> list[Council]:
        standing = {}
        for council in found:
            while council.closed is not None and council.merged_into_id:
                council = self.by_pk[council.merged_into_id]
            here = within is None or council.parent_id == within.code
            if here and council.is_open and council.level in levels:
                standing[council.pk] = council
        return list(standing.values())

    def _near(self, written: str, within: Council | None, levels: Sequence[str]) -> list[str]:
        offered = [
            council.name for council in self._standing(self.by_pk.values(), within, levels) if self.in_scope(council)
        ]
        alike = difflib.get_close_matches(written, offered, MOST_NEAR, 0.5)
        core = apart(written).core
        return alike or [name for name in offered if core and core in name][:MOST_NEAR]


@lru_cache(maxsize=4096)  # the councils' own names, which each list asks for anew
def plain(text: str) -> str:
    """A name as it is compared: no spaces, full-width and traditional forms in their plain ones."""
    text = "".join(unicodedata.normalize("NFKC", text).split()).translate(FORMS)
    return IN_BRACKETS.sub("", text) or text


@lru_cache(maxsize=4096)
def apart(name: str) -> Name:
    """What a name says and what it says it is."""
    for kind, ending in ENDINGS.items():
        core = ending.sub("", name)
        if core != name:
            return Name(core, kind)
    return Name(name, "")
