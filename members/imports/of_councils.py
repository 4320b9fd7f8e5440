"""Ledgers whose records are of councils: of any level, or of the county alone."""

from collections.abc import Sequence
from typing import Any, ClassVar

from councils.intake import Line
from councils.matching import Ambiguous, NotFound, OutOfScope, Places
from councils.models import Council, Level
from members.imports.ledgers import PLACES, LedgerResource


class CouncilLedger(LedgerResource):
    """A row names a village, a township alone, or neither: then it is of the reader's own council."""

    place_needed: ClassVar[bool] = False

    def look_up(self, lines: Sequence[Line], records: dict[int, Any]) -> None:
        for line in lines:
            if line.council is None and (id(line) not in records or self._needs_place(line, records)):
                self._seat(line)

    def _seat(self, line: Line) -> None:
        found = self._township(line) if "township" in line.values else own_council(self.places)
        if found is None:
            line.find("township", "unknown_village", text=line.values.get("township", ""), near="")
        elif self.places.own is not None and not found.code.startswith(self.places.own.code):
            line.find("township", "out_of_scope")
        else:
            line.council = found.pk

    def _township(self, line: Line) -> Council | None:
        try:
            return self.places.find(line.values["township"], levels=[Level.TOWNSHIP, Level.COUNTY])
        except (NotFound, Ambiguous, OutOfScope):
            return None

    def told(self, record: Any) -> dict[str, str]:
        said = super().told(record)
        place = self.places.by_pk.get(self._seat_of(record))
        if place is not None and not place.is_village:
            said |= {"township": place.name, "village": "", "village_code": ""}
        return said


class CountyLedger(LedgerResource):
    """What all of the county shares: a row is the county's own and names no place."""

    place_needed: ClassVar[bool] = False
    names_place: ClassVar[bool] = False
    seat: ClassVar[str] = "council"
    joined: ClassVar[Sequence[str]] = ("council",)

    def relate(self, line: Line, record: Any) -> None:
        if record.pk is None:
            record.council = own_council(self.places)

    def told(self, record: Any) -> dict[str, str]:
        return super().told(record) | dict.fromkeys(PLACES, "")


def own_council(places: Places) -> Council | None:
    """The reader's; at the command line the county's."""
    counties = (each for each in places.by_pk.values() if each.level == Level.COUNTY)
    return places.own or next(counties, None)
