"""A checked list into the register: zones that are new, people that changed, then everybody who joins."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection

from councils import audit
from councils.intake import Line
from councils.intake.lines import SILENT
from councils.models import Zone
from members.enrolling import NAME, Admission
from members.imports.comparing import Register, zone_number
from members.imports.words import POLITICAL, POSITIONS, SCHOOLING
from members.joining import admit
from members.models import Member, Membership, Position, Post, ZoneAssignment

# What admit() says that lists say by another word, or at another column
CODES = {
    "out_of_scope": ("village", "out_of_scope"),
    "village_closed": ("village", "unknown_village"),
    "transfer": ("village", "transfer"),
    "elsewhere": ("village", "transfer"),
    "second_president": ("position", "invalid_choice"),
    "wrong_zone": ("zone", "invalid_choice"),
    "duplicate_in_file": ("national_id", "duplicate_in_file"),
}
COLUMNS = ["name", "political_status", "education", "ethnicity", "bank_name", "remark", "phone", "bank_account"]
DERIVED = ["pinyin", "initials", "syllables", "phone_print", "bank_account_print"]
VALUES: dict[str, dict[str, str]] = {
    name: {word: str(value) for value, known in words.items() for word in known}
    for name, words in (("position", POSITIONS), ("political_status", POLITICAL), ("education", SCHOOLING))
}


def write(
    lines: Sequence[Line], register: Register, day: date, by: Any, step: Callable[[int], Any] | None
) -> list[int]:
    """Writes new and changed lines; `register` is what they were compared with a moment ago, under the same lock.

    Returns the keys of the zones that it opened.
    """
    zones, opened = _open_zones(lines, register)
    changed = [line for line in lines if "village" not in line.before and line.record is not None]
    joining = [line for line in lines if line.record is None or "village" in line.before]
    _change(changed, register, zones, day)
    if step:
        step(len(changed))
    unknown = {line.values["national_id"] for line in joining if line.record is None}
    prints = {number: print_ for number, print_ in register.print_of.items() if number in unknown}
    admissions = [_admission(line, zones[id(line)]) for line in joining]
    for line in joining:
        line.values = SILENT  # a list of a hundred thousand need not stand twice
    done = admit(admissions, day, by, step, prints)
    keys = done.created | done.returned
    several = [(at, line) for at, line in enumerate(joining) if at in keys and len(zones[id(line)]) > 1]
    _take_further([(keys[at], line, zones[id(line)][1:]) for at, line in several], day)
    for at, refusal in done.refused.items():
        field, code = CODES.get(refusal.code, ("national_id", "overtaken"))
        joining[at].find(field, code, str(refusal))
    return opened


def _open_zones(lines: Sequence[Line], register: Register) -> tuple[dict[int, list[int]], list[int]]:
    """The zones' keys of each line, by the line's id; those that a village did not have are opened, and named."""
    wanted: dict[tuple[int, str], int] = {}
    rows: list[tuple[int, str, str, str]] = []
    taken = {village: {zone.number for zone in zones} for village, zones in register.zones.items()}
    saying = [(line.council or 0, line.values.get("zone", "")) for line in lines]
    alike = dict(zip(saying, lines, strict=True))  # lines that say the same share their zones
    for (village, _said), line in alike.items():
        for name in register.unknown_zones(line):
            if (village, name) not in wanted:
                wanted[village, name] = len(rows)
                rows.append((village, _number(name, taken.setdefault(village, set())), name, ""))
    columns = ["village", "number", "name", "bounds"]
    keys = audit.copy_in(Zone, columns, rows, "name", "village") if rows else []
    found = {
        said: [keys[wanted[said[0], zone]] if isinstance(zone, str) else zone.pk for zone in register.zones_of(line)]
        for said, line in alike.items()
    }
    return {id(line): found[said] for line, said in zip(lines, saying, strict=True)}, list(keys)


def _number(name: str, taken: set[str]) -> str:
    """The number in a zone's name where it is free, else the next one."""
    wanted = f"{zone_number(name) or 0:02}"
    if wanted == "00" or wanted in taken:
        wanted = f"{max((int(number) for number in taken), default=0) + 1:02}"
    taken.add(wanted)
    return wanted


