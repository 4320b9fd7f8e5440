import pytest

from members.models import Office, OfficeItem
from tests.members.ledgers import Case, LedgerPromises, village_of

pytestmark = pytest.mark.django_db


def make(member, n=0, **given):
    record = Office(village=village_of(member), **{"address": f"村部{n}号楼", "area": 30 + n} | given)
    record.full_clean()
    record.save()
    OfficeItem.objects.create(office=record, name="电脑", quantity=2)
    return record


def row(member, n=0, **given):
    village = village_of(member)
    said = {"township": village.parent.name, "village": village.name, "address": f"村部{n}号楼", "area": "36.5"}
    return said | {"things": "电脑2台、打印机"} | given


class TestOffices(LedgerPromises):
    case = Case("offices", make, row, ("things", "电脑2、空调1"))
