import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from councils.tree import Merge, carry_out
from reports.hazards import STEPS, WorkRefused, mend, report, steps_for, take
from reports.models import Activity, Hazard, HazardStep, HazardTime
from tests.factories import (
    WORKED,
    make_account,
    make_chair,
    make_found,
    make_staff,
    make_township,
    make_village,
    the_county,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def village():
    return make_village()


@pytest.fixture
def president(village):
    return make_account(village)


@pytest.fixture
def chair(village):
    return make_chair(village.parent)


@pytest.fixture
def hazard(village, president):
    return report(make_found(village), president)


def refused(code, deed, *arguments, **named):
    with pytest.raises(WorkRefused) as told:
        deed(*arguments, **named)
    assert told.value.code == code, (told.value.code, str(told.value))


def went(hazard, *deeds):
    """Through several steps, each (deed, user)."""
    for deed, user in deeds:
        hazard = take(hazard, deed, hazard.version, user, text="见现场", handler="水利站")
    return hazard


def test_a_small_one_is_put_right_in_one_act(village, president):
    done = mend(make_found(village), president)
    assert (done.state, done.severity, done.closed_on, done.due) == ("closed", "small", WORKED, None)
    assert [step.deed for step in done.steps.all()] == ["mend"]
    assert done.activity.kind == "hazard_mended"
    assert not Hazard.objects.reported_upward().exists()
    assert steps_for(done, make_staff()) == []


def test_a_big_one_goes_all_the_way(hazard, president, chair):
    other = make_chair(hazard.village.parent)
    closed = went(
        hazard, ("accept", chair), ("dispatch", chair), ("handle", president), ("verify", other), ("close", chair)
    )
    assert (closed.state, closed.handled_by, closed.verified_by) == ("closed", president, other)
    assert closed.closed_on == timezone.localdate()
    told = [(step.number, step.deed, step.state_before, step.state_after, step.by) for step in closed.steps.all()]
    assert told == [
        (1, "report", "", "reported", president), (2, "accept", "reported", "accepted", chair),
        (3, "dispatch", "accepted", "dispatched", chair), (4, "handle", "dispatched", "handled", president),
        (5, "verify", "handled", "verified", other), (6, "close", "verified", "closed", chair),
    ]  # fmt: skip
    assert Activity.objects.filter(kind="hazard_reported").count() == 1


def test_who_handled_it_does_not_verify_it(hazard, chair):
    handled = went(hazard, ("accept", chair), ("dispatch", chair), ("handle", chair))
    assert "verify" not in steps_for(handled, chair)
    refused("same_person", take, handled, "verify", handled.version, chair)
    with pytest.raises(DatabaseError), transaction.atomic():
        Hazard.objects.filter(pk=handled.pk).update(verified_by=chair)
    assert went(handled, ("verify", make_staff())).state == "verified"


def test_a_step_back_says_why_and_forgets_who_handled(hazard, president, chair):
    handled = went(hazard, ("accept", chair), ("dispatch", chair), ("handle", chair))
    refused("text", take, handled, "redo", handled.version, chair, text="  ")
    back = take(handled, "redo", handled.version, chair, text="还有一段没修")
    assert (back.state, back.handled_by, back.handled_on) == ("dispatched", None, None)
    assert back.steps.last().text == "还有一段没修"
    assert went(back, ("handle", president), ("verify", chair)).state == "verified"


def test_each_step_is_for_its_level(hazard, president, chair):
    assert steps_for(hazard, president) == []
    assert set(steps_for(hazard, chair)) == {"accept", "pass_up", "return"}
    assert steps_for(hazard, make_staff(role="auditor")) == []
    refused("not_allowed", take, hazard, "accept", 1, president)
    refused("out_of_scope", take, hazard, "accept", 1, make_chair(make_township()))
    up = took = went(hazard, ("accept", chair), ("pass_up", chair))
    assert (up.desk, up.state, steps_for(up, chair)) == ("county", "reported", [])
    staff = make_staff()
    took = went(took, ("accept", staff), ("dispatch", staff))
    assert steps_for(took, president) == ["handle"]
    assert set(Hazard.objects.on_desk_of(president)) == {took}


def test_given_back_it_waits_for_the_village(hazard, president, chair):
    back = went(hazard, ("return", chair))
    assert steps_for(back, president) == ["again"]
    assert list(Hazard.objects.on_desk_of(president)) == [back]
    assert list(Hazard.objects.on_desk_of(chair)) == []
    assert went(back, ("again", president)).state == "reported"


def test_a_step_of_what_was_seen_before_is_no_step(hazard, chair):
    other = make_chair(hazard.village.parent)
    take(hazard, "accept", 1, chair)
    refused("overtaken", take, hazard, "accept", 1, other)
    refused("not_now", take, hazard, "accept", 2, other)
    assert HazardStep.objects.filter(hazard=hazard).count() == 2


def test_the_time_allowed_is_the_countys_of_that_day(village, president):
    county = the_county()
    assert report(make_found(village), president).due == WORKED + timedelta(days=15)
    HazardTime.objects.create(county=county, severity="general", start=WORKED, days=3)
    HazardTime.objects.create(county=county, severity="general", start=WORKED + timedelta(days=1), days=9)
    found = report(make_found(village), president)
    assert found.due == WORKED + timedelta(days=3)
    assert report(make_found(village, severity="grave"), president).due == WORKED + timedelta(days=2)
    assert found not in Hazard.objects.overdue(found.due)
    assert found in Hazard.objects.overdue(found.due + timedelta(days=1))


def test_what_is_handled_is_not_overdue(hazard, president, chair):
    assert list(Hazard.objects.overdue()) == [hazard]
    went(hazard, ("accept", chair), ("dispatch", chair), ("handle", president))
    assert not Hazard.objects.overdue().exists()


def test_days_go_forward(hazard, president, chair):
    day = WORKED + timedelta(days=2)
    refused("day", take, hazard, "accept", 1, chair, day=WORKED - timedelta(days=1))
    refused("future", take, hazard, "accept", 1, chair, day=timezone.localdate() + timedelta(days=1))
    hazard = take(hazard, "accept", 1, chair, day=WORKED)
    hazard = take(hazard, "dispatch", 2, chair, handler="水利站", day=WORKED)
    hazard = take(hazard, "handle", 3, president, text="修好了", day=day)
    refused("day", take, hazard, "verify", 4, chair, day=WORKED)
    assert take(hazard, "verify", 4, chair, day=day).handled_on == day


def test_it_is_stored_once_and_refused_whole(village, president):
    found = make_found(village, client_key=uuid.uuid4())
    assert report(found, president) == report(found, president)
    refused("small", report, make_found(village, severity="small"), president)
    refused("invalid", report, make_found(village, severity="terrible"), president)
    refused("invalid", report, make_found(village, text=""), president)
    refused("no_member", report, make_found(village, members=[12345]), president)
    refused("out_of_scope", report, make_found(make_village(village.parent)), president)
    assert (Hazard.objects.count(), Activity.objects.count()) == (1, 1)


@pytest.mark.parametrize("sql", ["UPDATE reports_hazardstep SET text = ''", "DELETE FROM reports_hazardstep"])
def test_no_step_is_changed_or_taken_away(hazard, sql):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(sql)


def test_a_merged_village_leaves_its_open_hazards_to_the_other(hazard, village, president):
    other = make_village(village.parent)
    small = mend(make_found(village), president)
    carry_out(Merge(village.code, other.code, timezone.localdate()))
    hazard.refresh_from_db()
    small.refresh_from_db()
    assert (hazard.village, small.village) == (other, village)


def test_each_level_sees_what_lies_below(hazard, president, chair):
    for user in (president, chair, make_staff(), make_staff(role="auditor")):
        assert list(Hazard.objects.visible_to(user)) == [hazard]
        assert HazardStep.objects.visible_to(user).count() == 1
    stranger = make_chair(make_township())
    assert not Hazard.objects.visible_to(stranger).exists()
    assert not HazardStep.objects.visible_to(stranger).exists()


def test_every_step_that_goes_back_says_why():
    assert all(step.says for step in STEPS.values() if step.back)
