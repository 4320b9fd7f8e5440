from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from members.chapters import story
from members.gaps import gaps
from members.models import Attendance, Instructor, TrainingSession
from tests.factories import make_account, make_member, make_staff, make_township, make_village, the_county
from tests.members.ledgers import Case, LedgerPromises, form_of, number_of, village_of

pytestmark = pytest.mark.django_db
HELD = date(2022, 5, 18)


def make_session(topic="调解实务", council=None, **given):
    said = {"day": HELD, "grades": "president,member", "hours": 4, "council": council or the_county()}
    record = TrainingSession(topic=topic, **said | given)
    record.full_clean()
    record.save()
    return record


def the_session(n=0):
    return TrainingSession.objects.filter(topic=f"课程{n}").first() or make_session(f"课程{n}")


def make(member, n=0, **given):
    record = Attendance(member=member, **given if "session" in given else {"session": the_session(n)} | given)
    record.full_clean()
    record.save()
    return record


def row(member, n=0, **given):
    the_session(n)
    said = {"name": member.name, "national_id": number_of(member), "day": "2022-05-18", "topic": f"课程{n}"}
    return said | given


CASE = Case("training", make, row, ("remark", "补课"))


class TestTraining(LedgerPromises):
    case = CASE


@pytest.fixture
def members():
    village = make_village(make_township())
    return [make_member(village, name=name) for name in ("王一", "王二", "王三")]


@pytest.fixture
def chair(client, members):
    account = make_account(village_of(members[0]).parent)
    client.force_login(account)
    return account


def test_a_training_before_she_joined_is_refused_alike_in_form_and_list(client, members, chair):
    early = make_session("早课", day=date(2021, 12, 31))
    ((_at, field, said),) = CASE.refused([row(members[0], topic="早课", day="2021-12-31")], chair)
    assert field == "topic"
    assert "2022-01-01" in said
    typed = {"member": members[0].pk, "session": early.pk}
    assert set(form_of(client, CASE.page("add"), typed)) == {"session"}
    typed["session"] = make_session("当天", day=date(2022, 1, 1)).pk
    assert form_of(client, CASE.page("add"), typed) == {}


def test_what_is_not_held_yet_is_attended_by_nobody(client, members, chair):
    day = timezone.localdate() + timedelta(days=1)
    session = make_session("明天", day=day)
    assert [each[1] for each in CASE.refused([row(members[0], topic="明天", day=str(day))], chair)] == ["topic"]
    typed = {"member": members[0].pk, "session": session.pk}
    assert set(form_of(client, CASE.page("add"), typed)) == {"session"}


def test_nobody_attends_one_session_twice(client, members, chair):
    kept = make(members[0])
    typed = {"member": members[0].pk, "session": kept.session_id}
    assert set(form_of(client, CASE.page("add"), typed)) == {"session"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(member=members[0], village=village_of(members[0]), session=kept.session)
    assert [each[0] for each in CASE.refused([row(members[1]), row(members[1])], chair)] == [1]


@pytest.mark.parametrize("given", [{"topic": "没有的课"}, {"day": "2022-05-19"}, {"host": "别处"}])
def test_a_session_that_nobody_held_is_refused(members, chair, given):
    assert [each[1] for each in CASE.refused([row(members[0], **given)], chair)] == ["topic"]


def test_two_councils_with_one_topic_are_told_apart(members, chair):
    village = village_of(members[0])
    said = row(members[0])
    own = make_session("课程0", village.parent)
    ((_at, field, told),) = CASE.refused([said], chair)
    assert field == "topic"
    assert village.parent.name in told
    CASE.imported([said | {"host": village.parent.name}], chair)
    CASE.imported([row(members[1], host_code=the_county().code)], chair)
    assert {each.session.council for each in Attendance.objects.all()} == {own.council, the_county()}


def test_a_neighbours_session_is_unknown(client, members, chair):
    other = make_session("邻课", make_township(name="邻镇"))
    page = reverse("admin:members_trainingsession_changelist")
    assert "邻课" not in client.get(page).text
    assert client.get(reverse("tick_attendance", args=[other.pk])).status_code == 404
    assert [each[1] for each in CASE.refused([row(members[0], topic="邻课")], chair)] == ["topic"]


def session_form(council, **given):
    said = {"topic": "政策宣讲", "day": "2022-06-01", "grades": ["director", "member"], "roles": ["publicist"]}
    return said | {"hours": "3", "place": "镇政府", "council": council.pk} | given


def test_a_chair_holds_sessions_of_her_own_and_only_reads_the_countys(client, members, chair):
    township, page = village_of(members[0]).parent, reverse("admin:members_trainingsession_add")
    assert form_of(client, page, session_form(township)) == {}
    session = TrainingSession.objects.get()
    assert (session.grades, session.roles) == ("director,member", "publicist")
    assert set(form_of(client, page, session_form(township))) == {"__all__"}
    assert set(form_of(client, page, session_form(the_county()))) == {"council"}
    assert set(form_of(client, page, session_form(township, topic="别的", grades=[]))) == {"grades"}
    assert set(form_of(client, page, session_form(township, topic="别的", hours="0"))) == {"hours"}
    above = make_session()
    change = reverse("admin:members_trainingsession_change", args=[above.pk])
    assert client.get(change).status_code == 200
    assert client.post(change, session_form(township)).status_code == 403


def test_a_session_does_not_move_before_who_attended_joined(client, members, chair):
    township = village_of(members[0]).parent
    session = make_session("本镇课", township)
    make(members[0], session=session)
    page = reverse("admin:members_trainingsession_change", args=[session.pk])
    assert set(form_of(client, page, session_form(township, day="2021-12-31"))) == {"day"}
    assert form_of(client, page, session_form(township, day="2022-01-01")) == {}


def test_the_pool_of_teachers_is_the_countys(client, members):
    county = the_county()
    client.force_login(make_staff())
    page = reverse("admin:members_instructor_add")
    said = {"name": "王一", "kind": "member", "council": county.pk, "in_use": "on"}
    assert set(form_of(client, page, said)) == {"member"}
    assert form_of(client, page, said | {"member": members[0].pk}) == {}
    assert set(form_of(client, page, said | {"member": members[0].pk})) >= {"member"}
    lawyer = said | {"kind": "lawyer", "name": "宋律师"}
    assert set(form_of(client, page, lawyer | {"member": members[1].pk})) == {"member"}
    assert form_of(client, page, lawyer) == {}
    with pytest.raises(IntegrityError), transaction.atomic():
        Instructor.objects.create(name="无", kind="member", council=county)
    client.force_login(make_account(village_of(members[0]).parent))
    assert client.get(page).status_code == 403
    assert "宋律师" in client.get(reverse("admin:members_instructor_changelist")).text


def test_who_was_never_trained_is_a_gap_with_the_form_that_mends_it(client, members, chair):
    make(members[0])
    (found,) = [each for each in gaps(chair) if each.title == _("Members who were never trained")]
    assert found.number == 2
    assert f"{CASE.page('add')}?member={members[1].pk}" in client.get(reverse("gaps")).text


def test_her_story_tells_of_it_to_who_may_see(members, chair):
    make(members[0])
    assert [entry.day for entry in story(members[0], chair) if entry.icon == "training"] == [HELD]
    assert story(members[0], make_account(make_township())) == []
