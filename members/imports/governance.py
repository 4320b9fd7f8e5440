"""The ledgers of councils' leadership and registration, one row a council, and of the county's leading group."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from councils.models import Council, Governance, Leader, Leading, Registration, Statute, StatuteKind
from councils.models.governance import NUMBER_TAKEN, TWO_HEADS, two_heads
from members.gaps import Gap, Gaps, gap_list, gaps_of
from members.imports.ledgers import Said, ledger
from members.imports.of_councils import CouncilLedger, CountyLedger
from members.imports.widgets import Choice, Day, Name, Text
from members.imports.words import HEADINGS, Words
from members.models.entry import Never

KINDS: Words = {
    Registration.REGISTERED: ["登记", "法人登记", "民政登记"],
    Registration.FILED: ["备案", "备案登记", "登记备案"],
}

ROLES: Words = {
    Leading.SECRETARY: ["组长(县委书记)", "组长:县委书记", "县委书记"],
    Leading.COUNTY_HEAD: ["组长(县长)", "组长:县长", "县长"],
    Leading.DEPUTY: ["副组长"],
    Leading.MEMBER: ["成员", "组员"],
}


@ledger("governance")
class GovernanceResource(CouncilLedger):
    label = _("leadership and registration of councils")
    permission = "councils.add_governance"
    model = Governance
    prefix = "LD"
    seat = "council"
    key = "registration_number"
    persons = ("party_organisation", "federation", "registration_number")
    required = ()
    known_by = ("council",)
    never = (Never(("number", "registration"), "registration_number", NUMBER_TAKEN),)
    joined = ("council",)

    party_organisation = Said(["领导党组织", "党组织", "所属党组织"], Text(80), "party_organisation")
    federation = Said(["指导妇联", "妇联", "妇联组织"], Text(80), "federation")
    registration = Said(["登记类型", "登记方式", "登记备案类型"], Choice(KINDS), "registration")
    registration_number = Said(["登记备案号", "登记证号", "备案号", "证书编号"], Text(60), "number")
    registered_on = Said(["登记日期", "备案日期", "登记时间", "登记备案日期"], Day(), "registered_on")
    registered_until = Said(["有效期至", "有效期止", "到期日期"], Day(), "registered_until")
    remark = Said(["备注", "说明"], Text(200), "remark")


@ledger("leaders")
class LeaderResource(CountyLedger):
    label = _("leading group")
    permission = "councils.add_leader"
    model = Leader
    prefix = "LX"
    key = "role"
    persons = ("name",)
    required = ("name", "role", "start")
    known_by = ("name", "role", "start")
    never = (Never(("role", "council"), "role", TWO_HEADS, two_heads),)

    name = Said(HEADINGS["name"], Name(), "name")
    role = Said(["组内职务", "小组职务", "领导小组职务"], Choice(ROLES), "role")
    duty = Said(["单位及职务", "现任职务", "行政职务", "单位职务"], Text(80), "duty")
    start = Said(["任职日期", "开始日期", "任职时间"], Day(), "start")
    end = Said(["离任日期", "结束日期", "免职日期"], Day(), "end")


@gap_list
def unregistered(reader: Any) -> Gaps:
    found = _councils(reader).filter(Q(governance=None) | Q(governance__number=""))
    may = reader.has_perm("councils.add_governance")
    return gaps_of(_("Councils without registration"), may and _("Enter its registration"), found, _entry)


@gap_list
def expired(reader: Any) -> Gaps:
    found = _councils(reader).filter(governance__registered_until__lt=timezone.localdate())
    may = reader.has_perm("councils.change_governance")
    return gaps_of(_("Registrations that have expired"), may and _("Enter the renewal"), found, _entry)


@gap_list
def without_charter(reader: Any) -> Gaps:
    charter = Statute.objects.order_by().filter(council=OuterRef("pk"), kind=StatuteKind.CHARTER)
    found = _councils(reader).filter(~Exists(charter))
    may = reader.has_perm("councils.add_statute")
    return gaps_of(_("Councils without a charter"), may and _("Add the charter"), found, _charter)


def _councils(reader: Any) -> Any:
    """Of a reader who may look at the ledger; for any other none is missing."""
    standing = Council.objects.visible_to(reader).filter(closed=None).select_related("parent", "governance")
    return standing if reader.has_perm("councils.view_governance") else standing.none()


def _entry(council: Council) -> Gap:
    kept = getattr(council, "governance", None)
    if kept is not None:
        return Gap(str(council), str(council.parent or ""), "admin:councils_governance_change", key=kept.pk)
    return Gap(
        str(council), str(council.parent or ""), "admin:councils_governance_add", query=f"council={council.pk}"
    )  # fmt: skip


def _charter(council: Council) -> Gap:
    return Gap(str(council), str(council.parent or ""), "add_statute", key=council.code)
