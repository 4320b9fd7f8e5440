from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from councils.models import Change
from members import payroll
from members.joining import leave, rejoin
from members.models import MonthlyRoster, RosterEntry
from members.transferring import transfer
from tests.factories import (
    MONTH,
    make_approved,
    make_chair,
    make_county,
    make_member,
    make_month,
    make_rate,
    make_scheme,
    make_staff,
    make_submitted,
    make_township,
    make_village,
    the_rate,
    villages_of,
)

pytestmark = pytest.mark.django_db
AUGUST = date(2022, 8, 1)


def names(roster):
    return sorted(entry.member.name for entry in roster.entries.select_related("member"))


def test_a_month_holds_everybody_whose_membership_ran_in_it():
    village = make_village()
    make_member(village, name="全月")
    leave(make_member(village, name="月中离"), date(2022, 7, 15), "resigned", None)
    make_member(village, name="月中来", joined_on=date(2022, 7, 20))
    leave(make_member(village, name="月前离"), date(2022, 6, 30), "resigned", None)
    make_member(village, name="下月来", joined_on=AUGUST)
    assert names(make_month(village.parent)) == sorted(["全月", "月中离", "月中来"])


def test_the_county_pays_its_rate_to_each():
    make_rate(amount=Decimal("200"))
    roster = make_month(members=2)
    assert [entry.county_amount for entry in roster.entries.all()] == [Decimal("200.00")] * 2


def test_the_rate_of_the_month_counts():
    make_county()
    make_rate(amount=Decimal("150"))
    make_rate(start=AUGUST, amount=Decimal("200"))
    township = make_month(members=1).township
    august = payroll.open_month(township, AUGUST, None)
    assert MonthlyRoster.objects.get(month=MONTH).entries.get().county_amount == 150
    assert august.entries.get().county_amount == 200


@pytest.mark.parametrize(("by_days", "amount"), [(False, "200.00"), (True, "77.42")])
def test_a_part_of_a_month_is_paid_whole_or_by_its_days(by_days, amount):
    village = make_village()
    make_rate(by_days=by_days)
    make_member(village, joined_on=date(2022, 7, 20))
    entry = make_month(village.parent).entries.get()
    assert (entry.days, entry.county_amount) == (12, Decimal(amount))


def test_without_a_rate_no_month_opens():
    with pytest.raises(payroll.StepRefused) as refusal:
        payroll.open_month(make_township(villages=1), MONTH, None)
    assert refusal.value.code == "no_rate"


def test_a_transfer_is_paid_once_where_she_was_last():
    first, second = make_township(villages=1), make_township(villages=1)
    make_rate(by_days=True)
    member = make_member(villages_of(first)[0])
    transfer(member, villages_of(second)[0], date(2022, 7, 11), None)
    for township in (first, second):
        make_month(township)
    entry = RosterEntry.objects.get(month=MONTH)
    assert (entry.roster.township, entry.days, entry.county_amount) == (second, 31, Decimal("200.00"))


def test_who_moved_after_the_month_was_opened_goes_over_to_the_other_township():
    first, second = make_township(villages=1), make_township(villages=1)
    member = make_member(villages_of(first)[0])
    make_month(first)
    transfer(member, villages_of(second)[0], date(2022, 7, 11), None)
    assert RosterEntry.objects.get().roster.township == first
    make_month(second)
    assert RosterEntry.objects.get().roster.township == second


def test_who_was_handed_in_elsewhere_is_not_entered_again():
    first, second = make_township(villages=1), make_township(villages=1)
    member = make_member(villages_of(first)[0])
    make_submitted(first, members=0)
    transfer(member, villages_of(second)[0], date(2022, 7, 11), None)
    make_month(second)
    assert RosterEntry.objects.get().roster.township == first


def test_opened_again_it_takes_in_who_came_and_keeps_what_was_typed():
    roster = make_month(members=1)
    entry = roster.entries.get()
    payroll.enter(entry, "performance_amount", "80", 0, make_chair(roster.township))
    make_member(villages_of(roster.township)[0], name="新来")
    again = payroll.open_month(roster.township, MONTH, None)
    assert again.pk == roster.pk
    assert {each.member.name: each.performance_amount for each in again.entries.all()} == {"王小梅": 80, "新来": 0}


def test_opened_twice_nothing_changes():
    roster = make_month(members=2)
    before, told = list(roster.entries.order_by("pk").values()), Change.objects.count()
    payroll.open_month(roster.township, MONTH, None)
    assert list(roster.entries.order_by("pk").values()) == before
    assert Change.objects.count() == told


