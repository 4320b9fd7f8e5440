import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.joining import leave
from members.models import Member
from tests.factories import (
    JOINED,
    make_account,
    make_member,
    make_number,
    make_township,
    make_village,
    make_zone,
    the_county,
    villages_of,
)

pytestmark = pytest.mark.django_db
LIST = "admin:members_member_changelist"


def listed(client, **asked):
    """Names on the list's page; the page itself must have been answered."""
    page = client.get(reverse(LIST), asked)
    assert page.status_code == 200
    return [each.name for each in page.context["cl"].result_list]


@pytest.fixture
def township():
    return make_township(villages=2)


def test_a_chair_sees_nobody_of_her_neighbour_in_list_filters_or_search(client, township):
    village, _beside = villages_of(township)
    make_member(village, name="李桂兰")
    stranger = make_member(make_village(make_township(name="邻镇"), name="邻村"), name="赵外人")
    client.force_login(make_account(township))
    page = client.get(reverse(LIST))
    assert "李桂兰" in page.text
    for word in ("赵外人", "邻镇", "邻村"):
        assert word not in page.text
    assert listed(client, q="赵外人") == []
    assert listed(client, village=stranger.memberships.get().village.code) == []
    assert listed(client, township=stranger.memberships.get().village.code[:9]) == []


def test_the_list_costs_the_same_queries_with_one_and_three_members(client, township):
    village, _beside = villages_of(township)
    client.force_login(make_account(the_county()))
    counts = []
    listed(client)  # the first page writes the session
    for _round in range(2):
        make_member(village, zone_id=make_zone(village).pk)
        with CaptureQueriesContext(connection) as counted:
            listed(client)
        counts.append(len(counted))
        make_member(village)
    assert counts[0] == counts[1]


def test_it_is_narrowed_by_place_post_status_gap_and_zone(client, township):
    village, beside = villages_of(township)
    zone = make_zone(village)
    make_member(village, name="甲", zone_id=zone.pk, position="president", political_status="party_member")
    make_member(beside, name="乙", phone=None)
    client.force_login(make_account(the_county()))
    assert listed(client, village=village.code) == ["甲"]
    assert listed(client, village=village.code, zone=str(zone.pk)) == ["甲"]
    assert set(listed(client, township=township.code)) == {"甲", "乙"}
    assert listed(client, position="president") == ["甲"]
    assert listed(client, political_status__exact="party_member") == ["甲"]
    assert listed(client, gap="without_zone") == listed(client, gap="without_phone") == ["乙"]
    assert listed(client, q="yi") == ["乙"]


def test_it_is_sorted_by_any_heading_and_opens_in_a_window_of_its_own(client, township):
    village, beside = villages_of(township)
    make_member(beside, name="陈玉")
    make_member(village, name="程玉")
    client.force_login(make_account(the_county()))
    assert listed(client) == listed(client, o="0") == ["陈玉", "程玉"]
    assert listed(client, o="1") == ["程玉", "陈玉"]
    assert [listed(client, o=str(column), left=left) for column in range(8) for left in ("", "1")]
    assert listed(client, _popup="1") == ["陈玉", "程玉"]


def test_who_left_is_listed_with_her_last_village(client, township):
    village, _beside = villages_of(township)
    leave(make_member(village, name="离会"), JOINED, "moved", None)
    client.force_login(make_account(the_county()))
    assert f">{village}</td>" in client.get(reverse(LIST), {"left": "1"}).text


def test_ages_are_for_those_who_may_see_them(client, township):
    village, _beside = villages_of(township)
    make_member(village, name="长者", national_id=make_number("19500101"))
    make_member(village, name="青年", national_id=make_number("20000101"))
    client.force_login(make_account(township))
    assert listed(client, age="70–120") == ["长者"]
    assert "70–120" in client.get(reverse(LIST)).text
    for role in ("auditor", "county_finance"):
        client.force_login(make_account(the_county(), role))
        assert "70–120" not in client.get(reverse(LIST)).text
        assert set(listed(client, age="70–120")) == {"长者", "青年"}


