"""The ledgers of the county's policies, of insured members and of claims."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.intake import Line
from members import coverage
from members.chapters import Entry, chapter
from members.gaps import Gap, Gaps, gap_list, gaps_of
from members.imports.ledgers import Said, ledger
from members.imports.of_councils import CountyLedger
from members.imports.of_members import MemberLedger
from members.imports.widgets import Amount, Choice, Day, Text
from members.imports.words import Words
from members.models import Claim, ClaimStep, InsurancePolicy, InsuredMember, Member, PolicyKind

STEPS: Words = {
    ClaimStep.REPORTED: ["已报案", "报案"],
    ClaimStep.FILED: ["已交材料", "材料已交", "已申请", "审核中"],
    ClaimStep.PAID: ["已赔付", "赔付", "已结案"],
    ClaimStep.REFUSED: ["拒赔", "不予赔付"],
}


KINDS: Words = {
    PolicyKind.ACCIDENT: ["意外险", "意外保险", "人身意外险", "意外伤害险", "意外伤害保险", "人身意外伤害保险"],
    PolicyKind.HEALTH: ["健康险", "医疗险", "健康保险", "医疗保险"],
    PolicyKind.OTHER: ["其他", "其他险", "其他保险"],
}


class Number(Text):
    """A policy's or certificate's number as the table has it: no spaces, capitals."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        return "".join(super().clean(value, row, **options).split()).upper()


@ledger("policies")
class PolicyResource(CountyLedger):
    label = gettext_lazy("insurance policies")
    permission = "members.add_insurancepolicy"
    model = InsurancePolicy
    prefix = "BD"
    key = "policy"
    persons = ("policy",)
    required = ("policy",)
    known_by = ("number",)
    related = ("insured",)
    never = ()
    called = "policy"

    policy = Said(["保单号", "保险单号", "保单号码", "保单编号"], Number(40), "number")
    insurer = Said(["保险公司", "承保公司", "保险人", "承保单位"], Text(60), "insurer")
    kind = Said(["险种", "保险种类", "保险类型"], Choice(KINDS), "kind")
    start = Said(["保险起期", "起保日期", "生效日期", "保险开始日期"], Day(), "start")
    end = Said(["保险止期", "终保日期", "到期日期", "保险结束日期"], Day(), "end")
    sum_insured = Said(["每人保额", "保险金额", "保额", "每人保额(元)"], Amount(), "sum_insured")
    premium = Said(["每人保费", "保险费", "保费", "每人保费(元)"], Amount(), "premium")
    payer = Said(["缴费单位", "出资单位", "投保人", "付款单位"], Text(60), "payer")
    remark = Said(["备注", "说明"], Text(200), "remark")


class PolicyLedger(MemberLedger):
    """Records of members under a policy, which a row names by its number."""

    joined = ("member", "policy")
    related = ("member__memberships", "member__insured", "member__claims")

    policy = Said(["保单号", "保险单号", "保单号码", "保单编号"], Number(40))

    def look_up(self, lines: Sequence[Line], records: dict[int, Any]) -> None:
        super().look_up(lines, records)
        prefetch_related_objects(list(self.member_of.values()), "insured", "claims")
        known = InsurancePolicy.objects.all() if self.user is None else InsurancePolicy.objects.visible_to(self.user)
        self.policies = {each.number: each for each in known}
        for line in lines:
            if line.values["policy"] not in self.policies:
                line.find("policy", "against_rules", _("No policy has this number. Compare it, or ask the county."))

    def relate(self, line: Line, record: Any) -> None:
        record.policy = self.policies[line.values["policy"]]
        super().relate(line, record)

    def told(self, record: Any) -> dict[str, str]:
        return super().told(record) | {"policy": record.policy.number}


