"""Totals are what their records come to, whatever is done; past months stay when the tree changes."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from councils.tree import Merge, Move, carry_out
from reports import activities, hazards, kinds, totals
from reports.models import Activity, MonthlyTotal, State
from tests.factories import (
    make_activity,
    make_entry,
    make_found,
    make_member,
    make_township,
    make_village,
    villages_of,
)

pytestmark = pytest.mark.django_db
AUGUST = date(2022, 8, 1)


def stands(council, kind="inspection", month=AUGUST):
    """(sum, records) of a council's rows."""
    rows = MonthlyTotal.objects.of(council).filter(key=kind, month=month)
    return sum(each.value for each in rows), sum(each.records for each in rows)


def test_a_record_counts_in_its_village_township_and_county_at_once():
    village = make_village()
    make_activity(village, quantity=3)
    make_activity(village, quantity=4)
    assert stands(village) == stands(village.parent) == stands(village.parent.parent) == (7, 2)
    assert MonthlyTotal.objects.count() == 2  # the village's row and the township's, no county's
    assert totals.recount() == []


def test_a_verified_record_moves_nothing_and_one_given_back_counts_nowhere_until_it_is_mended():
    village = make_village()
    made = make_activity(village, quantity=3)
    activities.reject({made.pk: 1}, None, "请写明地点")
    assert stands(village) == stands(village.parent) == (0, 0)
    made = activities.change(made, None, 2, quantity=5)
    assert stands(village) == (5, 1)
    with CaptureQueriesContext(connection) as asked:
        activities.verify({made.pk: 3}, None)
    assert not any(totals.TABLE in each["sql"] for each in asked)
    assert stands(village.parent) == (5, 1)
    assert totals.recount() == []


def test_a_change_of_day_and_kind_moves_from_one_month_to_the_other():
    village = make_village()
    made = make_activity(village, quantity=3)
    activities.change(made, None, 1, day=date(2022, 7, 5), kind="wedding", quantity=2)
    assert (stands(village), stands(village, "wedding", date(2022, 7, 1))) == ((0, 0), (2, 1))
    assert totals.recount() == []


def test_a_refused_change_leaves_the_totals():
    village = make_village()
    made = make_activity(village, quantity=3)
    with pytest.raises(activities.WorkRefused):
        activities.change(made, None, 7, quantity=9)
    assert stands(village) == (3, 1)


def test_hazards_and_disputes_count_through_their_activity():
    village = make_village()
    hazards.report(make_found(village), None)
    hazards.mend(make_found(village, severity="small"), None)
    assert (stands(village, "hazard_reported"), stands(village, "hazard_mended")) == ((1, 1), (1, 1))


def test_many_at_once_cost_as_many_questions_as_one():
    villages = villages_of(make_township(villages=3))
    counts = []
    for some in (villages[:1], villages):
        entries = [make_entry(each, quantity=2) for each in some]
        with CaptureQueriesContext(connection) as asked:
            activities.record_many(entries, None)
        counts.append(len([each for each in asked if totals.TABLE in each["sql"]]))
    assert counts == [2, 2]
    assert totals.recount() == []


def test_what_was_done_before_a_move_stays_with_the_township_it_was_done_in():
    village, target = make_village(), make_township()
    before = village.parent
    make_activity(village, quantity=3)
    moved = carry_out(Move(village.code, target.code, f"{target.code}299", date(2022, 9, 1)))
    make_activity(moved, make_member(moved), quantity=4, day=date(2022, 9, 5))
    assert (stands(before), stands(target)) == ((3, 1), (0, 0))
    assert (stands(before, month=date(2022, 9, 1)), stands(target, month=date(2022, 9, 1))) == ((0, 0), (4, 1))
    assert stands(moved) == (3, 1)
    assert totals.recount() == []


def test_a_merger_leaves_past_months_as_they_were():
    one, other = villages_of(make_township(villages=2))
    make_activity(one, quantity=3)
    make_activity(other, quantity=4)
    carry_out(Merge(one.code, other.code, date(2022, 9, 1)))
    assert (stands(one), stands(other), stands(one.parent)) == ((3, 1), (4, 1), (7, 2))
    assert totals.recount() == []


