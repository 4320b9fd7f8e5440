from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from councils.models import Change
from reports import disputes
from reports.models import Dispute
from tests.factories import (
    WORKED,
    make_account,
    make_brought,
    make_chair,
    make_member,
    make_staff,
    make_township,
    make_village,
)

pytestmark = pytest.mark.django_db
SEALED = ("张三", "宅基地", "各让一尺")


@pytest.fixture
def brought(village):
    return disputes.bring(make_brought(village), None)


def reader(village, role):
    place = {"village_president": village, "township_chair": village.parent}.get(role, village.parent.parent)
    return make_account(place, role)


def opened(client, dispute):
    return client.post(reverse("dispute_content", args=[dispute.pk]))


def told(page):
    return [word for word in SEALED if word in page.text]


@pytest.mark.parametrize(
    "role", ["township_chair", "county_staff", "county_finance", "auditor", "system_administrator"]
)
def test_nobody_but_the_village_opens_what_is_not_passed_on(client, village, brought, role):
    client.force_login(reader(village, role))
    for page in (client.get(reverse("dispute", args=[brought.pk])), opened(client, brought)):
        assert page.status_code in (403, 404)
        assert not told(page)
    for name in ("settle", "pass_on", "mend"):
        assert client.get(reverse("dispute_deed", args=[brought.pk, name])).status_code in (403, 404)


@pytest.mark.parametrize("role", ["county_staff", "county_finance", "auditor", "system_administrator"])
def test_what_was_passed_on_stays_closed_to_the_county(client, village, brought, role):
    disputes.pass_on(brought, WORKED, 1, None)
    client.force_login(reader(village, role))
    assert opened(client, brought).status_code in (403, 404)


def test_once_passed_on_its_township_reads_it_and_the_next_does_not(client, village, brought):
    disputes.pass_on(brought, WORKED, 1, None)
    client.force_login(make_chair(village.parent))
    assert told(opened(client, brought)) == ["张三", "宅基地"]
    client.force_login(make_chair(make_township(village.parent.parent)))
    assert opened(client, brought).status_code == 404


def test_another_village_neither_lists_nor_opens_it(client, village, brought):
    client.force_login(make_account(make_village(village.parent)))
    assert list(client.get(reverse("disputes")).context["listed"]) == []
    assert opened(client, brought).status_code == 404


def test_it_is_sealed_until_it_is_opened_and_who_opened_it_is_entered(client, village, brought):
    president = make_account(village)
    client.force_login(president)
    assert not told(client.get(reverse("dispute", args=[brought.pk])))
    assert not told(client.get(reverse("disputes")))
    assert not Change.objects.filter(action="revealed").exists()
    assert told(opened(client, brought)) == ["张三", "宅基地"]
    assert Change.objects.filter(action="revealed", actor=president).count() == 1


def test_it_is_brought_settled_and_then_stays(client, village):
    member = make_member(village)
    client.force_login(make_account(village))
    today = timezone.localdate()
    typed = {
        "relation": "spouses", "parties": "张三、李四", "text": "宅基地", "day": f"{today}", "members": member.pk,
        "client_key": "7b6a3c1e-51a5-4b7e-9d1e-0c4a1c1f2a33",
    }  # fmt: skip
    for _time in range(2):
        answer = client.post(reverse("bring_dispute"), typed)
    made = Dispute.objects.get()
    assert answer.url == reverse("dispute", args=[made.pk])
    address = reverse("dispute_deed", args=[made.pk, "settle"])
    said = {"version": 1, "day": f"{today}", "agreement": "各让一尺", "members": member.pk}
    assert client.post(address, said).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.settled, made.activity.kind) == ("settled", today, "dispute")
    assert told(opened(client, made)) == list(SEALED)
    assert client.post(address, said).status_code == 404


def test_what_was_typed_wrong_is_put_right(client, village, brought):
    client.force_login(make_account(village))
    address = reverse("dispute_deed", args=[brought.pk, "mend"])
    assert "张三" in client.get(address).text
    client.post(address, {"version": 1, "relation": "spouses", "parties": "王五", "text": ""})
    brought.refresh_from_db()
    assert (brought.relation, brought.parties.clear, brought.version) == ("spouses", "王五", 2)


def test_passing_on_says_first_that_the_township_will_read_it(client, village, brought):
    client.force_login(make_account(village))
    address = reverse("dispute_deed", args=[brought.pk, "pass_on"])
    said = {"version": 1, "day": f"{timezone.localdate()}"}
    assert client.post(address, said).context["preview"].changes
    brought.refresh_from_db()
    assert brought.passed_on is None
    client.post(address, said | {"confirmed": "1"})
    brought.refresh_from_db()
    assert brought.state == "passed_on"


def test_a_township_brings_none(client, village):
    client.force_login(make_chair(village.parent))
    assert client.get(reverse("bring_dispute")).status_code == 403


@pytest.mark.parametrize("role", ["village_president", "township_chair", "county_staff", "auditor"])
def test_numbers_are_for_every_level_by_relation_and_month_without_a_name(client, village, brought, role):
    member = brought.mediators.get()
    disputes.settle(brought, date(2022, 9, 2), "各让一尺", 1, None)
    disputes.bring(make_brought(village, member, relation="spouses"), None)
    client.force_login(reader(village, role))
    page = client.get(reverse("dispute_numbers"), {"year": "2022"})
    months = {month: whole for month, _cells, whole in page.context["lines"]}
    assert (months["2022年8月"].brought, months["2022年9月"].settled) == (2, 1)
    assert page.context["whole"] == (2, 1, 0)
    assert not told(page)
    assert str(member) not in page.text.replace(str(page.wsgi_request.user), "")


@time_machine.travel("2023-02-01")
def test_numbers_begin_with_the_year_of_the_first_dispute(client, village):
    client.force_login(make_chair(village.parent))
    assert client.get(reverse("dispute_numbers")).context["earlier"] is None
    disputes.bring(make_brought(village), None)
    assert client.get(reverse("dispute_numbers")).context["earlier"] == 2022
    before = client.get(reverse("dispute_numbers"), {"year": "2022"}).context
    assert (before["year"], before["earlier"], before["later"]) == (2022, None, 2023)


def test_who_reads_no_dispute_is_led_to_the_numbers(client, village):
    client.force_login(make_staff(village.parent.parent))
    assert client.get(reverse("disputes")).url == reverse("dispute_numbers")
    client.force_login(make_staff(village.parent.parent, "county_finance"))
    assert client.get(reverse("dispute_numbers")).status_code == 403


def test_numbers_of_elsewhere_are_not_told(client, village):
    client.force_login(make_chair(village.parent))
    for place in (make_township(village.parent.parent), village.parent.parent):
        assert client.get(reverse("dispute_numbers"), {"place": place.code}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_more_disputes_cost_no_more_queries(client, village, django_assert_num_queries, count):
    member = make_member(village)
    client.force_login(make_account(village))
    for number in range(count):
        made = disputes.bring(make_brought(village, member, day=WORKED - timedelta(days=number)), None)
    for name, arguments, queries in (("disputes", [], 7), ("dispute_numbers", [], 8), ("dispute", [made.pk], 4)):
        with django_assert_num_queries(queries):
            client.get(reverse(name, args=arguments))
