from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from councils.models import Change
from members.joining import leave
from members.merging import merge
from members.models import Member, Membership
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


@pytest.fixture
def village():
    return villages_of(make_township(villages=1))[0]


@pytest.fixture
def chair(client, village):
    account = make_account(village.parent)
    client.force_login(account)
    return account


def test_her_page_tells_memberships_posts_and_zones(client, village, chair):
    zone = make_zone(village, name="河湾网格")
    member = make_member(village, zone_id=zone.pk, position="director")
    page = client.get(reverse("member", args=[member.pk]))
    told = {(each.icon, each.where) for each in page.context["entries"]}
    assert told == {("member", str(village)), ("post", str(village)), ("zone", str(village))}
    assert all(each.runs for each in page.context["entries"])
    assert "河湾网格" in page.text


@pytest.mark.parametrize("name", ["member", "show_number", "leave", "transfer", "merge"])
def test_the_neighbours_member_is_not_there(client, village, chair, name):
    stranger = make_member(make_village(make_township()))
    deed = name not in {"member", "show_number"}
    address = reverse("member_deed" if deed else name, args=[stranger.pk, name] if deed else [stranger.pk])
    asked = {"number": "phone", "reason": "银行核对", "confirmed": "1", "day": "2023-01-01"}
    answer = client.get(address) if name == "member" else client.post(address, asked)
    assert answer.status_code == 404
    assert Membership.objects.get().end is None
    assert not Change.objects.filter(action="revealed").exists()


def test_of_a_woman_who_came_from_elsewhere_only_the_own_villages_are_told(client, village, chair):
    number = make_number()
    leave(make_member(make_village(make_township(), name="外村"), national_id=number), JOINED, "moved", None)
    member = make_member(village, national_id=number, joined_on=None)
    Membership.objects.filter(end=None).update(start=date(2023, 1, 1))
    assert "外村" not in client.get(reverse("member", args=[member.pk])).text


def test_a_number_is_shown_once_and_the_next_page_is_masked(client, village, chair):
    member = make_member(village)
    page = client.post(reverse("show_number", args=[member.pk]), {"number": "phone", "reason": "银行核对"})
    assert member.phone.clear in page.text
    assert "no-store" in page.headers["Cache-Control"]
    assert member.phone.clear not in client.get(reverse("member", args=[member.pk])).text


def test_without_a_reason_or_permission_no_number_is_shown(client, village, chair):
    member = make_member(village)
    asked = {"number": "phone", "reason": ""}
    assert member.phone.clear not in client.post(reverse("show_number", args=[member.pk]), asked).text
    client.force_login(make_account(the_county(), "auditor"))
    page = client.post(reverse("show_number", args=[member.pk]), asked | {"reason": "银行核对"})
    assert member.phone.clear not in page.text


def test_her_page_costs_the_same_queries_with_one_and_three_terms(client, village, chair):
    number, counts = make_number(), []
    client.get(reverse("gaps"))  # the first page writes the session
    for year in (2020, 2021, 2022):
        day = date(year, 1, 1)
        member = make_member(village, national_id=number, joined_on=day, zone_id=make_zone(village).pk)
        with CaptureQueriesContext(connection) as counted:
            client.get(reverse("member", args=[member.pk]))
        counts.append(len(counted))
        leave(member, date(year, 6, 1), "moved", None)
    assert counts[0] == counts[2]


def test_leaving_shows_what_will_change_before_anything_does(client, village, chair):
    member = make_member(village)
    address = reverse("member_deed", args=[member.pk, "leave"])
    said = {"day": "2023-01-31", "reason": "resigned"}
    assert len(client.post(address, said).context["preview"].changes) == 2
    assert Membership.objects.get().end is None
    client.post(address, said | {"confirmed": "1"})
    assert str(Membership.objects.get().end) == "2023-01-31"


def test_an_auditor_does_no_deed(client, village):
    member = make_member(village)
    client.force_login(make_account(the_county(), "auditor"))
    address = reverse("member_deed", args=[member.pk, "leave"])
    assert client.post(address, {"day": "2023-01-31", "reason": "resigned", "confirmed": "1"}).status_code == 403
    assert client.get(reverse("admit_member")).status_code == 403
    assert Membership.objects.get().end is None


