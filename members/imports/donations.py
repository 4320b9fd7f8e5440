"""The ledger of donations: one row a gift; the receipt's number is told, and never taken from a list."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.intake import Line
from councils.intake.widgets import TextWidget
from members.gaps import Gap, Gaps, gap_list, gaps_of
from members.imports.ledgers import Said, ledger
from members.imports.of_councils import CouncilLedger
from members.imports.widgets import Amount, Choice, Day, Text
from members.imports.words import Words
from members.models import Donation, Donor, GiftForm

DONORS: Words = {
    Donor.TRADE: ["行业企业", "企业", "公司", "行业", "单位", "部门"],
    Donor.GROUP: ["社会团体", "团体", "社会组织", "协会", "商会", "群团"],
    Donor.PERSON: ["个人", "私人", "爱心人士", "自然人"],
}
FORMS: Words = {
    GiftForm.MONEY: ["现金", "资金", "捐款", "钱", "款"],
    GiftForm.KIND: ["实物", "物资", "捐物", "物品"],
}


@ledger("donations")
class DonationResource(CouncilLedger):
    label = gettext_lazy("donations")
    permission = "members.add_donation"
    model = Donation
    prefix = "JZ"
    key = "donor"
    persons = ("donor", "form", "amount", "things")
    required = ("donor", "donor_kind", "form", "day")
    known_by = ("day", "donor", "village", "form", "amount", "things")
    joined = ("village",)

    donor = Said(["捐赠方", "捐赠人", "捐赠单位", "捐赠者", "捐助方"], Text(80), "donor")
    donor_kind = Said(["捐赠方类别", "捐赠方类型", "捐赠人类别", "类别"], Choice(DONORS), "donor_kind")
    form = Said(["捐赠形式", "形式", "捐赠类型", "捐赠方式"], Choice(FORMS), "form")
    amount = Said(["金额(元)", "金额", "捐赠金额", "价值", "折价", "金额或价值"], Amount(), "amount")
    things = Said(["捐赠物品", "物品名称及数量", "物品", "实物名称"], Text(200), "things")
    purpose = Said(["用途", "捐赠用途", "资金用途"], Text(120), "purpose")
    day = Said(["捐赠日期", "日期", "捐赠时间", "接收日期"], Day(), "day")
    receipt = Said(["收据号", "收据编号", "票据号"], TextWidget(40))
    cancelled = Said(["作废原因", "作废"], Text(120), "cancelled")
    remark = Said(["备注", "说明"], Text(200), "remark")

    def look_up(self, lines: Sequence[Line], records: dict[int, Any]) -> None:
        super().look_up(lines, records)
        for line in lines:
            record = records.get(id(line))
            if "receipt" in line.values and (record is None or line.values["receipt"] != record.receipt_number):
                message = _("Receipt numbers are given here, one after the other. Leave this cell empty.")
                line.find("receipt", "against_rules", message)

    def told(self, record: Any) -> dict[str, str]:
        return super().told(record) | {"receipt": record.receipt_number}


@gap_list
def without_receipt(reader: Any) -> Gaps:
    donations = Donation.objects.visible_to(reader).valid()
    found = donations.filter(receipt=None).select_related("village")
    may = reader.has_perm("members.change_donation")
    return gaps_of(gettext_lazy("Donations without a receipt"), may and gettext_lazy("Give it out"), found, _receipt)


def _receipt(donation: Donation) -> Gap:
    return Gap(str(donation), str(donation.village), "print_donation", key=donation.pk)
