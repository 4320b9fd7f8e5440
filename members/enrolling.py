"""A whole list of women into the register at once: what is known of them in a few questions, then table by table."""

from collections.abc import Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from councils import audit
from councils.models import VILLAGES, Council, Zone
from cunsao.bulk import among
from cunsao.personal_data import masks, prepared
from members.models import Member, Membership, Position, Post, ZoneAssignment
from members.models.member import birth_year, reading_of
from members.refusing import (
    JoiningRefused,
    elsewhere,
    out_of_scope,
    second_president,
    village_closed,
)


class Admission(NamedTuple):
    """One woman as a list or a form has her, numbers normalised."""

    name: str
    national_id: str
    phone: str | None
    village_id: int
    zone_id: int | None
    position: str
    political_status: str
    education: str
    ethnicity: str
    joined_on: date | None
    bank_name: str
    bank_account: str | None
    remark: str


class Entering(NamedTuple):
    """A row that is taken, with what follows from its place in the list."""

    row: Admission
    start: date
    leads: bool


class Known:
    """What the register says of a list's people and places, asked at once."""

    def __init__(self, rows: Sequence[Admission], by: Any, unknown: Mapping[str, bytes | None]) -> None:
        villages = {row.village_id for row in rows}
        column: Any = Member._meta.get_field("national_id_print")
        asked = [row.national_id for row in rows if row.national_id not in unknown]
        prints = prepared(column, asked)
        self.print_of = dict(unknown) | dict(zip(asked, prints, strict=True))
        self.is_long = any(max(map(len, map(attrgetter(name), rows)), default=0) > LENGTHS[name][1] for name in LENGTHS)
        self.people = {
            each.national_id_print: each for each in among(Member.objects.all(), "national_id_print", prints)
        }
        people = [each.pk for each in self.people.values()]
        self.here: dict[int, int] = {}
        self.until: dict[int, date] = {}
        for member, village, end in among(Membership.objects.all(), "member", people, ["member", "village", "end"]):
            if end is None:
                self.here[member] = village
            else:
                self.until[member] = max(self.until.get(member, date.min), end)
        places = villages | set(self.here.values())
        visible = Council.objects.all() if by is None else Council.objects.visible_to(by)
        seen = among(visible, "pk", places, ["pk", "level", "closed"])
        self.villages = {key: level in VILLAGES and closed is None for key, level, closed in seen}
        self.zones = dict(among(Zone.objects.order_by(), "village", villages, ["pk", "village"]))
        presidents = Post.objects.filter(position=Position.PRESIDENT, end=None).order_by()
        self.presidents = {council for (council,) in among(presidents, "council", villages, ["council"])}
        leads = ZoneAssignment.objects.filter(primary=True, end=None).order_by()
        self.led = {zone for (zone,) in among(leads, "zone__village", villages, ["zone"])}
        self.seen: set[str] = set()

    def person(self, row: Admission) -> Member | None:
        """Her record, None where she has none yet. Raises JoiningRefused where the row cannot be taken."""
        if self.is_long:
            _refuse_long(row)
        if row.village_id not in self.villages:
            raise out_of_scope()
        if not self.villages[row.village_id]:
            raise village_closed()
        if row.zone_id and self.zones.get(row.zone_id) != row.village_id:
            raise JoiningRefused("wrong_zone", _("This zone belongs to another village."))
        if row.national_id in self.seen:
            raise JoiningRefused("duplicate_in_file", _("This ID number stands in the list twice."))
        person: Member | None = self.people.get(self.print_of[row.national_id])
        self._refuse_member(person, row)
        self._refuse_second(row)
        self.seen.add(row.national_id)
        return person

    def entering(self, row: Admission, person: Member | None, day: date) -> Entering:
        """Since when she is a member, and whether her zone is hers to lead; rows are asked for in the list's order."""
        free = row.zone_id is not None and row.zone_id not in self.led
        if free:
            self.led.add(row.zone_id or 0)
        return Entering(row, self._start(row, person, day), free)

    def _start(self, row: Admission, person: Member | None, day: date) -> date:
        """What the list says, unless it lies ahead or in a membership she had before."""
        joined = row.joined_on if row.joined_on and row.joined_on <= day else day
        until = self.until.get(person.pk) if person else None
        return joined if until is None or joined > until else day

    def _refuse_member(self, person: Member | None, row: Admission) -> None:
        here = self.here.get(person.pk) if person else None
        if here == row.village_id:
            raise JoiningRefused("member_here", _("She is a member of this village already."))
        if here in self.villages:
            raise JoiningRefused("transfer", _("She is a member of another village. Propose a transfer."))
        if here is not None:
            raise elsewhere()

    def _refuse_second(self, row: Admission) -> None:
        if row.position != Position.PRESIDENT:
            return
        if row.village_id in self.presidents:
            raise second_president()
        self.presidents.add(row.village_id)


