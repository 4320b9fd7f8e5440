from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from members.models import RosterEntry
from reports.activities import verify
from reports.appraisal import introduce, remark
from reports.models import Remark, Scheme, SchemePoint
from tests.factories import (
    WORKED,
    make_account,
    make_activity,
    make_chair,
    make_member,
    make_month,
    make_rate,
    make_staff,
    make_township,
    make_village,
    the_county,
    villages_of,
)

pytestmark = pytest.mark.django_db
MONTH = date(2022, 8, 1)


@pytest.fixture
def township():
    return make_township(villages=2)


@pytest.fixture
def chair(client, township):
    chair = make_chair(township)
    client.force_login(chair)
    return chair


def introduced(township, yuan="2.50", most=60):
    made = Scheme(township=township, start=MONTH, name="积分办法", yuan_a_point=Decimal(yuan), most_yuan=Decimal(most))
    return introduce(made, [SchemePoint(kind="elderly", points=Decimal(2))], None)


def worked(village, member, quantity=1, by=None):
    made = make_activity(village, member, kind="elderly", quantity=quantity)
    verify({made.pk: 1}, by)
    return made


def ranks(client, council, month="2022-08"):
    page = client.get(reverse("ranking", args=[council.code, month]))
    return [(rank.member, rank.place, rank.of, rank.points) for rank, _village, _yuan in page.context["lines"]]


def test_the_ranking_shares_places_and_says_how_many_are_ranked(client, township, chair):
    village = villages_of(township)[0]
    introduced(township)
    best, one, other, none = (make_member(village, name=name) for name in ("甲一", "丙三", "乙二", "丁四"))
    for member, quantity in ((best, 5), (one, 2), (other, 2)):
        worked(village, member, quantity)
    listed = ranks(client, township)
    assert [(place, of) for _member, place, of, _points in listed] == [(1, 4), (2, 4), (2, 4), (4, 4)]
    assert (listed[0][0], listed[0][3], listed[3][0]) == (best, 10, none)
    assert ranks(client, township) == listed


def test_every_point_opens_the_record_or_the_remark_it_came_from(client, township, chair):
    village = villages_of(township)[0]
    introduced(township)
    member = make_member(village)
    done = worked(village, member, 3)
    make_activity(village, member, kind="elderly", quantity=9)  # verified by nobody
    said = remark(member, WORKED, Decimal(-1), "迟到", None)
    page = client.get(reverse("points", args=[township.code, "2022-08", member.pk]))
    assert page.context["rank"].points == 5
    addresses = {each.address: each.point.points for each in page.context["made"]}
    assert addresses == {
        reverse("admin:reports_activity_change", args=[done.pk]): 6,
        reverse("admin:reports_remark_change", args=[said.pk]): -1,
    }
    assert all(client.get(address).status_code == 200 for address in addresses)


def test_a_president_sees_her_village_alone(client, township):
    here, beside = villages_of(township)
    mine, hers = make_member(here), make_member(beside)
    client.force_login(make_account(here))
    assert [member for member, *_rest in ranks(client, here)] == [mine]
    assert client.get(reverse("rankings")).url.startswith(reverse("ranking", args=[here.code, "2022-08"])[:-9])
    for place in (beside, township, township.parent):
        assert client.get(reverse("ranking", args=[place.code, "2022-08"])).status_code == 404
    assert client.get(reverse("points", args=[here.code, "2022-08", hers.pk])).status_code == 404
    assert client.get(reverse("add_remark", args=[mine.pk])).status_code == 403


def test_nothing_of_another_township_is_ranked_remarked_or_introduced(client, township, chair):
    beside = make_township(the_county(), villages=1)
    stranger = make_member(villages_of(beside)[0])
    said = remark(stranger, WORKED, Decimal(1), "好", None)
    for name, arguments in (
        ("ranking", [beside.code, "2022-08"]), ("points", [beside.code, "2022-08", stranger.pk]),
        ("schemes", [beside.code]), ("introduce_scheme", [beside.code]), ("add_remark", [stranger.pk]),
        ("withdraw_remark", [said.pk]),
    ):  # fmt: skip
        assert client.post(reverse(name, args=arguments), {"confirmed": "1"}).status_code == 404, name
    said.refresh_from_db()
    assert said.withdrawn is None


def test_the_county_and_an_auditor_read_and_change_nothing(client, township):
    member = make_member(villages_of(township)[0])
    for role in ("county_staff", "auditor"):
        client.force_login(make_staff(the_county(), role))
        assert len(ranks(client, township)) == 1
        assert township in [each for each, _scheme in client.get(reverse("rankings")).context["townships"]]
        for name, argument in (("introduce_scheme", township.code), ("add_remark", member.pk)):
            assert client.get(reverse(name, args=[argument])).status_code == 403
    client.force_login(make_staff(the_county(), "county_finance"))
    assert client.get(reverse("rankings")).status_code == 403


def typed(**said):
    given = {
        "start": f"{timezone.localdate():%Y-%m}", "name": "新办法", "yuan_a_point": "2", "most_yuan": "80",
        "kind-elderly_0": "1.5", "kind-elderly_1": "2", "kind-elderly_2": "30",
    }  # fmt: skip
    return given | said


