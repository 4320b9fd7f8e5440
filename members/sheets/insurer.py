"""The list of insured members that an insurer asks for: whole ID numbers and phones, so a reason is kept."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from councils import exports
from cunsao.workbook import Column
from cunsao.workbook.writing import Value
from members.models import InsurancePolicy, InsuredMember


def listed(policy: InsurancePolicy, day: date, reader: Any) -> Any:
    """Whoever is insured under the policy on `day` or later and whom `reader` sees, by village and name."""
    found = InsuredMember.objects.visible_to(reader).filter(policy=policy, end__gte=day)
    return found.select_related("member", "village").order_by("village__code", "member__syllables", "pk")


def outgoing(policy: InsurancePolicy, day: date, reader: Any) -> exports.Outgoing:
    """The list as it leaves; whoever hands it out says why."""
    found = listed(policy, day, reader)
    columns = [
        Column(_("No."), "number"), Column(_("Full name")), Column(_("Kind of document")), Column(_("ID number")),
        Column(_("Sex")), Column(_("Born on"), "day"), Column(_("Phone")), Column(_("Insured from"), "day"),
        Column(_("Insured until"), "day"), Column(_("Sum insured"), "amount"), Column(_("Certificate number")),
        Column(_("Village")),
    ]  # fmt: skip
    name = _("Insured under policy %(number)s") % {"number": policy.number}
    return exports.Outgoing(name, columns, _rows(policy, found), found.count())


def _rows(policy: InsurancePolicy, found: Any) -> Iterator[list[Value]]:
    for at, each in enumerate(found.iterator(exports.AT_ONCE), 1):
        number, phone = each.member.national_id.clear, each.member.phone
        yield [
            at, each.member.name, _("ID card"), number, _("female"), _born(number), phone.clear if phone else "",
            each.start, each.end, policy.sum_insured, each.certificate, str(each.village),
        ]  # fmt: skip


def _born(number: str) -> date | None:
    """Her birthday as her ID number has it."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
