"""Ledgers whose records are of members."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from councils.intake import Line
from councils.intake.widgets import NameWidget
from cunsao.personal_data import fingerprint, masks
from cunsao.personal_data.secret import Mask
from members.imports.ledgers import LedgerResource, Said
from members.imports.people import People, whole_number
from members.imports.widgets import MemberNumber
from members.imports.words import HEADINGS
from members.models import Member


class MemberLedger(LedgerResource):
    """A ledger whose records are of members, each named by ID number or, within her village or township, by name."""

    joined: ClassVar[Sequence[str]] = ("member",)
    related: ClassVar[Sequence[str]] = ("member__memberships",)
    persons: ClassVar[Sequence[str]] = ("name", "national_id")
    masks: ClassVar[Mapping[str, Mask]] = {"national_id": masks.masked_id}
    place_needed = False
    name = Said(HEADINGS["name"], NameWidget())
    national_id = Said(HEADINGS["national_id"], MemberNumber())

    def look_up(self, lines: Sequence[Line], records: dict[int, Any]) -> None:
        self.people = People(self.user, lines, self.places)
        self.member_of: dict[int, Member] = {}
        for line in lines:
            record = records.get(id(line))
            if record is not None and self._names(line, record):
                continue
            if self.names_member(line) and (member := self.people.find(line)) is not None:
                self.member_of[id(line)] = member
                self._doubt(line, member)

    @cached_property
    def readable(self) -> set[int] | None:
        """The members whose numbers the user may have; None for everybody's."""
        return set(Member.objects.visible_to(self.user).values_list("pk", flat=True)) if self.user else None

    def names_member(self, line: Line) -> bool:
        """Whether the line has to be about a member."""
        return True

    def relate(self, line: Line, record: Any) -> None:
        if (member := self.member_of.get(id(line))) is not None and member.pk != record.member_id:
            record.member = member
            line.council = line.council or next((each.village_id for each in _running(member)), None)
        super().relate(line, record)

    def told(self, record: Any) -> dict[str, str]:
        said = super().told(record) | {"name": "", "national_id": ""}
        if record.member_id:
            said |= {"name": record.member.name, "national_id": str(record.member.national_id)}
        return said

    def numbers(self, record: Any, unmasked: bool) -> dict[str, str]:
        """Hers, unless she left the reader's jurisdiction since."""
        if not record.member_id or (self.readable is not None and record.member_id not in self.readable):
            return {"national_id": ""}
        return {"national_id": record.member.national_id.clear} if unmasked else {}

    def _names(self, line: Line, record: Any) -> bool:
        """Whether the line says of the record's member what the register says."""
        if not record.member_id:
            return False
        member, number = record.member, line.values.get("national_id", "")
        if line.values.get("name", member.name) != member.name:
            return False
        if whole_number(line):
            return fingerprint(number, "national_id") == member.national_id_print
        return not masks.is_mask(number) or number == str(member.national_id)

    def _doubt(self, line: Line, member: Member) -> None:
        if line.values.get("name", member.name) != member.name:
            line.find("name", "name_changed", name=member.name)


def _running(member: Member) -> list[Any]:
    return [each for each in member.memberships.all() if each.end is None]
