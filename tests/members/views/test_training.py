from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from councils.models import Action, Change
from members import training
from members.models import Attendance
from tests.factories import make_account, make_member, make_staff, make_township, make_village
from tests.members.imports.test_training import make, make_session
from tests.members.ledgers import asked, village_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def members():
    village = make_village(make_township())
    positions = ["president", "vice_president", "director", "backbone", "member", "member"]
    return [
        make_member(village, name=f"王{at}", position=each) for at, each in zip("一二三四五六", positions, strict=True)
    ]


@pytest.fixture
def chair(client, members):
    account = make_account(village_of(members[0]).parent)
    client.force_login(account)
    return account


def told(year, reader):
    return {each.grade: (each.members, each.trained, each.rate, each.hours) for each in training.by_grade(year, reader)}


def test_each_grade_is_counted_once_a_person_and_in_its_year(members, chair):
    one, two = make_session("甲"), make_session("乙", hours=2)
    before = make_session("丙", day=date(2023, 3, 1))
    make(members[0], session=one), make(members[0], session=two), make(members[4], session=one)
    make(members[3], session=before)
    assert told(2022, chair) == {
        "president": (2, 1, 50, 6), "director": (1, 0, 0, 0), "backbone": (1, 0, 0, 0), "member": (2, 1, 50, 4),
    }  # fmt: skip
    assert told(2023, chair)["backbone"] == (1, 1, 100, 4)
    assert told(2021, chair)["member"] == (0, 0, 0, 0)  # nobody had joined
    assert told(2022, make_account(make_township()))["president"] == (0, 0, 0, 0)


@time_machine.travel("2023-09-05")
def test_one_leafs_back_to_the_year_of_the_first_session(client, chair):
    assert client.get(reverse("training")).context["earlier"] is None
    make_session("甲", day=date(2022, 3, 1))
    assert client.get(reverse("training")).context["earlier"] == 2022
    assert client.get(reverse("training"), {"year": "2022"}).context["earlier"] is None


def test_the_page_tells_the_year_and_leads_to_the_boxes(client, members, chair):
    session = make_session(grades="president")
    make(members[0], session=session)
    page = client.get(reverse("training"), {"year": "2022"})
    assert (page.context["members"], page.context["trained"], page.context["never"]) == (6, 1, 5)
    assert reverse("tick_attendance", args=[session.pk]) in page.text
    for wrong in ("0", "9999", "x", "²"):
        assert client.get(reverse("training"), {"year": wrong}).context["year"] == timezone.localdate().year


def test_members_of_the_grades_are_ticked(client, members, chair):
    session = make_session(grades="president,director")
    page = reverse("tick_attendance", args=[session.pk])
    shown = client.get(page).context["shown"]
    assert [(each, here) for each, here in shown] == [(each, False) for each in sorted(
        members[:3], key=lambda member: member.syllables)]  # fmt: skip
    keys = [each.pk for each, _here in shown]
    said = {"shown": keys, "member": [members[0].pk, members[1].pk, members[4].pk]}  # the last is of another grade
    for _twice in range(2):
        assert client.post(page, said).status_code == 302
        assert set(Attendance.objects.values_list("member", flat=True)) == {members[0].pk, members[1].pk}
    client.post(page, said | {"member": [members[1].pk]})
    assert list(Attendance.objects.values_list("member", flat=True)) == [members[1].pk]
    entries = Change.objects.filter(record="members.attendance").order_by("pk")
    assert [each.action for each in entries] == [Action.CREATED, Action.CREATED, Action.DELETED]
    assert {each.council for each in entries} == {village_of(members[0])}


def test_nobody_elsewhere_is_ticked_or_taken_away(client, members, chair):
    session = make_session()
    stranger, other = (make_member(make_village(make_township())) for _two in range(2))
    make(stranger, session=session)
    page = reverse("tick_attendance", args=[session.pk])
    assert stranger not in [each for each, _here in client.get(page).context["shown"]]
    client.post(page, {"shown": [stranger.pk, other.pk, "x"], "member": [other.pk]})
    assert list(Attendance.objects.values_list("member", flat=True)) == [stranger.pk]


def test_who_joined_later_is_not_offered(client, members, chair):
    late = make_member(village_of(members[0]), joined_on=date(2022, 5, 19))
    shown = [each for each, _here in client.get(reverse("tick_attendance", args=[make_session().pk])).context["shown"]]
    assert shown
    assert late not in shown


def test_before_it_was_held_nothing_is_ticked(client, members, chair):
    session = make_session(day=timezone.localdate() + timedelta(days=2))
    page = reverse("tick_attendance", args=[session.pk])
    assert not client.get(page).context["may_tick"]
    client.post(page, {"shown": [members[0].pk], "member": [members[0].pk]})
    assert not Attendance.objects.exists()


@pytest.mark.parametrize("role", ["county_finance", "auditor"])
def test_who_only_looks_ticks_nobody(client, members, role):
    session = make_session()
    client.force_login(make_staff(role=role))
    page = reverse("tick_attendance", args=[session.pk])
    assert client.get(reverse("training")).status_code == client.get(page).status_code == 200
    assert client.post(page, {"shown": [members[0].pk], "member": [members[0].pk]}).status_code == 403


def test_the_county_looks_township_by_township(client, members):
    make_village(make_township())
    client.force_login(make_staff())
    page = reverse("tick_attendance", args=[make_session().pk])
    assert client.get(page).context["shown"] == []
    place = village_of(members[0]).parent
    assert len(client.get(page, {"place": place.code}).context["shown"]) == 4
    assert client.get(page, {"place": "x"}).context["shown"] == []


def test_one_or_three_ask_as_much(client):
    village = make_village(make_township())
    session = make_session()
    client.force_login(make_account(village.parent))
    pages = [reverse("training") + "?year=2022", reverse("tick_attendance", args=[session.pk])]
    pages.append(reverse("admin:members_trainingsession_changelist"))
    counts = []
    for at in range(3):
        make(make_member(village), session=session)
        make_session(f"另{at}")
        counts.append([len(asked(client.get, page)) for page in pages])
    assert counts[1] == counts[2]
