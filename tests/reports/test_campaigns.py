from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.activities import reject, verify
from reports.campaigns import WorkRefused, launch, report, standings, to_do, withdraw
from reports.models import Campaign, CampaignTarget
from tests.factories import (
    make_account,
    make_activity,
    make_chair,
    make_county,
    make_staff,
    make_township,
    make_village,
    the_county,
    villages_of,
)

pytestmark = pytest.mark.django_db
START, END = date(2022, 8, 1), date(2022, 8, 31)


@pytest.fixture
def township():
    return make_township(villages=2)


@pytest.fixture
def staff(township):
    return make_staff(the_county())


def campaign(**said):
    given = {"title": "秋季关爱", "kind": "elderly", "start": START, "deadline": END, "verified_only": False}
    return Campaign(**(given | said))


def refused(code, deed, *arguments, **named):
    with pytest.raises(WorkRefused) as told:
        deed(*arguments, **named)
    assert told.value.code == code, (told.value.code, str(told.value))


def test_progress_is_counted_from_what_was_done(township, staff):
    village, beside = villages_of(township)
    chair = make_chair(township)
    set_ = launch(campaign(verified_only=True), {township.pk: 10, village.pk: 4, beside.pk: 5}, staff)
    first = make_activity(village, kind="elderly", quantity=3)
    make_activity(village, kind="elderly", quantity=2)
    gone = make_activity(beside, kind="elderly", quantity=7)
    make_activity(beside, kind="child", quantity=50)
    make_activity(beside, kind="elderly", quantity=50, day=START - timedelta(days=1))
    make_activity(make_village(make_township(the_county())), kind="elderly", quantity=50)
    verify({first.pk: 1}, chair)
    reject({gone.pk: 1}, chair, "没有")
    told = {each.target.council: each for each in standings([set_], staff, END)[set_.pk]}
    assert {council: (each.entered, each.verified) for council, each in told.items()} == {
        township: (5, 3),
        village: (5, 3),
        beside: (0, 0),
    }
    assert (told[village].percent, told[village].reached, told[village].late) == (75, False, False)
    assert [each.late for each in standings([set_], staff, END + timedelta(days=1))[set_.pk]] == [True] * 3


def test_several_campaigns_cost_no_more_questions(township, staff):
    village, beside = villages_of(township)
    make_activity(village, kind="elderly", quantity=3)
    counts = []
    for many in (1, 3):
        listed = [launch(campaign(), {village.pk: 1, beside.pk: 1}, staff) for _each in range(many)]
        with CaptureQueriesContext(connection) as asked:
            told = standings(listed, staff, END)
        counts.append(len(asked))
        assert all([each.entered for each in told[set_.pk]] == [3, 0] for set_ in listed)
    assert counts == [2, 2]


def test_each_sees_the_targets_of_her_own(township, staff):
    village, beside = villages_of(township)
    set_ = launch(campaign(), {township.pk: 10, village.pk: 4, beside.pk: 5}, staff)
    foreign = launch(campaign(title="别处"), {make_township(the_county()).pk: 1}, staff)
    president, chair = make_account(village), make_chair(township)
    assert list(Campaign.objects.visible_to(president)) == list(Campaign.objects.visible_to(chair)) == [set_]
    assert {each.council for each in CampaignTarget.objects.visible_to(president)} == {township, village}
    assert {each.council for each in CampaignTarget.objects.visible_to(chair)} == {township, village, beside}
    assert set(Campaign.objects.visible_to(staff)) == {set_, foreign}
    assert not Campaign.objects.visible_to(make_staff(make_county())).exists()


def test_what_is_left_to_do_comes_first(township, staff):
    village, _beside = villages_of(township)
    launch(campaign(title="后", deadline=END + timedelta(days=9)), {village.pk: 4}, staff)
    launch(campaign(title="先"), {village.pk: 4}, staff)
    launch(campaign(title="做到了", kind="child"), {village.pk: 1}, staff)
    withdraw(launch(campaign(title="撤了"), {village.pk: 1}, staff), staff)
    make_activity(village, kind="child")
    president = make_account(village)
    assert [each.target.campaign.title for each in to_do(president, END)] == ["先", "后"]
    assert to_do(make_chair(township), END) == []


def test_a_council_reports_on_its_own_target(township, staff):
    village, beside = villages_of(township)
    set_ = launch(campaign(), {township.pk: 10, village.pk: 4, beside.pk: 5}, staff)
    own, other = set_.targets.get(council=village), set_.targets.get(council=beside)
    president = make_account(village)
    assert report(own, " 已走访两户 ", president).reported_by == president
    refused("out_of_scope", report, other, "x", president)
    refused("out_of_scope", report, set_.targets.get(council=township), "x", president)
    refused("out_of_scope", report, own, "x", make_chair(make_township(the_county())))
    assert report(other, "村里忙", make_chair(township)).report == "村里忙"


def test_only_the_county_sets_campaigns_and_within_itself(township, staff):
    refused("not_allowed", launch, campaign(), {township.pk: 1}, make_chair(township))
    refused("targets", launch, campaign(), {}, staff)
    refused("targets", launch, campaign(), {the_county().pk: 1}, staff)
    refused("targets", launch, campaign(), {township.pk: 0}, staff)
    refused("out_of_scope", launch, campaign(), {make_township(make_county()).pk: 1}, staff)
    refused("invalid", launch, campaign(deadline=START - timedelta(days=1)), {township.pk: 1}, staff)
    assert not Campaign.objects.exists()
