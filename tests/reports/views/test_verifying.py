"""Verifying what villages entered, and the records of a month drawn by chance."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from councils.models import Change
from reports import sampling
from reports.models import Activity, Sample, State
from reports.photos import keep
from reports.views import verifying
from tests.factories import (
    WORKED,
    make_account,
    make_activity,
    make_staff,
    make_township,
    make_village,
)
from tests.reports.test_photos import picture

pytestmark = pytest.mark.django_db
TEXT = "到王奶奶家打扫了院子，送了米面"


def judged(client, records, deed="verify", **said):
    seen = [f"{each.pk}-{each.version}" for each in records]
    return client.post(reverse("judge_work"), {"seen": seen, "deed": deed} | said, follow=True)


def states():
    return list(Activity.objects.order_by("pk").values_list("state", flat=True))


def test_what_waits_of_her_villages_is_shown_and_verified(client, village, member, chair):
    records = [make_activity(village, member, by=make_account(village)) for _each in range(3)]
    make_activity(make_village(make_township()), text="外镇的")
    page = client.get(reverse("verify_work"))
    assert [each.record.pk for each in page.context["shown"]] == [each.pk for each in reversed(records)]
    judged(client, records[:2])
    assert states()[:3] == [State.VERIFIED, State.VERIFIED, State.OPEN]
    records[0].refresh_from_db()
    assert records[0].verified_by == chair


def test_given_back_it_says_why_or_is_not_given_back(client, village, member, chair):
    record = make_activity(village, member)
    assert [each.level_tag for each in judged(client, [record], "reject").context["messages"]] == ["error"]
    assert states() == [State.OPEN]
    judged(client, [record], "reject", reason="没有照片")
    record.refresh_from_db()
    assert (record.state, record.reason) == (State.REJECTED, "没有照片")


def test_nobody_verifies_her_own(client, village, member, chair):
    own, other = make_activity(village, member, by=chair), make_activity(village, member)
    page = client.get(reverse("verify_work"))
    assert {each.record.pk: each.own for each in page.context["shown"]} == {own.pk: True, other.pk: False}
    told = judged(client, [own, other]).context["messages"]
    assert [each.level_tag for each in told] == ["success", "warning"]
    assert states() == [State.OPEN, State.VERIFIED]
    assert [each.level_tag for each in judged(client, [own]).context["messages"]] == ["error"]


def test_what_was_changed_since_it_was_shown_is_left_alone(client, village, member, chair):
    record = make_activity(village, member)
    Activity.objects.filter(pk=record.pk).update(version=2)
    judged(client, [record])
    assert states() == [State.OPEN]


def test_records_elsewhere_are_neither_verified_nor_told(client, village, chair):
    foreign = make_activity(make_village(make_township()))
    judged(client, [foreign])
    assert states() == [State.OPEN]


@pytest.mark.parametrize("role", ["village_president", "auditor", "county_finance", "system_administrator"])
def test_only_who_verifies_opens_the_page(client, village, member, role):
    record = make_activity(village, member)
    place = village if role == "village_president" else village.parent.parent
    client.force_login(make_account(place, role))
    assert client.get(reverse("verify_work")).status_code == 403
    assert judged(client, [record]).status_code == 403
    assert states() == [State.OPEN]


def test_the_county_verifies_too(client, village, member):
    client.force_login(make_staff(village.parent.parent))
    record = make_activity(village, member)
    judged(client, [record])
    assert states() == [State.VERIFIED]


@pytest.mark.parametrize("seen", ["x", "1", "1-x", "-1", "²-1", "1-" + "9" * 50])
def test_a_forged_tick_is_no_request(client, chair, seen):
    assert client.post(reverse("judge_work"), {"seen": [seen], "deed": "verify"}).status_code == 400


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:1"])
def test_the_way_back_leads_nowhere_else(client, village, member, chair, back):
    sent = {"seen": [f"{make_activity(village, member).pk}-1"], "deed": "verify", "next": back}
    assert client.post(reverse("judge_work"), sent).url == reverse("verify_work")


def test_double_words_and_double_photos_are_told_beside_the_record(client, village, member, chair):
    first, second = (make_activity(village, member, text=TEXT, place=place) for place in ("东头", "西头"))
    other = make_activity(village, member, text="")
    keep(first, picture(), None), keep(other, picture(), None)
    shown = {each.record.pk: each for each in client.get(reverse("verify_work")).context["shown"]}
    assert (shown[first.pk].same_texts, shown[second.pk].same_texts) == ([second.pk], [first.pk])
    assert (shown[first.pk].same_photos, shown[other.pk].same_photos) == ([other.pk], [first.pk])
    assert shown[second.pk].same_photos == []
    assert reverse("open_activity", args=[second.pk]) in client.get(reverse("open_activity", args=[first.pk])).text


def test_pages_go_on_where_the_last_one_ended(client, village, member, chair, monkeypatch):
    monkeypatch.setattr(verifying, "A_PAGE", 2)
    for _each in range(3):
        make_activity(village, member)
    make_activity(village, member, day=WORKED.replace(day=1))
    seen, after = [], ""
    for _page in range(2):
        page = client.get(reverse("verify_work"), {"after": after})
        seen += [each.record.pk for each in page.context["shown"]]
        after = page.context["after"]
    assert (len(seen), len(set(seen)), after) == (4, 4, "")
    for wrong in ("x", "2022-01-01.x", "2022-99-01.1"):
        assert client.get(reverse("verify_work"), {"after": wrong}).status_code == 400


def test_it_is_narrowed_to_a_village_of_hers(client, village, member, chair):
    other = make_village(village.parent)
    make_activity(village, member), make_activity(other)
    shown = client.get(reverse("verify_work"), {"village": other.code}).context["shown"]
    assert [each.record.village for each in shown] == [other]
    foreign = make_village(make_township())
    make_activity(foreign)
    assert len(client.get(reverse("verify_work"), {"village": foreign.code}).context["shown"]) == 2


def test_more_records_cost_no_more_queries(client, village, member, chair):
    def asked(address):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    def enter():
        keep(make_activity(village, member, text=TEXT), picture(), None)

    enter()
    asked(reverse("verify_work"))
    few = asked(reverse("verify_work"))
    enter(), enter()
    assert asked(reverse("verify_work")) == few < 16
    sample = sampling.draw(village, WORKED, None)
    assert asked(reverse("open_sample", args=[sample.pk])) < 18


def test_a_sample_is_drawn_once_by_a_seed_that_is_in_the_trail(client, village, member, chair):
    for _each in range(8):
        make_activity(village, member)
    sent = {"village": village.code, "month": "2022-08"}
    first, second = (client.post(reverse("draw_sample"), sent).url for _time in range(2))
    sample = Sample.objects.get()
    assert first == second == reverse("open_sample", args=[sample.pk])
    page = client.get(first)
    assert [each.record.pk for each in page.context["shown"]] == sample.activities
    assert page.context["again"]
    assert sample.seed in page.text
    trail = Change.objects.filter(record="reports.sample", record_id=sample.pk).get()
    assert trail.fields["seed"] == [None, sample.seed]
    listed = client.get(reverse("samples"), {"month": "2022-08"}).context["rows"]
    assert listed == [(village, 8, sample)]


def test_a_month_without_records_has_nothing_to_draw(client, village, chair):
    page = client.post(reverse("draw_sample"), {"village": village.code, "month": "2022-08"}, follow=True)
    assert [each.level_tag for each in page.context["messages"]] == ["error"]


def test_a_sample_elsewhere_is_neither_drawn_nor_seen(client, village, member, chair):
    foreign = make_village(make_township())
    make_activity(foreign)
    sample = sampling.draw(foreign, WORKED, None)
    assert client.get(reverse("open_sample", args=[sample.pk])).status_code == 404
    make_activity(foreign, day=WORKED.replace(month=7))
    sent = {"village": foreign.code, "month": "2022-07"}
    assert client.post(reverse("draw_sample"), sent).status_code == 404
    assert client.get(reverse("samples"), {"month": "2022-08"}).context["rows"] == []


def test_who_may_not_draw_may_look(client, village, member):
    make_activity(village, member)
    sample = sampling.draw(village, WORKED, None)
    client.force_login(make_account(village.parent.parent, "auditor"))
    page = client.get(reverse("open_sample", args=[sample.pk]))
    assert page.status_code == 200
    assert 'value="verify"' not in page.text
    assert 'name="seen"' not in page.text
    assert client.post(reverse("draw_sample"), {"village": village.code, "month": "2022-08"}).status_code == 403
