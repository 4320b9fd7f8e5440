import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from councils import intake
from councils.admin.paging import KeyedPaginator
from cunsao import workbook
from reports import activities
from reports.activities import verify
from reports.hazards import report
from reports.models import Activity
from reports.tallying import Standing, Typed, enter
from tests.factories import (
    WORKED,
    make_account,
    make_activity,
    make_chair,
    make_found,
    make_member,
    make_staff,
    make_township,
    make_village,
)

pytestmark = pytest.mark.django_db
LIST = "admin:reports_activity_changelist"


@pytest.fixture
def village():
    return make_village()


def listed(client, name=LIST, **asked):
    page = client.get(reverse(name), asked)
    assert page.status_code == 200
    return list(page.context["cl"].result_list)


@pytest.mark.parametrize("name", [LIST, "admin:reports_hazard_changelist"])
def test_the_list_costs_the_same_queries_with_one_and_three_records(client, village, name):
    client.force_login(make_staff())
    counts = []
    for more in (1, 2):
        for _each in range(more):
            make_activity(village)
            report(make_found(village), None)
        listed(client, name)
        with CaptureQueriesContext(connection) as asked:
            assert listed(client, name)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


def test_the_list_is_narrowed_by_day_village_role_kind_member_and_state(client, village):
    member = make_member(village)
    visit = make_activity(village, member, kind="elderly")
    early = make_activity(village)
    beside = make_activity(make_village(village.parent), kind="child")
    verify({visit.pk: 1}, make_chair(village.parent))
    client.force_login(make_staff())
    assert listed(client, role="helper") == [beside, visit]
    assert listed(client, kind="inspection") == [early]
    assert listed(client, member=member.pk) == [visit]
    assert listed(client, member="999999") == []
    assert listed(client, village=village.code, role="helper") == [visit]
    assert listed(client, state__exact="verified") == [visit]
    assert listed(client, month="2022-08") == [beside, early, visit]
    assert listed(client, month="2022-07") == []
    assert client.get(reverse(LIST), {"month": "soon"}).status_code == 400


def test_the_list_keeps_to_the_jurisdiction(client, village):
    own, foreign = make_activity(village), make_activity(make_village(make_township(name="邻镇"), name="邻村"))
    stranger = foreign.members.get()
    client.force_login(make_chair(village.parent))
    assert listed(client) == [own]
    assert listed(client, member=stranger.pk) == []
    assert client.get(reverse("admin:reports_activity_change", args=[foreign.pk])).status_code == 302
    client.force_login(make_staff(role="county_finance"))
    assert client.get(reverse(LIST)).status_code == 403


@pytest.mark.parametrize("role", ["village_president", "township_chair", "auditor", "county_staff"])
def test_a_record_opens_for_who_sees_it(client, village, role):
    made = make_activity(village, kind="courtyard", household="张三", particulars={"level": "county"})
    place = {"village_president": village, "township_chair": village.parent}.get(role, village.parent.parent)
    client.force_login(make_account(place, role))
    page = client.get(reverse("admin:reports_activity_change", args=[made.pk]))
    assert page.status_code == 200
    assert "张三" in page.text


def test_a_list_is_counted_to_its_cap_and_paged_by_keys(village, monkeypatch):
    monkeypatch.setattr(KeyedPaginator, "cap", 5)
    made = [make_activity(village).pk for _each in range(7)][::-1]
    pages = KeyedPaginator(Activity.objects.all(), 2)
    assert (pages.count, pages.is_capped, pages.num_pages) == (5, True, 3)
    assert [[each.pk for each in pages.page(number).object_list] for number in (1, 2, 3)] == [
        made[:2],
        made[2:4],
        made[4:5],
    ]
    few = KeyedPaginator(Activity.objects.filter(pk__in=made[:3]), 2)
    assert (few.count, few.is_capped) == (3, False)
    none = KeyedPaginator(Activity.objects.none(), 2)
    assert list(none.page(1).object_list) == []


def test_a_capped_list_says_that_there_are_more(client, village, monkeypatch):
    monkeypatch.setattr(KeyedPaginator, "cap", 2)
    for _each in range(3):
        make_activity(village)
    client.force_login(make_staff())
    client.cookies["cunsao_language"] = "en"
    assert "more than 2" in client.get(reverse(LIST)).text


def test_the_history_tells_particulars_too(client, village):
    made = make_activity(village, kind="elderly", particulars={"whom": "lone"})
    activities.change(made, None, 1, particulars={"whom": "left_behind", "care": "goods"})
    client.force_login(make_chair(village.parent))
    page = client.get(reverse("admin:reports_activity_history", args=[made.pk]))
    assert "left_behind" in page.text


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_the_list_leaves_in_the_imports_columns_and_comes_in_again_with_nothing_changed(client, village, ending):
    president = make_account(village)
    member = make_member(village)
    make_activity(village, member, kind="courtyard", household="张三", particulars={"level": "township"})
    enter(village, WORKED.replace(day=1), [Typed(member.pk, "elderly", Standing(), "4")], president)
    client.force_login(president)
    answer = client.post(reverse("admin:reports_activity_export"), {"ending": ending})
    content = b"".join(answer.streaming_content)
    seen = intake.review("activities", workbook.open(content, f"list.{ending}"), president)
    assert not seen.errors
    assert seen.counts == {"rows": 2, "created": 0, "updated": 0, "unchanged": 2, "rejected": 0}
    page = client.get(reverse(LIST)).text
    assert reverse("upload", args=["activities"]) in page
    assert reverse("work") in page
