from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from reports.campaigns import launch
from reports.models import Campaign, CampaignTarget
from tests.factories import (
    make_account,
    make_activity,
    make_chair,
    make_member,
    make_staff,
    make_township,
    make_village,
    the_county,
    villages_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def township():
    return make_township(villages=2)


@pytest.fixture
def staff(client, township):
    staff = make_staff(the_county())
    client.force_login(staff)
    return staff


def typed(*townships, **said):
    today = timezone.localdate()
    given = {
        "name": "秋季关爱", "text": "走访每一户", "kind": "elderly", "start": f"{today - timedelta(days=9)}",
        "deadline": f"{today}", "level": "townships", "places": [each.pk for each in townships], "target": "10",
        "others": "",
    }  # fmt: skip
    return given | said


def made(staff, targets, ended=0, **said):
    last = timezone.localdate() - timedelta(days=ended)
    given = {"title": "秋季关爱", "kind": "elderly", "verified_only": False, "start": last - timedelta(days=9)}
    return launch(Campaign(deadline=last, **(given | said)), {each.pk: 10 for each in targets}, staff)


def test_it_is_looked_at_and_then_set_for_all_townships_with_another_target_for_one(client, staff, township):
    beside = make_township(the_county())
    said = typed(township, beside, others=f"{beside} 25")
    page = client.post(reverse("set_campaign"), said)
    assert page.context["preview"].changes[1:] == [f"{beside}: 25"]
    assert not Campaign.objects.exists()
    client.post(reverse("set_campaign"), said | {"confirmed": "1"})
    targets = dict(CampaignTarget.objects.values_list("council", "target"))
    assert targets == {township.pk: 10, beside.pk: 25}
    assert Campaign.objects.get().set_by == staff


def test_it_is_set_for_each_village_of_the_chosen_townships(client, staff, township):
    make_township(the_county(), villages=1)
    client.post(reverse("set_campaign"), typed(township, level="villages") | {"confirmed": "1"})
    assert set(CampaignTarget.objects.values_list("council", flat=True)) == {each.pk for each in villages_of(township)}


@pytest.mark.parametrize("line", ["无此镇 25", "{name}", "{name} 0", "{name} 一百"])
def test_a_line_that_is_not_understood_sets_nothing(client, staff, township, line):
    said = typed(township, others=line.format(name=township))
    assert client.post(reverse("set_campaign"), said | {"confirmed": "1"}).context["form"].errors["others"]
    assert not Campaign.objects.exists()


def test_it_cannot_end_before_it_begins(client, staff, township):
    said = typed(township, deadline="2020-01-01")
    assert client.post(reverse("set_campaign"), said).context["form"].errors["deadline"]


def test_the_addressee_sees_it_first_and_progress_is_counted(client, staff, township):
    village = villages_of(township)[0]
    set_ = made(staff, [township])
    make_activity(village, make_member(village), kind="elderly", quantity=4, day=timezone.localdate())
    client.force_login(make_chair(township))
    (waiting,) = client.get(reverse("campaigns")).context["waiting"]
    assert (waiting.target.campaign, waiting.counted, waiting.percent, waiting.late) == (set_, 4, 40, False)


def test_who_is_late_is_shown_to_both_sides(client, staff, township):
    set_ = made(staff, [township], ended=1)
    assert "逾期" in client.get(reverse("campaign", args=[set_.pk])).text
    client.force_login(make_chair(township))
    assert "逾期" in client.get(reverse("campaigns")).text


def test_an_addressee_reports_in_words_that_the_county_reads(client, staff, township):
    set_ = made(staff, [township, make_township(the_county())])
    target = set_.targets.get(council=township)
    client.force_login(make_chair(township))
    page = client.get(reverse("campaign", args=[set_.pk]))
    assert page.context["hers"] == {target.pk}
    client.post(reverse("report_campaign", args=[target.pk]), {"text": "已走访一半"})
    client.force_login(staff)
    assert "已走访一半" in client.get(reverse("campaign", args=[set_.pk])).text


def test_withdrawn_nobody_is_asked_any_more(client, staff, township):
    set_ = made(staff, [township])
    client.post(reverse("withdraw_campaign", args=[set_.pk]), {"confirmed": "1"})
    client.force_login(make_chair(township))
    page = client.get(reverse("campaigns"))
    assert page.context["waiting"] == []
    assert [each.campaign for each in page.context["lines"]] == [set_]


def test_nobody_sees_or_answers_another_s_target(client, staff, township):
    beside = make_township(the_county(), villages=1)
    set_ = made(staff, [township])
    target = set_.targets.get()
    for other in (make_chair(beside), make_account(villages_of(beside)[0])):
        client.force_login(other)
        assert client.get(reverse("campaign", args=[set_.pk])).status_code == 404
        assert client.post(reverse("report_campaign", args=[target.pk]), {"text": "好"}).status_code == 404
    target.refresh_from_db()
    assert target.report == ""


def test_only_the_county_sets_and_withdraws(client, staff, township):
    set_ = made(staff, [township])
    for other in (make_chair(township), make_staff(the_county(), "auditor")):
        client.force_login(other)
        assert client.get(reverse("set_campaign")).status_code == 403
        assert client.post(reverse("withdraw_campaign", args=[set_.pk]), {"confirmed": "1"}).status_code == 403
    set_.refresh_from_db()
    assert set_.withdrawn is None


def test_a_village_reads_its_township_s_target_and_does_not_answer_for_it(client, staff, township):
    set_ = made(staff, [township])
    client.force_login(make_account(villages_of(township)[0]))
    page = client.get(reverse("campaign", args=[set_.pk]))
    assert len(page.context["standings"]) == 1
    assert page.context["hers"] == set()
    address = reverse("report_campaign", args=[set_.targets.get().pk])
    assert client.post(address, {"text": "好"}).context["form"].non_field_errors()


@pytest.mark.parametrize("count", [1, 3])
def test_more_campaigns_and_targets_cost_no_more_queries(client, staff, township, django_assert_num_queries, count):
    places = [township, *(make_village(township) for _village in range(count))]
    for _campaign in range(count):
        set_ = made(staff, places)
    client.force_login(make_chair(township))
    for name, arguments, queries in (("campaigns", [], 12), ("campaign", [set_.pk], 5)):
        with django_assert_num_queries(queries):
            client.get(reverse(name, args=arguments))