def test_a_month_that_was_handed_in_is_left_as_it_is():
    roster = make_submitted(members=1)
    make_member(villages_of(roster.township)[0])
    assert payroll.open_month(roster.township, MONTH, None).entries.count() == 1


def test_a_note_of_leaving_takes_her_out_of_the_open_month():
    village = make_village()
    member = make_member(village)
    roster = make_month(village.parent)
    leave(member, date(2022, 6, 15), "resigned", None)
    assert not roster.entries.exists()
    assert Change.objects.filter(record="members.rosterentry", action="deleted").count() == 1


def test_performance_begins_with_last_months_and_else_with_the_schemes():
    village = make_village()
    make_scheme(village.parent)
    make_member(village, name="旧")
    roster = make_month(village.parent)
    payroll.enter(roster.entries.get(), "performance_amount", "120", 0, make_chair(village.parent))
    make_member(village, name="新", joined_on=AUGUST)
    august = payroll.open_month(village.parent, AUGUST, None)
    assert {each.member.name: each.performance_amount for each in august.entries.all()} == {"旧": 120, "新": 50}


def test_who_comes_back_is_paid_for_the_days_of_both_times():
    village = make_village()
    make_rate(by_days=True)
    member = make_member(village)
    leave(member, date(2022, 7, 5), "resigned", None)
    rejoin(member, village, date(2022, 7, 27), None)
    assert make_month(village.parent).entries.get().days == 10


def test_a_month_that_has_not_begun_is_not_opened():
    the_rate()
    with pytest.raises(payroll.StepRefused) as refusal:
        payroll.open_month(make_township(villages=1), date(2100, 1, 1), None)
    assert refusal.value.code == "future"


@pytest.mark.parametrize("role", ["county_finance", "auditor", "system_administrator"])
def test_only_chairs_and_county_staff_open_a_month(role):
    township = make_township(villages=1)
    the_rate()
    with pytest.raises(payroll.StepRefused) as refusal:
        payroll.open_month(township, MONTH, make_staff(role=role))
    assert refusal.value.code == "forbidden"


def test_a_chair_opens_no_month_of_a_neighbour():
    township, neighbour = make_township(villages=1), make_township(villages=1)
    the_rate()
    with pytest.raises(payroll.StepRefused) as refusal:
        payroll.open_month(neighbour, MONTH, make_chair(township))
    assert refusal.value.code == "out_of_scope"


QUERIES = {"sqlite": 21, "postgresql": 20}


@pytest.mark.parametrize("size", [1, 3])
def test_a_larger_county_costs_no_more_queries(size):
    townships = [make_township(villages=1) for _township in range(size)]
    for township in townships:
        for _member in range(size):
            make_member(villages_of(township)[0])
    the_rate()
    with CaptureQueriesContext(connection) as asked:
        payroll.open_months(townships, MONTH, None)
    assert len(asked) == QUERIES[connection.vendor], "\n".join(each["sql"][:150] for each in asked)
    assert RosterEntry.objects.count() == size**2


def test_what_changed_since_last_month_is_told():
    village, other = make_village(), None
    other = make_village(village.parent)
    stays, goes, moves = (make_member(village, name=name) for name in ("留", "走", "移"))
    make_approved(village.parent, members=0)
    leave(goes, date(2022, 7, 31), "died", None)
    transfer(moves, other, AUGUST, None)
    comes = make_member(village, name="来", joined_on=AUGUST)
    roster = payroll.open_month(village.parent, AUGUST, None)
    since = payroll.since_last(roster)
    assert since.joined == {comes.pk}
    assert since.moved == {moves.pk: village.name}
    assert [(each.name, each.day) for each in since.left] == [("走", date(2022, 7, 31))]
    assert since.anything
    assert since.last[stays.pk] == 200


def test_an_unopened_township_is_named():
    opened = make_month(members=1).township
    waiting = make_township(villages=1)
    assert payroll.unopened(opened.parent, MONTH) == [waiting]


def test_nobody_is_in_the_trail_as_changed_by_a_freeze():
    before = Change.objects.count()
    roster = make_approved(members=1)
    changes = Change.objects.filter(pk__gt=0, record="members.rosterentry")
    assert [each.action for each in changes] == ["created"]
    assert Change.objects.count() > before
    assert roster.entries.get().name == "王小梅"
    assert roster.opened_at <= roster.approved_at + timedelta(seconds=1)
