from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members import payroll
from members.joining import leave
from members.models import Member, PerformanceScheme
from members.payroll import checking
from members.transferring import transfer
from tests.factories import (
    make_approved,
    make_chair,
    make_member,
    make_month,
    make_scheme,
    make_submitted,
    make_township,
    make_village,
    villages_of,
)

pytestmark = pytest.mark.django_db
AUGUST = date(2022, 8, 1)


def codes(roster):
    return [(each.code, each.blocks) for each in payroll.checks(roster)]


def test_a_month_without_fault_has_no_finding():
    assert codes(make_month(members=2)) == []


def test_an_approved_month_is_past_checking():
    assert codes(make_approved(members=1)) == []


def test_who_is_no_member_in_it_stops_the_month():
    roster = make_submitted(members=2)
    leave(Member.objects.first(), date(2022, 6, 30), "moved", None)
    assert codes(roster) == [("ended", True)]


def test_who_was_transferred_to_another_township_stops_the_month():
    roster = make_submitted(members=1)
    transfer(Member.objects.get(), villages_of(make_township(villages=1))[0], date(2022, 7, 20), None)
    assert codes(roster) == [("ended", True)]


def test_who_moved_within_the_township_is_told_to_be_taken_in():
    roster = make_month(members=1)
    transfer(Member.objects.get(), make_village(roster.township), date(2022, 7, 20), None)
    assert codes(roster) == [("stale", True)]
    payroll.refresh(roster, None)
    assert codes(roster) == []


def test_nobody_is_forgotten():
    roster = make_month(members=1)
    make_member(villages_of(roster.township)[0], name="漏报")
    assert codes(roster) == [("missing", True)]
    assert "漏报" in payroll.checks(roster)[0].message


def test_who_is_paid_in_the_other_township_is_not_missing():
    first, second = make_township(villages=1), make_township(villages=1)
    member = make_member(villages_of(first)[0])
    make_approved(first, members=0)
    transfer(member, villages_of(second)[0], date(2022, 7, 20), None)
    assert codes(make_month(second)) == []


def test_no_account_stops_the_month():
    village = make_village()
    make_member(village, bank_account=None)
    assert codes(make_month(village.parent)) == [("no_account", True)]


@pytest.mark.parametrize(
    ("names", "found"),
    [(("甲", "乙"), [("shared_account", False)] * 2), (("甲", "甲"), [("second", True)] * 2)],
)
def test_one_account_for_two_is_told(names, found):
    village = make_village()
    for name in names:
        make_member(village, name=name, bank_account="6217780000012345678")
    assert codes(make_month(village.parent)) == found


def test_an_account_shared_with_another_township_is_told_without_a_name():
    village, other = make_village(), make_village()
    make_member(village, name="甲", bank_account="6217780000012345678")
    make_member(other, name="邻镇人", bank_account="6217780000012345678")
    found = payroll.checks(make_month(village.parent))
    assert [each.code for each in found] == ["shared_account"]
    assert "邻镇人" not in found[0].message


def test_an_amount_far_from_last_months_is_told():
    roster = make_approved(members=1)
    august = payroll.open_month(roster.township, AUGUST, None)
    payroll.enter(august.entries.get(), "performance_amount", "101", 0, make_chair(roster.township))
    assert codes(august) == [("far", False)]


def test_more_than_the_scheme_gives_stops_the_month():
    village = make_village()
    make_scheme(village.parent, default_amount=Decimal(300))
    make_member(village)
    roster = make_month(village.parent)
    PerformanceScheme.objects.update(default_amount=Decimal(0), cap=Decimal(100))
    roster.refresh_from_db()
    assert codes(roster) == [("above_cap", True)]


def test_who_owes_is_told_and_needs_no_account():
    roster = make_approved(members=1)
    member = Member.objects.get()
    leave(member, date(2022, 6, 30), "died", None)
    member.refresh_from_db()
    member.bank_account = None
    member.save()
    assert codes(make_month(roster.township, AUGUST)) == [("owed", False)]


def test_activity_is_asked_where_somebody_knows_of_it(monkeypatch):
    asked = []

    def nobody(members, first, last):
        asked.append((list(members), first, last))
        return set()

    monkeypatch.setattr(checking, "_activity", [])
    roster = make_month(members=1)
    assert codes(roster) == []
    payroll.count_activity(nobody)
    assert codes(roster) == [("quiet", False)]
    assert asked == [([Member.objects.get().pk], date(2022, 5, 1), date(2022, 7, 1))]


@pytest.mark.parametrize("members", [1, 3])
def test_a_larger_month_costs_no_more_queries(members):
    roster = make_month(members=members)
    with CaptureQueriesContext(connection) as asked:
        payroll.checks(roster)
    assert len(asked) == 6
