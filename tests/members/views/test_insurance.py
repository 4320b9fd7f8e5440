from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from councils.models import Action, Change
from cunsao import workbook
from members.models import InsuredMember
from tests.factories import make_account, make_member, make_staff, make_township, make_village
from tests.members.imports.test_insurance import make, make_policy
from tests.members.ledgers import asked, number_of, village_of

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def members():
    village = make_village(make_township())
    return [make_member(village, name=name) for name in ("王一", "王二", "王三")]


@pytest.fixture
def policy():
    return make_policy("NOW", start=date(2022, 1, 1), end=TODAY + timedelta(days=100))


@pytest.fixture
def chair(client, members):
    account = make_account(village_of(members[0]).parent)
    client.force_login(account)
    return account


def test_all_members_of_today_are_insured_at_once_and_the_second_time_nobody(client, members, chair, policy):
    stranger = make_member(make_village(make_township()))
    late = make_member(village_of(members[0]), name="李晚", joined_on=date(2022, 5, 1))
    make(members[0], policy=policy, end=date(2022, 6, 30))
    said = {"start": "2022-01-01", "end": str(policy.end)}
    page = reverse("insure_all", args=[policy.pk])
    preview = client.post(page, said)
    assert preview.context["preview"].changes
    assert len(preview.context["preview"].cautions) == 1
    assert InsuredMember.objects.count() == 1
    assert client.post(page, said | {"confirmed": "1"}).status_code == 302
    assert set(InsuredMember.objects.values_list("member", "start")) == {
        (members[0].pk, policy.start), (members[1].pk, policy.start), (members[2].pk, policy.start),
        (late.pk, date(2022, 5, 1)),
    }  # fmt: skip
    assert not stranger.insured.exists()
    entries = Change.objects.filter(record="members.insuredmember", action=Action.CREATED)
    assert {each.council for each in entries} == {village_of(members[0])}
    client.post(page, said | {"confirmed": "1"})
    assert InsuredMember.objects.count() == entries.count() == 4


def test_insuring_three_costs_as_much_as_one(members, chair, policy, client):
    page, said = reverse("insure_all", args=[policy.pk]), {"start": "2022-01-01", "end": str(TODAY), "confirmed": "1"}
    client.get(page)
    make(members[1], policy=policy, end=TODAY), make(members[2], 1, policy=policy, end=TODAY)
    one = asked(client.post, page, said)
    InsuredMember.objects.all().delete()
    three = asked(client.post, page, said)
    assert InsuredMember.objects.count() == 3
    assert len(one) == len(three), (one, three)


@pytest.mark.parametrize(
    ("given", "field"),
    [({"start": "2021-12-31"}, "start"), ({"end": "2099-01-01"}, "end"), ({"end": "2021-01-01"}, "end")],
)  # fmt: skip
def test_days_outside_the_policy_are_refused(client, members, chair, policy, given, field):
    said = {"start": "2022-01-01", "end": str(TODAY), "confirmed": "1"} | given
    answer = client.post(reverse("insure_all", args=[policy.pk]), said)
    assert set(answer.context["form"].errors) == {field}
    assert not InsuredMember.objects.exists()


@pytest.mark.parametrize("role", ["county_finance", "auditor"])
def test_who_only_looks_insures_nobody(client, members, policy, role):
    client.force_login(make_staff(role=role))
    assert client.get(reverse("insurance")).status_code == 200
    assert client.post(reverse("insure_all", args=[policy.pk]), {"confirmed": "1"}).status_code == 403


def test_the_page_counts_each_day_by_itself(client, members, chair, policy):
    make(members[0], policy=policy, start=date(2022, 3, 1), end=TODAY + timedelta(days=5))
    shown = client.get(reverse("insurance"), {"day": "2022-02-28"}).context
    assert (shown["active"], shown["insured"], shown["missing_count"]) == (3, 0, 3)
    page = client.get(reverse("insurance"))
    shown = page.context
    assert (shown["active"], shown["insured"], list(shown["missing"])) == (3, 1, members[1:])
    assert [count for _title, count in shown["ends"]] == [1, 0, 0]
    assert [(each.name, each.active, each.missing) for each in shown["places"]] == [(village_of(members[0]).name, 3, 2)]
    for wrong in ("2022-13-45", "x", ""):
        assert client.get(reverse("insurance"), {"day": wrong}).context["day"] == TODAY
    client.force_login(make_account(make_township()))
    shown = client.get(reverse("insurance")).context
    assert (shown["active"], list(shown["missing"]), list(shown["soon"])) == (0, [], [])
    assert [each.people for each in shown["policies"]] == [0]


def test_one_member_or_three_ask_as_much(client, policy):
    village = make_village(make_township())
    client.force_login(make_staff())
    counts = []
    for at in range(3):
        make(make_member(village), at, policy=policy, end=TODAY + timedelta(days=3))
        make_member(village)
        counts.append(len(asked(client.get, reverse("insurance"))))
    assert counts[1] == counts[2]


def test_the_insurer_gets_whole_numbers_for_a_reason_that_is_kept(client, members, chair, policy):
    make(members[0], policy=policy), make(make_member(make_village(make_township()), name="赵外"), 1, policy=policy)
    page = reverse("insurer_list", args=[policy.pk])
    assert number_of(members[0]) not in client.get(page).text
    for reason in ("", "无"):
        assert set(client.post(page, {"reason": reason}).context["form"].errors) == {"reason"}
    assert not Change.objects.filter(action=Action.EXPORTED).exists()
    content = b"".join(client.post(page, {"reason": "报保险公司承保"}).streaming_content)
    (sheet,) = workbook.open(content, "list.xlsx").sheets
    cells = [[str(cell) for cell in row.cells] for row in sheet.rows]
    assert len(cells) == 2
    assert {"王一", number_of(members[0])} <= set(cells[1])
    entry = Change.objects.get(action=Action.EXPORTED)
    assert entry.fields["reason"] == ["", "报保险公司承保"]
    assert number_of(members[0]) not in str(entry.fields)


@pytest.mark.parametrize("role", ["village_president", "auditor"])
def test_who_sees_no_whole_number_gets_no_list(client, members, policy, role):
    place = village_of(members[0])
    client.force_login(make_account(place if role == "village_president" else place.parent, role))
    assert client.get(reverse("insurer_list", args=[policy.pk])).status_code == 403


def test_another_countys_policy_is_not_found(client, members, chair):
    assert client.get(reverse("insure_all", args=[0])).status_code == 404