@ledger("insured")
class InsuredResource(PolicyLedger):
    """Empty days are the policy's; from the day she joined, where that is later."""

    label = gettext_lazy("insured members")
    permission = "members.add_insuredmember"
    model = InsuredMember
    prefix = "BX"
    key = "policy"
    required = ("policy",)
    known_by = ("member", "policy", "start")

    certificate = Said(["保险凭证号", "凭证号", "被保险人编号", "分单号"], Number(40), "certificate")
    start = Said(["保险起期", "起保日期", "生效日期", "保险开始日期"], Day(), "start")
    end = Said(["保险止期", "终保日期", "到期日期", "保险结束日期"], Day(), "end")
    remark = Said(["备注", "说明"], Text(200), "remark")

    def relate(self, line: Line, record: Any) -> None:
        super().relate(line, record)
        record.fill_in()


@ledger("claims")
class ClaimResource(PolicyLedger):
    label = gettext_lazy("insurance claims")
    permission = "members.add_claim"
    model = Claim
    prefix = "LP"
    key = "day"
    required = ("policy", "day", "what", "reported")
    known_by = ("member", "policy", "day")

    day = Said(["出险日期", "出险时间", "事故日期"], Day(), "day")
    what = Said(["出险经过", "事故经过", "出险原因", "事故原因"], Text(200), "what")
    step = Said(["理赔进度", "理赔状态", "进度"], Choice(STEPS), "step")
    reported = Said(["报案日期", "报案时间"], Day(), "reported")
    filed = Said(["交材料日期", "申请日期", "立案日期"], Day(), "filed")
    decided = Said(["结案日期", "赔付日期"], Day(), "decided")
    asked = Said(["申请金额", "索赔金额"], Amount(), "asked")
    paid = Said(["赔付金额", "实赔金额"], Amount(), "paid")
    remark = Said(["备注", "说明"], Text(200), "remark")


@chapter
def insurances(member: Member, reader: Any) -> Iterator[Entry]:
    may_change = reader.has_perm("members.change_insuredmember")
    today = timezone.localdate()
    for each in InsuredMember.objects.visible_to(reader).filter(member=member):
        yield Entry(
            each.start, _("Insured with %(insurer)s") % {"insurer": each.policy.insurer}, icon="insurance",
            until=each.end, runs=each.covers(today), note=each.policy.get_kind_display(),
            address=reverse("admin:members_insuredmember_change", args=[each.pk]) if may_change else "",
        )  # fmt: skip


@chapter
def claims(member: Member, reader: Any) -> Iterator[Entry]:
    may_change = reader.has_perm("members.change_claim")
    for each in Claim.objects.visible_to(reader).filter(member=member):
        yield Entry(
            each.day, _("Claim on the insurance: %(what)s") % {"what": each.what}, icon="claim",
            note=each.get_step_display(),
            address=reverse("admin:members_claim_change", args=[each.pk]) if may_change else "",
        )  # fmt: skip


@gap_list
def members_uncovered(reader: Any) -> Gaps:
    found = coverage.uncovered_on(timezone.localdate(), reader).with_terms()
    may = reader.has_perm("members.add_insuredmember")
    return gaps_of(_("Members without accident insurance"), may and _("Insure her"), found, _member)


def _ending(least: int, most: int, title: Any) -> None:
    """Announces whose insurance ends in so many days."""

    @gap_list
    def ending(reader: Any) -> Gaps:
        found = coverage.ending(reader, timezone.localdate(), least, most).select_related("member", "village", "policy")
        may = reader.has_perm("members.add_insuredmember")
        return gaps_of(title, may and _("Insure her further"), found.order_by("end", "pk"), _follow_up)


for (_least, _most), _title in zip(
    coverage.AHEAD,
    [
        gettext_lazy("Insurance ends within 7 days"),
        gettext_lazy("Insurance ends in 8 to 30 days"),
        gettext_lazy("Insurance ends in 31 to 60 days"),
    ],
    strict=True,
):
    _ending(_least, _most, _title)


def _member(member: Member) -> Gap:
    return Gap(
        str(member), str(member.village or ""), "admin:members_insuredmember_add", query=f"member={member.pk}"
    )  # fmt: skip


def _follow_up(insured: InsuredMember) -> Gap:
    query = f"member={insured.member_id}&start={insured.end + coverage.DAY}"
    name = f"{insured.member} ({insured.end})"
    return Gap(name, str(insured.village), "admin:members_insuredmember_add", query=query)
