from datetime import date

import pytest

from councils import intake
from councils.intake import Verdict
from cunsao import workbook
from members.models import Attendance, Instructor, TrainingSession
from tests.factories import make_account, make_chair, make_member, make_staff, make_township, make_village
from tests.members.imports.test_training import make_session
from tests.members.ledgers import Case, asked, number_of, verdicts

pytestmark = pytest.mark.django_db


def teacher(n=0, **given):
    return {"name": f"方文{'甲乙丙'[n]}", "kind": "律师", "employer": "法律援助中心", "subjects": "婚姻家庭"} | given


def session(n=0, **given):
    said = {
        "day": f"2022-05-{10 + n}",
        "topic": f"调解实务{n}",
        "grades": "会长、理事",
        "roles": "调解员",
        "hours": "4",
    }
    return said | given


TEACHERS = Case("teachers", None, teacher, ("subjects", "民法典"))
SESSIONS = Case("sessions", None, session, ("place", "县委党校"))


@pytest.fixture
def village():
    return make_village(make_township())


@pytest.fixture
def staff(village):
    return make_staff(village.parent.parent)


@pytest.fixture
def chair(village):
    return make_chair(village.parent)


@pytest.mark.parametrize("unmasked", [True, False])
def test_the_pool_of_teachers_comes_in_leaves_and_comes_in_again_with_no_change(village, staff, unmasked):
    member = make_member(village, name="陈秀芳")
    rows = [teacher(), teacher(1), {"name": "陈秀芳", "kind": "优秀村嫂", "national_id": number_of(member)}]
    assert TEACHERS.imported(rows, staff).created == 3
    assert Instructor.objects.get(member=member).council == village.parent.parent
    content = TEACHERS.exported(staff, unmasked)
    seen = intake.review("teachers", workbook.open(content, "list.xlsx"), staff)
    assert verdicts(seen) == [Verdict.SAME] * 3
    assert not seen.errors + seen.warnings
    changed = TEACHERS.imported([teacher(subjects="民法典", in_use="否"), teacher(1)], staff)
    assert (changed.updated, changed.unchanged) == (1, 1)
    assert Instructor.objects.filter(in_use=False).count() == 1
    assert intake.undo(changed, staff) == []
    assert not Instructor.objects.filter(in_use=False).exists()


def test_an_outstanding_member_is_linked_to_her_record_and_is_in_the_pool_once(village, staff):
    member = make_member(village, name="陈秀芳")
    unknown = {"name": "无此人", "kind": "优秀村嫂"}
    assert [each[1] for each in TEACHERS.refused([unknown], staff)] == ["name"]
    row = {"name": "陈秀芳", "kind": "优秀村嫂", "national_id": number_of(member)}
    TEACHERS.imported([row], staff)
    assert [each[1] for each in TEACHERS.refused([row | {"employer": "妇联"}], staff)] == ["name"]


def test_sessions_come_in_leave_and_come_in_again_with_no_change(village, staff):
    TEACHERS.imported([teacher()], staff)
    rows = [session(0, teacher="方文甲"), session(1, township=village.parent.name, grades="全体村嫂")]
    assert SESSIONS.imported(rows, staff).created == 2
    first, second = TrainingSession.objects.order_by("day")
    assert (first.council, second.council) == (village.parent.parent, village.parent)
    assert (first.grades, second.grades) == ("president,director", "president,director,backbone,member")
    assert first.instructor.name == "方文甲"
    seen = intake.review("sessions", workbook.open(SESSIONS.exported(staff), "list.xlsx"), staff)
    assert verdicts(seen) == [Verdict.SAME] * 2
    assert not seen.errors + seen.warnings
    changed = SESSIONS.imported([session(0, place="县委党校")], staff)
    assert changed.updated == 1
    assert intake.undo(changed, staff) == []
    assert set(TrainingSession.objects.values_list("place", flat=True)) == {""}


def test_a_chair_is_told_of_the_countys_session_and_changes_none(village, chair, staff):
    SESSIONS.imported([session()], staff)
    content = SESSIONS.exported(chair)
    seen = intake.review("sessions", workbook.open(content, "list.xlsx"), chair)
    assert (verdicts(seen), seen.errors) == ([Verdict.SAME], [])
    number = f"KC{TrainingSession.objects.get().pk:06}"
    ((_at, field, _said),) = SESSIONS.refused([session(0, number=number, hours="8")], chair)
    assert field == "topic"
    assert SESSIONS.imported([session(0)], chair).created == 1  # of the same day and topic, in her own township
    assert set(TrainingSession.objects.values_list("council", flat=True)) == {
        village.parent.pk, village.parent.parent.pk,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "field"),
    [({"hours": "0"}, "hours"), ({"hours": "100"}, "hours"), ({"grades": "校长"}, "grades"), ({"grades": ""}, "grades"),
     ({"roles": "厨师"}, "roles"), ({"teacher": "无此人"}, "teacher"), ({"day": "2022-02-30"}, "day"),
     ({"township": "无此镇"}, "township")],
)  # fmt: skip
def test_bad_input_is_refused_at_its_column(staff, given, field):
    assert field in [each[1] for each in SESSIONS.refused([session(0, **given)], staff)]


def test_a_session_does_not_move_before_who_attended_it_joined(village, staff):
    kept = make_session("调解实务0", day=date(2022, 5, 10))
    Attendance.objects.create(member=make_member(village), village=village, session=kept)
    row = session(0, day="2021-05-10", number=f"KC{kept.pk:06}")
    ((_at, field, said),) = SESSIONS.refused([row], staff)
    assert (field, "2022-01-01" in said) == ("day", True)


def test_teachers_of_one_name_are_told_apart_by_their_unit(staff):
    TEACHERS.imported([teacher(), teacher(employer="县委党校", kind="党校教师")], staff)
    assert [each[1] for each in SESSIONS.refused([session(0, teacher="方文甲")], staff)] == ["teacher"]
    SESSIONS.imported([session(0, teacher="方文甲", teacher_unit="县委党校")], staff)
    assert TrainingSession.objects.get().instructor.employer == "县委党校"


def test_a_list_of_three_asks_no_more_than_a_list_of_one(village, staff):
    for case, make in ((TEACHERS, teacher), (SESSIONS, session)):
        rows = [make(n) for n in range(3)]
        case.reviewed(rows, staff)
        new = [len(asked(case.reviewed, some, staff)) for some in (rows[:1], rows)]
        case.imported(rows, staff)
        column, said = case.change
        changed = [each | {column: said} for each in rows]
        kept = [len(asked(case.reviewed, some, staff)) for some in (changed[:1], changed)]
        assert (new[0], kept[0]) == (new[1], kept[1])


def test_a_stranger_learns_nothing_of_a_townships_sessions(village, chair):
    SESSIONS.imported([session()], chair)
    stranger = make_account(make_village(make_township()).parent)
    number = f"KC{TrainingSession.objects.get().pk:06}"
    told = [SESSIONS.refused([session(0, number=each)], stranger) for each in (number, "KC999999")]
    assert told[0] == told[1] != []
