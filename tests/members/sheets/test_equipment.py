import pytest
from django.urls import reverse

from members.sheets.equipment import forms, rows
from tests.factories import make_account, make_member, make_township, make_village
from tests.members.imports.test_equipment import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def village():
    village = make_village(make_township())
    first, second = make_member(village, name="李二"), make_member(village, name="白一")
    make(first), make(second, 1), make(second, 2, kind="bicycle")
    return village


def test_the_sheet_has_a_row_for_each_thing_that_is_out_and_room_to_sign(village, django_assert_num_queries):
    chair = make_account(village.parent)
    with django_assert_num_queries(1):
        found = rows([village], chair)[village.pk]
    assert [(row[0], row[1], row[3], row[-1]) for row in found] == [
        (1, "白一", "SN0002", ""), (2, "白一", "SN0001", ""), (3, "李二", "SN0000", ""),
    ]  # fmt: skip
    assert rows([village], make_account(make_township())) == {}


def test_a_township_has_a_form_for_each_village_that_has_something_out(village):
    make_village(village.parent)
    (form,) = forms(village.parent, make_account(village.parent))
    assert str(village) in form.left
    assert len(form.columns) == len(form.rows[0])
    (empty,) = forms(village.parent, make_account(make_township()))
    assert empty.rows == []


def test_it_is_printed_for_who_sees_the_place_and_led_to_from_the_list(village, client):
    client.force_login(make_account(village.parent))
    address = reverse("equipment_sheet", args=[village.parent.code])
    assert address in client.get(reverse("admin:members_equipment_changelist")).text
    assert "SN0002" in client.get(address).text
    assert client.get(f"{address}?format=xlsx").status_code == 200
    client.force_login(make_account(make_township()))
    assert client.get(address).status_code == 404
