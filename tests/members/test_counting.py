import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from councils.counting import counts
from councils.models import Council
from members.joining import leave
from tests.factories import JOINED, make_account, make_chair, make_member, make_township, make_village, the_county

pytestmark = pytest.mark.django_db


def test_members_of_today_are_counted_at_every_council_above():
    township = make_township(villages=2)
    village, beside = Council.objects.filter(parent=township.code)
    make_member(village)
    make_member(village)
    leave(make_member(beside), JOINED, "moved", None)
    make_member(make_village(make_township()))
    found = counts(the_county())
    said = {code: each.more["members"] for code, each in found.items()}
    assert said[township.code[:6]] == 3
    assert (said[township.code], said[village.code], said[beside.code]) == (2, 2, 0)
    assert counts(village)[village.code].more == {"members": 2}


@pytest.mark.parametrize("name", ["tree", "council", "branch"])
def test_pages_of_the_tree_show_them_in_the_same_number_of_queries(client, name):
    township = make_township(villages=2)
    client.force_login(make_account(the_county()))
    address = reverse(name, args=[] if name == "tree" else [township.code])
    client.get(address)
    asked = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as counted:
            page = client.get(address)
        asked.append(len(counted))
        village = make_village(township)
        for _each in range(3):
            make_member(village)
    assert asked[0] == asked[1]
    assert page.status_code == 200
    page = client.get(address)
    assert f"?township={township.code}" in page.text or f"?village={village.code}" in page.text or name == "tree"


def test_the_figure_opens_the_women_who_make_it(client):
    township = make_township(villages=1)
    village = Council.objects.get(parent=township.code)
    make_member(village, name="李桂兰")
    client.force_login(make_chair(township))
    page = client.get(reverse("council", args=[village.code]))
    address = f"{reverse('admin:members_member_changelist')}?village={village.code}"
    assert address in page.text
    assert "李桂兰" in client.get(address).text
    client.force_login(make_account(the_county(), "system_administrator"))
    assert address not in client.get(reverse("council", args=[village.code])).text
