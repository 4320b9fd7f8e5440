from datetime import date

import pytest

from members.models import Equipment
from tests.members.ledgers import Case, LedgerPromises, number_of

pytestmark = pytest.mark.django_db


def make(member, n=0, **given):
    said = {"kind": "smartphone", "serial": f"SN{n:04}", "issued": date(2022, 3, 1)}
    record = Equipment(member=member, **said | given)
    record.full_clean()
    record.save()
    return record


def row(member, n=0, **given):
    said = {"name": member.name, "national_id": number_of(member), "kind": "智能手机", "serial": f"SN{n:04}"}
    return said | {"issued": "2022-03-01"} | given


CASE = Case("equipment", make, row, ("remark", "屏幕有划痕"))


class TestEquipment(LedgerPromises):
    case = CASE