def _admission(line: Line, zones: Sequence[int]) -> Admission:
    said = line.values
    joined = said.get("joined_on")
    return Admission(
        name=said["name"], national_id=said["national_id"], phone=said.get("phone"), village_id=line.council or 0,
        zone_id=zones[0] if zones else None, position=_value("position", said) or Position.MEMBER.value,
        political_status=_value("political_status", said), education=_value("education", said),
        ethnicity=said.get("ethnicity", "" if line.record else "汉族"),
        joined_on=date.fromisoformat(joined) if joined else None, bank_name=said.get("bank_name", ""),
        bank_account=said.get("bank_account"), remark=said.get("remark", ""),
    )  # fmt: skip


def _value(name: str, said: dict[str, str]) -> str:
    return VALUES[name].get(said.get(name, ""), "")


def _change(lines: Sequence[Line], register: Register, zones: dict[int, list[int]], day: date) -> None:
    change_people([line for line in lines if not line.before.keys().isdisjoint(COLUMNS)])
    change_start([line for line in lines if "joined_on" in line.before])
    _change_posts([line for line in lines if "position" in line.before], day)
    _change_zones([line for line in lines if "zone" in line.before], register, zones, day)


def change_people(lines: Sequence[Line]) -> None:
    people = Member.objects.in_bulk([line.record for line in lines])
    for line in lines:
        member = people[line.record or 0]
        for name in COLUMNS:
            if name in line.before:
                said = line.values[name]
                setattr(member, name, _value(name, line.values) if name in VALUES else said)
        member.derive()
    audit.save_many([people[line.record or 0] for line in lines], COLUMNS + DERIVED)


def change_start(lines: Sequence[Line]) -> None:
    """Since when she is a member, put right; posts and zones that began on the wrong day move with it."""
    start = {line.record: date.fromisoformat(line.values["joined_on"]) for line in lines}
    for model in (Membership, Post, ZoneAssignment):
        running = list(model.objects.filter(end=None, member__in=start))
        was = {line.record: line.before["joined_on"] for line in lines}
        moved = [each for each in running if each.start.isoformat() == was[each.member_id]]
        for each in moved:
            each.start = start[each.member_id]
        audit.save_many(moved, ["start"])


def _change_posts(lines: Sequence[Line], day: date) -> None:
    if not lines:
        return
    posts = {post.member_id: post for post in Post.objects.filter(end=None, member__in=[line.record for line in lines])}
    here = {line.record: line.council for line in lines}
    ending = [post for post in posts.values() if post.council_id == here[post.member_id]]
    _end(ending, day)
    beginning = [(line.record, line.council, _value("position", line.values), _stored(day), False) for line in lines]
    columns = ["member", "council", "position", "start", "ex_officio"]
    audit.copy_in(Post, columns, beginning, NAME, "council")


def _change_zones(lines: Sequence[Line], register: Register, zones: dict[int, list[int]], day: date) -> None:
    ending, beginning = [], []
    for line in lines:
        person = register.person(line)
        held = person.zones if person else []
        wanted = zones[id(line)]
        ending += [taken for taken in held if taken.zone_id not in wanted]
        beginning.append(
            (line.record or 0, line, [zone for zone in wanted if zone not in {each.zone_id for each in held}])
        )
    _end(ending, day)
    _take_further(beginning, day)


def _end(terms: Sequence[Any], day: date) -> None:
    """Ends terms with the day before; what began today or later ends where it began."""
    for term in terms:
        term.end = max(term.start, day - timedelta(days=1))
    audit.save_many(terms, ["end"])


def _take_further(rows: Sequence[tuple[int, Line, Sequence[int]]], day: date) -> None:
    """Zones beside the one that came with joining; who takes a zone that nobody leads, leads it."""
    taking = [(member, line, zone) for member, line, zones in rows for zone in zones]
    if not taking:
        return
    leads = ZoneAssignment.objects.filter(primary=True, end=None, zone__in={zone for _member, _line, zone in taking})
    led = set(leads.values_list("zone", flat=True))
    written = []
    for member, _line, zone in taking:
        written.append((member, zone, zone not in led, _stored(day)))
        led.add(zone)
    audit.copy_in(ZoneAssignment, ["member", "zone", "primary", "start"], written, NAME, "zone__village")


def _stored(day: date) -> Any:
    return connection.ops.adapt_datefield_value(day)