def test_a_recount_tells_what_differs_and_mends_it():
    one, other = villages_of(make_township(villages=2))
    make_activity(one, quantity=3)
    make_activity(other, quantity=4)
    MonthlyTotal.objects.filter(village=one).update(value=9)
    MonthlyTotal.objects.filter(village=other).delete()
    found = totals.recount()
    assert [(each.council, each.stands, each.comes_to) for each in found] == [
        (one.pk, (9, 1), (3, 1)), (other.pk, (0, 0), (4, 1)),
    ]  # fmt: skip
    assert totals.recount(month=date(2022, 7, 1)) == []
    assert len(totals.recount(other, mend=True)) == 2
    assert totals.recount() == []
    assert (stands(one), stands(one.parent)) == ((3, 1), (7, 2))


def _indexes():
    """What the database knows of the table's indexes, by name."""
    with connection.cursor() as cursor:
        known = connection.introspection.get_constraints(cursor, totals.TABLE)
    return {name: (each["columns"], each["unique"]) for name, each in known.items() if each["index"] or each["unique"]}


def test_a_rebuild_leaves_the_indexes_as_they_were_and_so_does_one_that_fails(monkeypatch):
    make_activity(make_village())
    before, rows = _indexes(), list(MonthlyTotal.objects.order_by("pk").values_list("key", "value", "records"))
    assert {"one_total_of_a_village", "one_total_of_a_township", "total_of_county"} <= before.keys()
    totals.rebuild()
    assert _indexes() == before
    assert totals.recount() == []
    monkeypatch.setattr(totals, "_summed", lambda where, village: "SELECT nothing")
    with pytest.raises(DatabaseError):
        totals.rebuild()
    assert _indexes() == before
    assert sorted(MonthlyTotal.objects.values_list("key", "value", "records")) == sorted(rows)


def test_the_command_tells_and_mends():
    village = make_village()
    make_activity(village, quantity=3)
    said = StringIO()
    call_command("recount", stdout=said)
    assert len(said.getvalue().splitlines()) == 1
    MonthlyTotal.objects.filter(village=None).update(value=1)
    with pytest.raises(CommandError):
        call_command("recount", stdout=said)
    call_command("recount", mend=True, council=village.code, month="2022-08", stdout=said)
    assert totals.recount() == []
    with pytest.raises(CommandError):
        call_command("recount", council="000000", stdout=said)


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["record", "change", "verify", "reject"]), st.integers(0, 30), st.integers(1, 9),
        st.sampled_from(["inspection", "elderly", "wedding"]), st.dates(date(2022, 6, 1), date(2022, 8, 31)),
    ),
    min_size=1, max_size=15,
)  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(deeds=DEEDS)
def test_any_row_of_deeds_leaves_the_totals_what_a_recount_says(deeds):
    Activity.objects.all().delete()
    MonthlyTotal.objects.all().delete()
    villages = villages_of(make_township(villages=2))
    women = [make_member(each) for each in villages]
    for deed, which, quantity, kind, day in deeds:
        done = list(Activity.objects.order_by("pk"))
        if deed == "record" or not done:
            place = which % 2
            make_activity(villages[place], women[place], quantity=quantity, kind=kind, day=day)
            continue
        one = done[which % len(done)]
        if deed == "change" and one.state != State.VERIFIED:
            activities.change(one, None, one.version, quantity=quantity, kind=kind, day=day)
        elif deed == "verify":
            activities.verify({one.pk: one.version}, None)
        elif deed == "reject":
            activities.reject({one.pk: one.version}, None, "不实")
    assert totals.recount() == []
    counted = Activity.objects.exclude(state=State.REJECTED)
    of_townships = MonthlyTotal.objects.filter(village=None)
    assert sum(each.records for each in of_townships) == counted.count()
    assert {each.key for each in of_townships} <= set(kinds.KINDS)