NAME = "member__name"  # what the trail calls a term by
NUMBERS = ("national_id", "phone", "bank_account")
WORDS = ("name", "political_status", "education", "ethnicity", "bank_name", "remark")
PEOPLE = (
    *WORDS, "pinyin", "initials", "syllables", "birth_year", *NUMBERS, "national_id_print", "phone_print",
    "bank_account_print",
)  # fmt: skip
LENGTHS = {
    field.name: (field.verbose_name, field.max_length or 0)
    for field in Member._meta.concrete_fields
    if field.name in WORDS
}
MASKS = {"national_id": masks.masked_id, "phone": masks.masked_phone, "bank_account": masks.masked_account}


def write_people(
    entering: Sequence[Entering], print_of: Mapping[str, bytes | None], step: Any = None
) -> Sequence[int]:  # fmt: skip
    """New records with their terms, each woman's one entry in the trail; returns their keys in order.

    `print_of` has the fingerprint of each ID number.
    """
    rows = [each.row for each in entering]
    columns: list[list[Any]] = [[getattr(row, name) for row in rows] for name in WORDS]
    reading = {name: reading_of(name) for name in {row.name for row in rows}}
    columns += [[reading[row.name][at] for row in rows] for at in range(3)]
    columns.append([birth_year(row.national_id) for row in rows])
    texts = {name: [getattr(row, name) or None for row in rows] for name in NUMBERS}
    for column in (*NUMBERS, "phone_print", "bank_account_print"):
        field: Any = Member._meta.get_field(column)
        columns.append(prepared(field, texts[column.removesuffix("_print")]))
    columns.insert(-2, [print_of[row.national_id] for row in rows])
    told = {name: [text and mask(text) for text in texts[name]] for name, mask in MASKS.items()}
    return audit.copy_in(
        Member, PEOPLE, list(zip(*columns, strict=True)), "name", step=step,
        councils=[row.village_id for row in rows], told=told, beside=_terms(list(enumerate(entering))),
    )  # fmt: skip


def renew(rows: Sequence[tuple[Admission, Member]]) -> None:
    """The records of those who come back, with what the list says anew; what it leaves empty stays."""
    names = [*WORDS, "phone", "bank_account"]
    for row, person in rows:
        for name in names:
            if value := getattr(row, name):
                setattr(person, name, value)
        person.derive()
    columns = [*names, "pinyin", "initials", "syllables", "phone_print", "bank_account_print"]
    audit.save_many([person for _row, person in rows], columns)


def write_terms(rows: Sequence[tuple[int, Entering]], step: Any) -> None:
    """A membership, a post and, where the row names one, a zone for each of (member's key, row)."""
    for model, columns, written in _terms(rows):
        audit.copy_in(model, [model.audit_with, *columns], written, NAME, model.council_path)
    if step and rows:
        step(len(rows))


def _terms(rows: Sequence[tuple[int, Entering]]) -> list[audit.Beside]:
    """What is written of each table of terms; whose it is comes first, as in `rows`."""
    day, member = connection.ops.adapt_datefield_value, Position.MEMBER.value
    told = [(of, row, day(start), leads) for of, (row, start, leads) in rows]
    return [
        audit.Beside(
            Membership,
            ["village", "start", "reason"],
            [(of, row.village_id, start, "") for of, row, start, _leads in told],
        ),
        audit.Beside(
            Post,
            ["council", "position", "start", "ex_officio"],
            [(of, row.village_id, row.position or member, start, False) for of, row, start, _leads in told],
        ),
        audit.Beside(
            ZoneAssignment,
            ["zone", "primary", "start"],
            [(of, row.zone_id, leads, start) for of, row, start, leads in told if row.zone_id],
        ),
    ]


def _refuse_long(row: Admission) -> None:
    for name, (label, length) in LENGTHS.items():
        if len(getattr(row, name)) > length:
            message = _("“%(field)s” takes %(count)d characters at most.")
            raise JoiningRefused("too_long", message % {"field": label, "count": length})
