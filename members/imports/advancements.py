"""The ledger of advancement: one row a step that a member took."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from members.chapters import Entry, chapter
from members.imports.ledgers import Said, ledger
from members.imports.of_members import MemberLedger
from members.imports.widgets import Choice, Day, Text
from members.imports.words import Words
from members.models import Advancement, Member, Step

STEPS: Words = {
    Step.APPLICANT: ["入党积极分子", "积极分子"],
    Step.PARTY: ["中共党员", "党员", "入党", "中共预备党员", "预备党员", "发展党员"],
    Step.PARTY_DELEGATE: ["党代表", "党代会代表"],
    Step.PEOPLES_DELEGATE: ["人大代表", "人民代表"],
    Step.CONSULTATIVE: ["政协委员"],
    Step.VILLAGE_COMMITTEES: ["村两委", "村“两委”", "村两委成员", "两委成员", "社区两委"],
    Step.RESERVE: ["后备干部", "村级后备干部", "村后备干部"],
}


@ledger("advancements")
class AdvancementResource(MemberLedger):
    label = gettext_lazy("advancement of members")
    permission = "members.add_advancement"
    model = Advancement
    prefix = "CZ"
    key = "step"
    required = ("step", "day")
    known_by = ("day", "step", "member")

    step = Said(["培养情况", "成长类别", "培养类别", "发展类别", "身份", "成长情况"], Choice(STEPS), "step")
    day = Said(["日期", "时间", "确定日期", "当选日期", "任职日期", "确定时间", "当选时间"], Day(), "day")
    document = Said(["文件", "文号", "文件号", "依据"], Text(120), "document")
    remark = Said(["备注", "说明"], Text(200), "remark")


@chapter
def steps(member: Member, reader: Any) -> Iterator[Entry]:
    may_change = reader.has_perm("members.change_advancement")
    for each in Advancement.objects.visible_to(reader).filter(member=member):
        yield Entry(
            each.day, each.get_step_display(), icon="advancement", note=each.document,
            address=reverse("admin:members_advancement_change", args=[each.pk]) if may_change else "",
        )  # fmt: skip