@pytest.mark.parametrize("lookup", ["birth_year__lt", "national_id_print", "phone_print__isnull", "birth_year"])
def test_no_hidden_column_is_asked_for_in_the_address(client, township, lookup):
    make_member(villages_of(township)[0])
    client.force_login(make_account(township))
    assert client.get(reverse(LIST), {lookup: "1990"}).status_code == 400


def test_the_county_finds_who_left_and_a_chair_does_not(client, township):
    village, _beside = villages_of(township)
    leave(make_member(village, name="离会"), JOINED, "moved", None)
    client.force_login(make_account(the_county()))
    assert listed(client) == []
    assert listed(client, left="1") == ["离会"]
    client.force_login(make_account(township))
    assert listed(client, left="1") == []


def test_no_page_of_a_member_shows_a_whole_number(client, township):
    member = make_member(villages_of(township)[0])
    client.force_login(make_account(township))
    for address in (
        reverse(LIST), reverse("member", args=[member.pk]), reverse("admin:members_member_change", args=[member.pk]),
        reverse("admin:members_member_history", args=[member.pk]),
    ):  # fmt: skip
        page = client.get(address)
        assert page.status_code == 200
        for number in (member.national_id, member.phone, member.bank_account):
            assert number.clear not in page.text


def test_a_saved_form_keeps_the_numbers_that_came_back_as_masks(client, township):
    member = make_member(villages_of(township)[0])
    client.force_login(make_account(township))
    address = reverse("admin:members_member_change", args=[member.pk])
    form = client.get(address).context["adminform"].form
    said = {name: form[name].value() or "" for name in form.fields}
    answer = client.post(address, said | {"name": "王小媚", "remark": "改名"})
    assert answer.headers["Location"] == reverse("member", args=[member.pk])
    after = Member.objects.get(pk=member.pk)
    assert (after.name, after.initials, after.remark) == ("王小媚", "wxm", "改名")
    assert (after.national_id, after.phone) == (member.national_id, member.phone)
    assert after.national_id_print == member.national_id_print


def test_a_number_that_somebody_has_gets_one_neutral_answer(client, township):
    member = make_member(villages_of(township)[0])
    stranger = make_member(make_village(make_township()), name="赵外人")
    client.force_login(make_account(township))
    address = reverse("admin:members_member_change", args=[member.pk])
    form = client.get(address).context["adminform"].form
    said = {name: form[name].value() or "" for name in form.fields}
    page = client.post(address, said | {"national_id": stranger.national_id.clear})
    assert page.status_code == 200
    assert "赵外人" not in page.text
    assert page.context["adminform"].form.errors["national_id"]
    assert Member.objects.get(pk=member.pk).national_id == member.national_id


def test_a_president_does_not_change_the_number_a_woman_is_known_by(client, township):
    village, _beside = villages_of(township)
    member = make_member(village)
    client.force_login(make_account(village))
    address = reverse("admin:members_member_change", args=[member.pk])
    assert "national_id" not in client.get(address).context["adminform"].form.fields


@pytest.mark.parametrize("name", ["member_change", "member_history", "membership_history"])
def test_pages_of_the_neighbours_member_are_not_there(client, township, name):
    stranger = make_member(make_village(make_township()))
    key = stranger.memberships.get().pk if name.startswith("membership") else stranger.pk
    client.force_login(make_account(township))
    answer = client.get(reverse(f"admin:members_{name}", args=[key]))
    assert answer.status_code in {302, 404}
    assert stranger.name not in answer.text


def test_a_system_administrator_sees_no_members(client, township):
    make_member(villages_of(township)[0])
    client.force_login(make_account(the_county(), "system_administrator"))
    assert client.get(reverse(LIST)).status_code == 403
