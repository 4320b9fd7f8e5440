"""The register's list: people with their village, zone, post and numbers, known again by ID number."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.fields import Field

from councils.intake import Absent, Line, StagedResource, Verdict, importer
from councils.intake.widgets import (
    ChoiceWidget,
    DayWidget,
    NameWidget,
    NationalIdWidget,
    NumberWidget,
    PlaceWidget,
    TextWidget,
)
from councils.matching import Places
from councils.models import Council, Zone
from cunsao.personal_data import masks, numbers
from cunsao.workbook import Plan
from members.imports import missing, taking_back, writing
from members.imports.comparing import Register
from members.imports.placing import place
from members.imports.words import ETHNICITIES, HEADINGS, POLITICAL, POSITIONS, SCHOOLING, UNUSED
from members.joining import LOCK
from members.models import Position
from members.sheets import template

LONGEST_ZONE = Zone._meta.get_field("name").max_length or 0
PRESIDENT = POSITIONS[Position.PRESIDENT][0]


@importer("register")
class RegisterResource(StagedResource):
    """One row a woman. An empty cell changes nothing; nobody is moved from one village to another."""

    label = gettext_lazy("members")
    permission = "members.add_member"
    headings = HEADINGS
    unused = UNUSED
    key = "national_id"
    persons = ("name", "national_id", "phone", "bank_account")
    required = ("name", "national_id")
    lock = LOCK
    has_template = True
    comes_first = True
    finds_absent = True
    shown = ("name", "national_id", "phone", "position", "zone")
    masks = {"national_id": masks.masked_id, "phone": masks.masked_phone, "bank_account": masks.masked_account}
    list_url = "admin:members_member_changelist"
    record_url = "member"

    township = Field("township", widget=PlaceWidget())
    village = Field("village", widget=PlaceWidget())
    village_code = Field("village_code", widget=TextWidget(12))
    name = Field("name", widget=NameWidget())
    national_id = Field("national_id", widget=NationalIdWidget())
    phone = Field("phone", widget=NumberWidget(numbers.phone, "invalid_phone"))
    zone = Field("zone", widget=TextWidget(100))
    position = Field("position", widget=ChoiceWidget(POSITIONS))
    political_status = Field("political_status", widget=ChoiceWidget(POLITICAL))
    education = Field("education", widget=ChoiceWidget(SCHOOLING))
    ethnicity = Field("ethnicity", widget=ChoiceWidget(ETHNICITIES))
    joined_on = Field("joined_on", widget=DayWidget())
    bank_name = Field("bank_name", widget=TextWidget(60))
    bank_account = Field(
        "bank_account", widget=NumberWidget(numbers.bank_account, "bank_account_check", doubt_only=True)
    )
    remark = Field("remark", widget=TextWidget(200))

    @classmethod
    def template(cls, council: Council) -> Sequence[Plan]:
        return template.sheets(council)

    def __init__(self, user: Any = None) -> None:
        super().__init__(user)
        self.register: Register | None = None
        self.opened: set[tuple[int | None, str]] = set()  # zones that were told as new

    @cached_property
    def places(self) -> Places:
        return Places(self.user)

    def check(self, lines: Sequence[Line]) -> None:
        self._refuse_repeated(lines)
        if nowhere := [line for line in lines if line.council is None]:
            place(nowhere, self.places)
        self.register = register = Register([line for line in lines if not line.is_refused])
        for line in lines:
            if not line.is_refused:
                self._judge(line, register)
        self._refuse_second_presidents(lines, register)

    def write(self, lines: Sequence[Line], step: Callable[[int], Any] | None = None) -> None:
        if self.register is not None:
            self.made = {"zones": writing.write(lines, self.register, self.day, self.user, step)}

    def take_back(self, lines: Sequence[Line], since: int) -> list[str]:
        register = Register(lines)
        left = taking_back.take_back(lines, register, since)
        taking_back.close_zones(self.made.get("zones", []), since, self.day)
        return left

    def absent(self, lines: Sequence[Line], whole: Council | None) -> list[int]:
        return missing.absent(lines, whole, self.user)

    def tell_absent(self, keys: Sequence[int]) -> list[Absent]:
        return missing.tell(keys, self.user)

    def _refuse_repeated(self, lines: Sequence[Line]) -> None:
        first: dict[str, Line] = {}
        for line in lines:
            number = line.values.get("national_id")
            if number and (before := first.setdefault(number, line)) is not line:
                line.find("national_id", "duplicate_in_file", row=before.row, sheet=before.sheet)

    def _judge(self, line: Line, register: Register) -> None:
        person = register.person(line)
        if person is None:
            line.verdict = Verdict.NEW
        elif person.village is None and self._saw(person.last_village):
            line.record, line.verdict = person.pk, Verdict.CHANGED
            line.before = {"village": ""} | register.differences(line, person)
        elif person.village != line.council:
            self._refuse_move(line, person.village)
            return
        else:
            line.record, line.before = person.pk, register.differences(line, person)
            line.verdict = Verdict.CHANGED if line.before else Verdict.SAME
            if "name" in line.before:
                line.find("name", "name_changed", name=person.said["name"])
        for zone in register.unknown_zones(line):
            if (line.council, zone) in self.opened:
                continue
            self.opened.add((line.council, zone))
            if len(zone) > LONGEST_ZONE:
                line.find("zone", "too_long", length=LONGEST_ZONE)
            else:
                line.find("zone", "new_zone", zone=zone)

    def _saw(self, village: int | None) -> bool:
        return village is None or self.places.in_scope(self.places.by_pk[village])

    def _refuse_move(self, line: Line, village: int | None) -> None:
        """In another village of the user's: a transfer. Anywhere else: not a word about her."""
        if village is not None and self._saw(village):
            line.find("village", "transfer", village=self.places.described([self.places.by_pk[village]]))
        else:
            line.find("village", "transfer", _("She cannot be entered here by a list. Ask the county's federation."))

    def _refuse_second_presidents(self, lines: Sequence[Line], register: Register) -> None:
        """One president a council: a second is refused unless the list gives the first another post."""
        wanted: dict[int, list[Line]] = defaultdict(list)
        freed: set[int] = set()
        for line in lines:
            if line.is_refused or line.council is None or "position" not in line.values:
                continue
            if line.values["position"] == PRESIDENT:
                wanted[line.council].append(line)
            elif line.record is not None and register.presidents.get(line.council) == line.record:
                freed.add(line.council)
        for village, named in wanted.items():
            holder = register.presidents.get(village)
            stays = holder is not None and village not in freed
            for line in named[0 if stays else 1 :]:
                if line.record is None or line.record != holder:
                    message = _("The village has one president at a time. Give the other one another post first.")
                    line.find("position", "invalid_choice", message)
