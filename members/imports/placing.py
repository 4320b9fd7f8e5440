"""Which village each line of a list belongs to: by its column, by a code, by the row above, by the sheet's name."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from councils.intake import Line
from councils.matching import Ambiguous, NotFound, OutOfScope, Places, apart, plain
from councils.models import Council, Level

PLACES = ("township", "village")


class Said(NamedTuple):
    """All that a line says of its place; lines that say the same are looked up once."""

    township: str
    village: str
    code: str
    section: str
    sheet: str
    hint: str
    has_column: bool


class Refused(NamedTuple):
    """Why there is no village for it, as a finding's field, code and words."""

    field: str
    code: str
    words: dict[str, object]


def place(lines: Sequence[Line], places: Places, needed: bool = True) -> None:
    """Gives each line the key of its village, or the finding that says why not; no query.

    Where a village is not `needed`, a line that says nothing of any stays without one and without a finding.
    """
    known: dict[tuple[Any, ...], Council | Refused] = {}
    for line in lines:
        if line.findings and any(found.field in PLACES and not found.is_warning for found in line.findings):
            continue
        values = line.values
        said = (
            values.get("township", ""), values.get("village", ""), values.get("village_code", ""), line.section,
            line.sheet, line.hint, "village" in line.columns,
        )  # fmt: skip
        found = known.get(said) or known.setdefault(said, _looked_up(Said(*said), places))
        if isinstance(found, Refused):
            if found is MISSING and not needed:
                continue
            line.find(found.field, found.code, "", **found.words)
        else:
            line.council = found.pk


def _looked_up(said: Said, places: Places) -> Council | Refused:
    asked = said.village or said.code or said.section or said.sheet
    try:
        return _village(said, places)
    except NotFound as unknown:
        near = unknown.near
        return Refused("village", "unknown_village", {"text": asked, "near": _near(near)}) if asked else MISSING
    except Ambiguous as several:
        return Refused("village", "ambiguous_village", {"text": asked, "which": places.described(several.which)})
    except OutOfScope:
        return Refused("village", "out_of_scope", {})
    except NowhereSaid as gap:
        return gap.refused


class NowhereSaid(LookupError):
    """Neither the row nor what stands above it names a village."""

    def __init__(self, refused: Refused) -> None:
        self.refused = refused


MISSING = Refused("village", "missing", {})


def _village(said: Said, places: Places) -> Council:
    township = _township(said, places)
    hinted = places.township_in(said.sheet) or places.township_in(said.hint)
    if said.code:
        found = places.find(said.code, township)
        if said.village and plain(said.village) != plain(found.name):
            _refuse_contradiction(found, _named(said.village, township or hinted, places), said, places)
        return found
    if said.village:
        return _named(said.village, township, places, hinted)
    return _above(said, township or hinted, places)


def _township(said: Said, places: Places) -> Council | None:
    if not said.township:
        return None
    try:
        return places.find(said.township, levels=[Level.TOWNSHIP])
    except NotFound as unknown:
        words: dict[str, object] = {"text": said.township, "near": _near(unknown.near)}
        raise NowhereSaid(Refused("township", "unknown_village", words)) from unknown


def _named(text: str, township: Council | None, places: Places, hinted: Council | None = None) -> Council:
    """A name in the township that the row names; one that only a title names comes first, and binds nobody."""
    if township is None and hinted is not None:
        try:
            return places.find(text, hinted)
        except NotFound:
            pass
    return places.find(text, township)


def _refuse_contradiction(by_code: Council, by_name: Council, said: Said, places: Places) -> None:
    if by_code.pk != by_name.pk:
        words: dict[str, object] = {"text": said.village, "which": places.described([by_code, by_name])}
        raise NowhereSaid(Refused("village", "ambiguous_village", words))


def _above(said: Said, township: Council | None, places: Places) -> Council:
    """Where the row itself is silent: the row above, the sheet's name, the title, one's own village."""
    for text in (said.section, said.sheet):
        if not text:
            continue
        try:
            return places.find(text, township)
        except NotFound as unknown:
            if found := places.village_in(text, township):
                return found
            if text is said.sheet and not said.has_column and apart(plain(text)).kind in ("village", "community"):
                raise unknown
    if not said.has_column and (found := places.village_in(said.hint, township)):
        return found
    if places.own is not None and places.own.is_village and not said.has_column:
        return places.own
    raise NowhereSaid(MISSING)


def _near(names: Sequence[str]) -> str:
    return f" ({'、'.join(names)}?)" if names else ""
