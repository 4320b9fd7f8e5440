"""The ledger of honours: to members, villagers and households, one row an award."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from councils.intake import Line as Row
from councils.intake.widgets import NameWidget
from members.chapters import Entry, chapter
from members.imports.ledgers import Said, ledger
from members.imports.of_members import MemberLedger
from members.imports.widgets import Choice, Count, Day, Text
from members.imports.words import HEADINGS, Words
from members.models import Honour, HonourKind, HonourLevel, Member
from members.models.honour import FIRST_YEAR

LEVELS: Words = {
    HonourLevel.VILLAGE: ["村级", "村", "村(社区)级", "社区级"],
    HonourLevel.TOWNSHIP: ["乡镇级", "乡镇", "镇级", "乡级"],
    HonourLevel.COUNTY: ["县级", "县"],
    HonourLevel.CITY: ["市级", "市"],
    HonourLevel.PROVINCE: ["省级", "省"],
    HonourLevel.NATION: ["国家级", "全国", "国家"],
}
MEMBER, VILLAGER, HOUSEHOLD = "村嫂", "村民", "家庭"
RECEIVERS: Words = {
    MEMBER: [MEMBER, "会员", "成员"],
    VILLAGER: [VILLAGER, "居民", "群众"],
    HOUSEHOLD: [HOUSEHOLD, "户", "农户"],
}


@ledger("honours")
class HonourResource(MemberLedger):
    """The receiver is a member, a villager or a household: as a column says, or as the honour and the name do."""

    label = gettext_lazy("honours")
    permission = "members.add_honour"
    model = Honour
    prefix = "RY"
    key = "kind"
    required = ("kind", "level", "year", "name")
    persons = ("name", "national_id", "kind")
    known_by = ("year", "kind", "level")
    joined = ("member", "kind")

    name = Said(
        [*HEADINGS["name"], "获奖人", "获奖者", "户主姓名", "户主", "受表彰人", "获得者"], NameWidget()
    )  # fmt: skip
    receiver = Said(["对象", "获奖对象", "荣誉对象", "对象类别"], Choice(RECEIVERS))
    house_number = Said(["门牌号", "户号", "门牌"], Text(20), "house_number")
    kind = Said(["荣誉名称", "荣誉", "荣誉称号", "称号", "奖项", "表彰名称"], Text(40))
    level = Said(["级别", "荣誉级别", "授予级别", "表彰级别"], Choice(LEVELS), "level")
    year = Said(["年度", "年份", "获奖年份", "表彰年度"], Count(FIRST_YEAR, 2100, units="年度"), "year")
    day = Said(["日期", "获奖日期", "授予日期", "表彰日期"], Day(), "day")
    document = Said(["文件", "文号", "表彰文件", "文件号"], Text(120), "document")
    remark = Said(["备注", "说明"], Text(200), "remark")

    def look_up(self, lines: Sequence[Row], records: dict[int, Any]) -> None:
        self.kinds = {each.name: each for each in HonourKind.objects.all()}
        self.receivers: dict[int, str] = {}  # of lines that name somebody else than their record
        offered = "、".join(each.name for each in self.kinds.values() if each.in_use)
        for line in lines:
            if line.values["kind"] not in self.kinds:
                line.find("kind", "invalid_choice", text=line.values["kind"], choices=offered)
        super().look_up([line for line in lines if not line.is_refused], records)

    def names_member(self, line: Row) -> bool:
        """Decides for whom a line is: as it says, as its honour says, or by whether a member is called so."""
        said = line.values.get("receiver", "")
        if not said and self.kinds[line.values["kind"]].is_for_households:
            said = HOUSEHOLD
        if not said and "national_id" not in line.values and not self.people.by_name(line):
            said = VILLAGER
            line.find("name", "taken_as_villager", name=line.values["name"])
        self.receivers[id(line)] = said or MEMBER
        return self.receivers[id(line)] == MEMBER

    def relate(self, line: Row, record: Any) -> None:
        record.kind = self.kinds[line.values["kind"]]
        if receiver := self.receivers.get(id(line)):
            named = line.values["name"]
            record.member = record.member if receiver == MEMBER else None
            record.person = named if receiver == VILLAGER else ""
            record.household = named if receiver == HOUSEHOLD else ""
        super().relate(line, record)

    def told(self, record: Any) -> dict[str, str]:
        said = super().told(record) | {"kind": record.kind.name, "receiver": MEMBER}
        if record.person or record.household:
            said |= {"name": record.person or record.household}
            said |= {"receiver": HOUSEHOLD if record.household else VILLAGER}
        return said

    def key_of(self, record: Any) -> tuple[Any, ...]:
        given = record.year, record.kind_id, record.level
        if record.member_id:
            return (*given, record.member_id)
        return (*given, record.village_id, record.person, record.household, record.house_number)

    def _names(self, line: Row, record: Any) -> bool:
        if record.member_id:
            return line.values.get("receiver", MEMBER) == MEMBER and super()._names(line, record)
        said = self.told(record)
        return all(line.values.get(name, said[name]) == said[name] for name in ("name", "receiver"))


@chapter
def honours(member: Member, reader: Any) -> Iterator[Entry]:
    may_change = reader.has_perm("members.change_honour")
    for each in Honour.objects.visible_to(reader).filter(member=member).select_related("kind"):
        yield Entry(
            each.day or date(each.year, 1, 1), str(each.kind), icon="honour", note=each.get_level_display(),
            address=reverse("admin:members_honour_change", args=[each.pk]) if may_change else "",
        )  # fmt: skip
