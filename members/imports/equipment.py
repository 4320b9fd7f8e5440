"""The ledger of equipment: smartphones and electric bicycles, one row an issue; a later list enters the return."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.chapters import Entry, chapter
from members.gaps import Gap, Gaps, gap_list, gaps_of
from members.imports.ledgers import Said, ledger
from members.imports.of_members import MemberLedger
from members.imports.widgets import Choice, Day, Text
from members.imports.words import Words
from members.models import Condition, Ending, Equipment, EquipmentKind, Member

KINDS: Words = {
    EquipmentKind.SMARTPHONE: ["智能手机", "手机", "智能机"],
    EquipmentKind.BICYCLE: ["电动车", "电动自行车", "电瓶车"],
}
CONDITIONS: Words = {
    Condition.NEW: ["全新", "新"],
    Condition.GOOD: ["完好", "良好", "正常"],
    Condition.WORN: ["磨损", "旧", "一般"],
    Condition.BROKEN: ["损坏", "坏", "不能用"],
}
ENDINGS: Words = {Ending.RETURNED: ["归还", "已归还", "退还", "交回"], Ending.LOST: ["遗失", "丢失", "被盗", "损毁"]}


class Serial(Text):
    """A serial number as the table has it: no spaces, capitals."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        return "".join(super().clean(value, row, **options).split()).upper()


@ledger("equipment")
class EquipmentResource(MemberLedger):
    label = gettext_lazy("equipment of members")
    permission = "members.add_equipment"
    model = Equipment
    prefix = "SB"
    key = "serial"
    required = ("kind", "serial", "issued")
    known_by = ("serial", "kind", "member", "issued")

    kind = Said(["设备", "设备名称", "物品", "物品名称", "设备种类"], Choice(KINDS), "kind")
    serial = Said(["序列号", "设备编号", "机身号", "串号", "车架号", "设备序列号"], Serial(40), "serial")
    issued = Said(["发放日期", "领取日期", "发放时间", "领取时间", "配发日期"], Day(), "issued")
    condition = Said(["发放时状况", "发放状况"], Choice(CONDITIONS), "condition")
    ended = Said(["归还或遗失日期", "归还日期", "归还时间", "遗失日期"], Day(), "ended")
    ending = Said(["归还或遗失", "去向", "结果"], Choice(ENDINGS), "ending")
    condition_after = Said(["归还时状况", "归还状况"], Choice(CONDITIONS), "condition_after")
    remark = Said(["备注", "说明"], Text(200), "remark")


def _without(kind: EquipmentKind, title: Any, remedy: Any) -> None:
    """Announces who has none of a kind; each member is to have one."""

    @gap_list
    def members_without(reader: Any) -> Gaps:
        out = Equipment.objects.order_by().filter(member=OuterRef("pk"), kind=kind, ended=None)
        found = Member.objects.visible_to(reader).serving().filter(~Exists(out)).with_terms()
        return gaps_of(title, reader.has_perm("members.add_equipment") and remedy, found, told)

    def told(member: Member) -> Gap:
        query = f"member={member.pk}&kind={kind}"
        return Gap(str(member), str(member.village or ""), "admin:members_equipment_add", query=query)


_without(EquipmentKind.SMARTPHONE, gettext_lazy("Members without a smartphone"), gettext_lazy("Issue one"))
_without(EquipmentKind.BICYCLE, gettext_lazy("Members without an electric bicycle"), gettext_lazy("Issue one"))


@chapter
def issues(member: Member, reader: Any) -> Iterator[Entry]:
    may_change = reader.has_perm("members.change_equipment")
    for each in Equipment.objects.visible_to(reader).filter(member=member):
        yield Entry(
            each.issued, _("%(thing)s was issued to her") % {"thing": each}, icon="equipment", until=each.ended,
            runs=each.ended is None, note=each.get_ending_display(),
            address=reverse("admin:members_equipment_change", args=[each.pk]) if may_change else "",
        )  # fmt: skip