def test_a_scheme_is_looked_at_and_then_introduced_from_a_month_on(client, township, chair):
    introduced(township)
    address = reverse("introduce_scheme", args=[township.code])
    assert 'value="2.00"' in client.get(address).text  # it begins with what is in force
    page = client.post(address, typed())
    assert any("1.5" in line for line in page.context["preview"].changes)
    assert 'name="kind-elderly_2" value="30"' in page.text
    assert Scheme.objects.count() == 1
    client.post(address, typed(confirmed="1"))
    made = Scheme.objects.get(name="新办法")
    assert [(each.kind, each.points, each.each, each.cap) for each in made.points.all()] == [
        ("elderly", Decimal("1.5"), 2, Decimal(30))
    ]
    listed = client.get(reverse("schemes", args=[township.code])).context
    assert listed["schemes"][0][0] == listed["running"] == made


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("kind-elderly", {"kind-elderly_0": ""}), ("most_yuan", {"most_yuan": "0"}), ("start", {"start": "2020-01"}),
        ("__all__", {"kind-elderly_0": "", "kind-elderly_1": "", "kind-elderly_2": ""}),
    ],
)  # fmt: skip
def test_a_scheme_that_says_nothing_or_too_little_is_refused(client, township, chair, field, said):
    page = client.post(reverse("introduce_scheme", args=[township.code]), typed(confirmed="1", **said))
    assert list(page.context["form"].errors) == [field]
    assert not Scheme.objects.exists()


def test_a_remark_counts_until_it_is_withdrawn_and_stays(client, township, chair):
    member = make_member(villages_of(township)[0])
    client.post(reverse("add_remark", args=[member.pk]), {"day": "2022-08-09", "points": "3", "reason": "救人"})
    made = Remark.objects.get()
    assert ranks(client, township)[0][3] == 3
    client.post(reverse("withdraw_remark", args=[made.pk]), {"confirmed": "1"})
    made.refresh_from_db()
    assert made.withdrawn
    assert ranks(client, township)[0][3] == 0


def open_month(township):
    with time_machine.travel(date(2022, 9, 2)):
        return make_month(township, MONTH)


def test_the_month_shows_the_proposal_and_the_chair_takes_it_over(client, township, chair):
    village = villages_of(township)[0]
    introduced(township)
    busy, idle = make_member(village, name="甲一"), make_member(village, name="乙二")
    worked(village, busy, 7)
    roster = open_month(township)
    page = client.get(reverse("month", args=[township.code, "2022-08"]))
    offered = page.context["proposed"]
    assert offered.total == Decimal("35.00")
    assert reverse("ranking", args=[township.code, "2022-08"]) in page.text
    address = reverse("month_deed", args=[township.code, "2022-08", "take_over"])
    assert client.post(address, {"seen": offered.digest}).context["preview"].changes
    client.post(address, {"seen": offered.digest, "confirmed": "1"})
    amounts = dict(RosterEntry.objects.filter(roster=roster).values_list("member", "performance_amount"))
    assert amounts == {busy.pk: Decimal(35), idle.pk: Decimal(0)}
    assert not client.get(reverse("month", args=[township.code, "2022-08"])).context["proposed"].differing


def test_a_proposal_that_changed_meanwhile_is_not_taken_over(client, township, chair):
    village = villages_of(township)[0]
    introduced(township)
    member = make_member(village)
    open_month(township)
    worked(village, member, 2)
    seen = client.get(reverse("month", args=[township.code, "2022-08"])).context["proposed"].digest
    worked(village, member, 2)
    address = reverse("month_deed", args=[township.code, "2022-08", "take_over"])
    assert client.post(address, {"seen": seen, "confirmed": "1"}).context["form"].non_field_errors()
    assert not RosterEntry.objects.filter(performance_amount__gt=0).exists()


@pytest.mark.parametrize("role", ["county_staff", "county_finance", "auditor"])
def test_nobody_else_takes_it_over(client, township, role):
    introduced(township)
    make_member(villages_of(township)[0])
    open_month(township)
    client.force_login(make_staff(the_county(), role))
    assert client.get(reverse("month", args=[township.code, "2022-08"])).context["proposed"] is None
    address = reverse("month_deed", args=[township.code, "2022-08", "take_over"])
    assert client.post(address, {"confirmed": "1"}).status_code == 403


def test_points_without_money_propose_nothing(client, township, chair):
    introduced(township, yuan="0")
    make_member(villages_of(township)[0])
    open_month(township)
    assert client.get(reverse("month", args=[township.code, "2022-08"])).context["proposed"] is None


@pytest.mark.parametrize("count", [1, 3])
def test_more_members_and_records_cost_no_more_queries(client, township, chair, django_assert_num_queries, count):
    introduced(township)
    for _village in range(count):
        village = make_village(township)
        for _record in range(count):
            member = make_member(village)
            worked(village, member)
    with django_assert_num_queries(15):
        client.get(reverse("ranking", args=[township.code, "2022-08"]))
    with django_assert_num_queries(10):
        client.get(reverse("points", args=[township.code, "2022-08", member.pk]))
    with django_assert_num_queries(5):
        client.get(reverse("schemes", args=[township.code]))


def test_one_leafs_through_half_a_year_and_no_further(client, township, chair):
    make_rate(township.parent)
    address, seen = client.get(reverse("rankings")).url, []
    while address:
        page = client.get(address).context
        seen.append(page["month"])
        address = page["earlier"] and reverse("ranking", args=[township.code, page["earlier"]])
    assert len(seen) == 7
    assert client.get(reverse("ranking", args=[township.code, seen[-1]])).context["later"] == seen[-2]
    assert client.get(reverse("ranking", args=[township.code, "2022-08"])).context["later"] == ""
