"""What lines of a list of activities are looked at against: records, members' names and zones, asked once for all."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from councils.intake import Line
from councils.models import Zone
from members.models import Membership
from reports.entering import Entry
from reports.imports.words import chinese, kind_words, particulars_of, particulars_said
from reports.kinds import KINDS
from reports.models import Activity

COMPARED = ("day", "kind", "quantity", "members", "zone", "place", "household", "particulars", "remark")
Signature = tuple[str, ...]


class NotFound(LookupError):
    """A name in the line that stands for nobody, or for several: (field, code, words)."""


class Records:
    """Members' names by village, zones by village, and the records that the lines may be; five queries."""

    def __init__(self, lines: Sequence[Line], by: Any) -> None:
        self.kind_of = kind_words()
        villages = {line.council for line in lines if line.council}
        self._zones = {
            (zone.village_id, zone.name): zone.pk for zone in Zone.objects.filter(village__in=villages, closed=None)
        }
        self._terms: dict[tuple[int, str], list[tuple[int, date, date | None]]] = defaultdict(list)
        running = Membership.objects.filter(village__in=villages).order_by("start", "pk")
        for village, name, *term in running.values_list("village", "member__name", "member", "start", "end"):
            self._terms[village, name].append((term[0], term[1], term[2]))
        visible = Activity.objects.all() if by is None else Activity.objects.visible_to(by)
        numbers = [int(line.values["number"]) for line in lines if line.values.get("number", "").isdecimal()]
        self.numbered = visible.select_related("zone").in_bulk(numbers)
        self.alike: dict[Signature, list[int]] = defaultdict(list)
        self._learn_alike([line for line in lines if "number" not in line.values], villages)

    def signature(self, line: Line) -> Signature:
        """What two records have in common that are the same for a list without numbers."""
        said = line.values
        kind = self.kind_of[said["kind"]]
        return (
            str(line.council), said["day"], kind, said.get("quantity", "1"), said["members"], said.get("place", ""),
            said.get("household", ""), said.get("remark", ""),
        )  # fmt: skip

    def entry(self, line: Line) -> Entry:
        """The line as it would be typed. Raises NotFound."""
        said = line.values
        kind = KINDS[self.kind_of[said["kind"]]]
        return Entry(
            village=line.council or 0, day=date.fromisoformat(said["day"]), kind=kind.key,
            members=[self._member(line, name) for name in said["members"].split("、")],
            quantity=int(said.get("quantity", 1)), zone=self.zone(line), household=said.get("household", ""),
            place=said.get("place", ""), text=said.get("remark", ""),
            particulars=particulars_of(kind, said.get("particulars", "")),
        )  # fmt: skip

    def zone(self, line: Line) -> int | None:
        if not line.values.get("zone"):
            return None
        found = self._zones.get((line.council or 0, line.values["zone"]))
        if found is None:
            raise NotFound("zone", "unknown_zone", line.values["zone"])
        return found

    def differences(self, line: Line, record: Activity) -> dict[str, str]:
        """What the record says in each field in which the line says something else; an empty cell says nothing."""
        said = words_of(record)
        return {name: said[name] for name in COMPARED if line.values.get(name, said[name]) != said[name]}

    def _member(self, line: Line, name: str) -> int:
        day = date.fromisoformat(line.values["day"])
        terms = self._terms.get((line.council or 0, name), [])
        found = {member for member, start, end in terms if start <= day and (end is None or day <= end)}
        if len(found) == 1:
            return found.pop()
        raise NotFound("members", "ambiguous_member" if found else "unknown_member", name)

    def _learn_alike(self, lines: Sequence[Line], villages: set[int]) -> None:
        days = sorted({line.values["day"] for line in lines if "day" in line.values})
        if not days:
            return
        between = (date.fromisoformat(days[0]), date.fromisoformat(days[-1]))
        there = Activity.objects.filter(village__in=villages, day__range=between).order_by()
        columns = ("village", "day", "kind", "quantity", "doers", "place", "household", "text")
        for pk, *said in there.values_list("pk", *columns).iterator():
            self.alike[tuple(map(str, said))].append(pk)


def words_of(record: Activity) -> dict[str, str]:
    """A record as the cells of a list have it, by field."""
    return {
        "number": str(record.pk), "day": record.day.isoformat(), "kind": chinese(record.what.label),
        "quantity": str(record.quantity), "members": record.doers, "zone": record.zone.name if record.zone else "",
        "place": record.place, "household": record.household,
        "particulars": particulars_said(record.what, record.particulars), "remark": record.text,
    }  # fmt: skip
