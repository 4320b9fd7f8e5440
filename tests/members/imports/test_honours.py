import pytest

from members.models import Honour, HonourKind
from tests.members.ledgers import Case, LedgerPromises, number_of

pytestmark = pytest.mark.django_db


def make(member, n=0, **given):
    said = {
        "kind": HonourKind.objects.get(name="三八红旗手"),
        "level": "county",
        "year": 2020 + n,
        "document": f"文{n}",
    }
    record = Honour(member=member, **said | given)
    record.full_clean()
    record.save()
    return record


def row(member, n=0, **given):
    said = {"name": member.name, "national_id": number_of(member), "kind": "三八红旗手", "level": "县级"}
    return said | {"year": f"{2020 + n}"} | given


class TestHonours(LedgerPromises):
    case = Case("honours", make, row, ("document", "颍妇〔2022〕3号"))
