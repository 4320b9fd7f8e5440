"""The ledger of offices: one row an office, its things in one cell as 电脑1、打印机1."""

import re
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.intake.widgets import NOTHING, line_of, refuse
from councils.models import VILLAGES, Council
from members.gaps import Gap, Gaps, gap_list, gaps_of
from members.imports import keeping
from members.imports.ledgers import LedgerResource, Said, ledger
from members.imports.widgets import Amount, Day, Text, Valued
from members.models import Office, OfficeItem

BETWEEN = re.compile(r"[、，,;；/]+")
UNITS = "台部张把套个件辆只组条块面本"
THING = re.compile(rf"(.*?[^\d\s×xX*])\s*[×xX*]?\s*(\d{{1,6}})?\s*[{UNITS}]?")
LONGEST = 40


class Things(Valued):
    """Names with how many there are: 电脑2台、打印机 → 电脑2、打印机1."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        said = line_of(value, "against_rules")
        if said in NOTHING:
            return ""
        found: dict[str, int] = {}
        for part in filter(None, (each.strip() for each in BETWEEN.split(said))):
            thing = THING.fullmatch(part)
            if thing is None or len(thing[1]) > LONGEST:
                message = _("“%(part)s” is not understood. Write things and their number as 电脑1、打印机1.")
                raise ValidationError(message % {"part": part[:20]}, code="against_rules")
            if thing[1] in found:
                raise refuse("invalid_choice", text=part[:20], choices="、".join(found))
            found[thing[1]] = int(thing[2] or 1)
        return listed(found)


def listed(things: dict[str, int]) -> str:
    """As exports write it, in the order of names, so that the same things are the same text."""
    return "、".join(f"{name}{things[name]}" for name in sorted(things))


def apart(said: str) -> dict[str, int]:
    return {part.rstrip("0123456789"): int(re.findall(r"\d+$", part)[0]) for part in said.split("、") if part}


@ledger("offices")
class OfficeResource(LedgerResource):
    label = gettext_lazy("offices of villages")
    permission = "members.add_office"
    model = Office
    prefix = "CS"
    key = "address"
    persons = ("address",)
    required = ("address",)
    known_by = ("village", "address")
    related = ("items",)
    extra = ("things",)

    address = Said(["办公地址", "地址", "办公场所", "办公场所地址"], Text(200), "address")
    area = Said(["面积", "面积(平方米)", "建筑面积", "办公面积"], Amount(), "area")
    opened = Said(["启用日期", "启用时间", "投入使用时间"], Day(), "opened")
    closed = Said(["停用日期", "停用时间"], Day(), "closed")
    called = "address"
    things = Said(["办公设备", "配备设备", "设备", "设施设备", "物品"], Things())
    remark = Said(["备注", "说明"], Text(200), "remark")

    def relate(self, line: Any, record: Any) -> None:
        super().relate(line, record)
        if "things" in line.values:
            record.things = apart(line.values["things"])

    def told(self, record: Any) -> dict[str, str]:
        things = getattr(record, "things", None)
        if things is None:
            things = {each.name: each.quantity for each in record.items.all() if each.quantity} if record.pk else {}
        return super().told(record) | {"things": listed(things)}

    def write_extra(self, records: Sequence[Any]) -> None:
        """The things of each office as its row says; what the row leaves out is there no more."""
        told = {record.pk: record.things for record in records if hasattr(record, "things")}
        kept = {(each.office_id, each.name): each for each in OfficeItem.objects.filter(office__in=told)}
        offices = {record.pk: record for record in records}
        new = [
            OfficeItem(office=offices[pk], name=name, quantity=count)
            for pk, things in told.items() for name, count in things.items() if (pk, name) not in kept
        ]  # fmt: skip
        changed = [each for (pk, name), each in kept.items() if each.quantity != told[pk].get(name, 0)]
        for each in changed:
            each.quantity = told[each.office_id].get(each.name, 0)
        keeping.write(OfficeItem, new, changed)

    def edited(self, keys: Sequence[int], since: int) -> set[int]:
        of = dict(OfficeItem.objects.filter(office__in=keys).values_list("pk", "office"))
        return super().edited(keys, since) | {of[key] for key in keeping.edited(OfficeItem, list(of), since)}

    def restore_extra(self, record: Any, before: dict[str, str]) -> None:
        if not before:
            OfficeItem.objects.filter(office=record).delete()
        elif "things" in before:
            record.things = apart(before["things"])
            self.write_extra([record])


@gap_list
def villages_without_office(reader: Any) -> Gaps:
    standing = Office.objects.order_by().filter(village=OuterRef("pk"), closed=None)
    villages = Council.objects.visible_to(reader).filter(closed=None, level__in=VILLAGES).select_related("parent")
    found = villages.filter(~Exists(standing))
    may = reader.has_perm("members.add_office")
    return gaps_of(_("Villages without an office"), may and _("Enter its office"), found, _office)


def _office(village: Council) -> Gap:
    return Gap(str(village), str(village.parent or ""), "admin:members_office_add", query=f"village={village.pk}")
