"""What the register says of the people in a list, and in which fields the list says something else."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from councils.intake import Line
from councils.models import Zone
from cunsao.bulk import among
from cunsao.personal_data import Secret, fingerprint, prepared
from members.imports.words import POLITICAL, POSITIONS, SCHOOLING
from members.models import Member, Membership, Position, Post, ZoneAssignment

SECRETS = ("phone", "bank_account")
PRINTS = ("phone_print", "bank_account_print")
PLAIN = ("name", "political_status", "education", "ethnicity", "bank_name", "remark")
WORDS = {"political_status": POLITICAL, "education": SCHOOLING}
ZONES_BETWEEN = re.compile(r"[、,，;；/\s]+")
ZONE_NUMBER = re.compile(r"(?:第)?(\d{1,4})(?:号)?(?:网格|片区?|组)?(?:号)?|网格(\d{1,4})")


class Ground(NamedTuple):
    """A zone, as much of it as lists are compared with."""

    pk: int
    number: str
    name: str
    closed: date | None


class Standing:
    """A village's zones that are not closed, to be found as lists name them; of two alike the first."""

    def __init__(self, zones: Sequence[Ground]) -> None:
        self._zones = [zone for zone in reversed(zones) if zone.closed is None]
        self.by_name = {zone.name: zone for zone in self._zones}

    def zone(self, name: str) -> Ground | str:
        """A zone by its name or its number, as in 第3网格; otherwise the name."""
        if found := self.by_name.get(name):
            return found
        wanted = zone_number(name)
        if wanted is None:
            return name
        return self._by_number.get(wanted) or (f"第{wanted}网格" if name.isdecimal() else name)

    @cached_property
    def _by_number(self) -> dict[int, Ground]:
        named = ((zone_number(zone.name), zone) for zone in self._zones)
        return {int(zone.number) if number is None else number: zone for number, zone in named}


@dataclass(slots=True)
class Person:
    """A woman as the register has her now; `said` holds the words that exports write."""

    pk: int
    said: dict[str, str]
    secrets: dict[str, Secret | None]
    prints: dict[str, bytes | None]
    village: int | None = None
    last_village: int | None = None
    start: date | None = None
    position: str = ""
    zones: list[ZoneAssignment] = field(default_factory=list)


class Register:
    """All that a list's lines are compared with, asked in six questions whatever the list's length."""

    def __init__(self, lines: Sequence[Line]) -> None:
        column: Any = Member._meta.get_field("national_id_print")
        numbers = [line.values["national_id"] for line in lines]
        self.print_of: dict[str, Any] = dict(zip(numbers, prepared(column, numbers), strict=True))
        self.people = dict(_people(self.print_of.values()))
        self._by_pk = {person.pk: person for person in self.people.values()}
        villages = {line.council for line in lines if line.council}
        self.zones: dict[int, list[Ground]] = defaultdict(list)
        standing = Zone.objects.order_by("village", "number")
        for village, *zone in among(standing, "village", villages, ["village", *Ground._fields]):
            self.zones[village].append(Ground(*zone))
        self.presidents: dict[int, int] = {}
        self._standing: dict[int, Standing] = {}
        self._zones_said: dict[tuple[int, str], list[Ground | str]] = {}
        self._unknown_said: dict[tuple[int, str], list[str]] = {}
        self._add_terms(villages)

    def person(self, line: Line) -> Person | None:
        return self.people.get(self.print_of[line.values["national_id"]])

    def differences(self, line: Line, person: Person) -> dict[str, str]:
        """What the register says in each field in which the line says something else; an empty cell says nothing."""
        values = line.values
        before = {name: person.said[name] for name in PLAIN if values.get(name, person.said[name]) != person.said[name]}
        for name in SECRETS:
            if name in values and fingerprint(values[name], name) != person.prints[f"{name}_print"]:
                secret = person.secrets[name]
                before[name] = secret.clear if secret else ""
        start = person.start.isoformat() if person.start else ""
        now = {"position": person.position, "joined_on": start}
        before |= {name: said for name, said in now.items() if values.get(name, said) != said}
        if "zone" in values and self._zone_keys(line) != {each.zone_id for each in person.zones}:
            before["zone"] = zones_said(each.zone for each in person.zones)
        return before

    def zones_of(self, line: Line) -> list[Ground | str]:
        """The zones that a line names, in its order; a name that the village does not have stays a name."""
        said = (line.council or 0, line.values.get("zone", ""))
        found = self._zones_said.get(said)
        if found is None:
            standing = self._standing.get(said[0]) or self._standing.setdefault(said[0], Standing(self.zones[said[0]]))
            whole = said[1] in standing.by_name
            names = [said[1]] if whole else [name for name in ZONES_BETWEEN.split(said[1]) if name]
            found = self._zones_said[said] = list(dict.fromkeys(standing.zone(name) for name in names))
        return found

    def unknown_zones(self, line: Line) -> list[str]:
        said = (line.council or 0, line.values.get("zone", ""))
        unknown = self._unknown_said.get(said)
        if unknown is None:
            unknown = self._unknown_said[said] = [zone for zone in self.zones_of(line) if isinstance(zone, str)]
        return unknown

    def _zone_keys(self, line: Line) -> set[int | str]:
        return {zone if isinstance(zone, str) else zone.pk for zone in self.zones_of(line)}

    def _add_terms(self, villages: set[int]) -> None:
        """Memberships, posts and zones of these people, and who presides over these villages."""
        terms = Membership.objects.order_by("start")
        for member, village, start, end in among(terms, "member", self._by_pk, ["member", "village", "start", "end"]):
            person = self._by_pk[member]
            person.last_village = village
            if end is None:
                person.village, person.start = village, start
        presiding = Post.objects.filter(end=None, position=Position.PRESIDENT).order_by()
        self.presidents = dict(among(presiding, "council", villages, ["council", "member"]))
        posts = Post.objects.filter(end=None).order_by()
        for member, council, position in among(posts, "member", self._by_pk, ["member", "council", "position"]):
            person = self._by_pk[member]
            if council == person.village:
                person.position = POSITIONS[Position(position)][0]
        open_zones = ZoneAssignment.objects.filter(end=None).select_related("zone").order_by("-primary", "pk")
        for taken in among(open_zones, "member", self._by_pk):
            self._by_pk[taken.member_id].zones.append(taken)


def zones_said(zones: Iterable[Any]) -> str:
    """Zones as a list's one cell has them, the main one first."""
    return "、".join(zone.name for zone in zones)


def _people(prints: Iterable[Any]) -> Iterator[tuple[bytes, Person]]:
    columns = ("national_id_print", "pk", *PLAIN, *SECRETS, *PRINTS)
    for row in among(Member.objects.order_by(), "national_id_print", prints, columns):
        values = dict(zip(columns, row, strict=True))
        said = {name: values[name] for name in PLAIN}
        for name, words in WORDS.items():
            said[name] = words[said[name]][0] if said[name] else ""
        yield (
            values["national_id_print"],
            Person(
                values["pk"], said, {name: values[name] for name in SECRETS}, {name: values[name] for name in PRINTS}
            ),
        )


def zone_number(name: str) -> int | None:
    """The number that a zone's name is, if it is nothing else."""
    number = ZONE_NUMBER.fullmatch(name)
    return int(number[1] or number[2]) if number else None