def admission(village, **given):
    return {
        "name": "王小梅", "national_id": make_number(), "phone": "13812345678", "village": village.pk,
        "position": "member", "joined_on": "2023-01-01", "ethnicity": "汉族",
    } | given  # fmt: skip


def test_the_form_admits_a_woman_and_leads_to_her_page(client, village, chair):
    answer = client.post(reverse("admit_member"), admission(village))
    member = Member.objects.get()
    assert answer.headers["Location"] == reverse("member", args=[member.pk])
    assert member.phone == "13812345678"


def test_a_village_of_the_neighbour_is_no_choice(client, village, chair):
    other = make_village(make_township())
    page = client.post(reverse("admit_member"), admission(other))
    assert page.context["form"].errors.keys() == {"village"}
    assert not Member.objects.exists()


def test_whether_a_number_is_anothers_member_is_not_told(client, village, chair):
    stranger = make_member(make_village(make_township()), name="赵外人")
    page = client.post(reverse("admit_member"), admission(village, national_id=stranger.national_id.clear))
    assert page.context["form"].non_field_errors()
    assert "赵外人" not in page.text
    assert Member.objects.count() == 1


def test_a_whole_number_leads_to_her_page_and_stands_in_no_address(client, village, chair):
    member = make_member(village)
    stranger = make_member(make_village(make_township()))
    found = client.post(reverse("find_member"), {"number": member.phone.clear})
    assert found.headers["Location"] == reverse("member", args=[member.pk])
    for number in (stranger.phone.clear, member.phone.clear[:8], ""):
        answer = client.post(reverse("find_member"), {"number": number})
        assert answer.headers["Location"] == reverse("admin:members_member_changelist")
    assert client.get(reverse("find_member")).status_code == 405


def test_a_merger_is_offered_for_records_alike_and_can_be_undone_on_her_page(client, village, chair):
    kept, gone, _other = make_member(village), make_member(village), make_member(village, name="李桂兰")
    address = reverse("member_deed", args=[kept.pk, "merge"])
    offered = client.get(address).context["form"].fields["gone"].queryset
    assert list(offered) == [gone]
    client.post(address, {"gone": gone.pk, "confirmed": "1"})
    assert not Member.objects.filter(pk=gone.pk).exists()
    client.post(reverse("undo_merge", args=[kept.merged_records.get().pk]))
    assert Member.objects.filter(pk=gone.pk).exists()


def test_nobody_undoes_a_merger_of_the_neighbour(client, village, chair):
    other = make_village(make_township())
    record = merge(make_member(other), make_member(other), None)
    assert client.post(reverse("undo_merge", args=[record.pk])).status_code == 404


DOUBTFUL, CARD = "6217780000000000001", "6217780000000000000"


def warnings(page):
    return [str(each) for each in page.context["messages"] if each.level_tag == "warning"]


@pytest.mark.parametrize(("account", "told"), [("12345678", 1), (DOUBTFUL, 1), (CARD, 0), ("", 0)])
def test_an_account_that_is_no_card_is_taken_and_told(client, village, chair, account, told):
    page = client.post(reverse("admit_member"), admission(village, bank_account=account), follow=True)
    assert len(warnings(page)) == told
    assert (Member.objects.get().bank_account or "") == account


def test_a_change_tells_it_too_but_only_when_the_account_was_changed(client, village, chair):
    member = make_member(village, bank_account=CARD)
    address = reverse("admin:members_member_change", args=[member.pk])
    said = {"name": member.name, "national_id": str(member.national_id), "phone": str(member.phone),
            "bank_name": "", "ethnicity": "汉族"}  # fmt: skip
    page = client.post(address, said | {"bank_account": DOUBTFUL}, follow=True)
    assert len(warnings(page)) == 1
    member.refresh_from_db()
    page = client.post(address, said | {"bank_account": str(member.bank_account)}, follow=True)
    assert warnings(page) == []
