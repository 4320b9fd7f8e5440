from datetime import date

import pytest
from django.urls import reverse

from councils.tree import Merge, carry_out
from members.gaps import gaps
from members.models import Office, OfficeItem
from tests.factories import make_account, make_member, make_township, make_village
from tests.members.ledgers import Case, LedgerPromises, form_of, village_of

pytestmark = pytest.mark.django_db
NO_ITEMS = {"items-TOTAL_FORMS": "0", "items-INITIAL_FORMS": "0"}


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


CASE = Case("offices", make, row, ("things", "电脑2、空调1"))


class TestOffices(LedgerPromises):
    case = CASE


@pytest.fixture
def member():
    return make_member(make_village(make_township()))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"area": "0"}, "area"),
        ({"area": "很大"}, "area"),
        ({"opened": "2090-01-01"}, "opened"),
        ({"things": "电脑1、电脑2"}, "things"),
        ({"things": "123"}, "things"),
        ({"village": "无此村"}, "village"),
    ],
)
def test_bad_input_is_refused_in_the_list(member, given, field):
    assert [each[1] for each in CASE.refused([row(member, **given)])] == [field]


def test_a_form_without_a_village_or_with_a_second_office_at_one_address_is_refused(client, member):
    client.force_login(make_account(village_of(member).parent))
    page, said = CASE.page("add"), {"address": "村部0号楼"} | NO_ITEMS
    assert set(form_of(client, page, said)) == {"village"}
    make(member)
    assert form_of(client, page, said | {"village": village_of(member).pk})
    assert Office.objects.count() == 1


def test_things_are_rows_that_a_form_adds_to(client, member):
    client.force_login(make_account(village_of(member).parent))
    said = {"village": village_of(member).pk, "address": "村部", "items-TOTAL_FORMS": "1", "items-INITIAL_FORMS": "0"}
    assert form_of(client, CASE.page("add"), said | {"items-0-name": "电脑", "items-0-quantity": "3"}) == {}
    assert [(each.name, each.quantity) for each in OfficeItem.objects.all()] == [("电脑", 3)]


def test_a_list_that_leaves_a_thing_out_says_that_it_is_there_no_more(member):
    office = make(member)
    CASE.imported([row(member, things="打印机1")])
    assert {each.name: each.quantity for each in office.items.all()} == {"电脑": 0, "打印机": 1}


def test_a_village_without_an_office_is_a_gap(client, member):
    chair = make_account(village_of(member).parent)
    client.force_login(chair)
    link = f"{reverse('admin:members_office_add')}?village={village_of(member).pk}"
    assert link in client.get(reverse("gaps")).content.decode()
    make(member)
    assert link not in client.get(reverse("gaps")).content.decode()
    assert len(gaps(chair)) == len(gaps(make_account(make_township())))


def test_villages_that_merge_bring_their_offices_along(member):
    gone = village_of(member)
    kept = make_village(gone.parent)
    make(member), make(make_member(kept))
    carry_out(Merge(gone.code, kept.code, date(2023, 1, 1)))
    addresses = list(Office.objects.filter(village=kept).values_list("address", flat=True))
    assert len(addresses) == 2
    assert any(gone.name in address for address in addresses)
