from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from councils.models import Change
from members import payroll
from members.joining import leave
from members.models import Member, MonthlyRoster, RosterStatus
from tests.factories import (
    MONTH,
    make_account,
    make_approved,
    make_chair,
    make_member,
    make_month,
    make_published,
    make_sent,
    make_staff,
    make_submitted,
    make_township,
    make_village,
    villages_of,
)

pytestmark = pytest.mark.django_db
AUGUST = date(2022, 8, 1)


def seen(roster):
    return payroll.digest(payroll.shown(roster))


def refused(deed, *said, **named):
    with pytest.raises(payroll.StepRefused) as refusal:
        deed(*said, **named)
    return refusal.value.code


def test_a_month_goes_all_its_way():
    roster = make_sent(members=2)
    finance = make_staff(role="county_finance")
    assert payroll.settle(roster, finance).status == RosterStatus.PAID
    assert [each.state for each in roster.payments.all()] == ["paid", "paid"]


def test_a_step_sent_twice_is_taken_once():
    chair, staff = None, make_staff(make_township().parent)
    roster = make_month(members=1)
    chair = make_chair(roster.township)
    first = payroll.submit(roster, 0, chair)
    assert payroll.submit(roster, 0, chair).version == first.version
    approved = payroll.approve(roster, seen(roster), staff)
    told = Change.objects.count()
    assert payroll.approve(roster, approved.digest, staff).version == approved.version
    published = payroll.publish(roster, staff)
    assert payroll.publish(roster, staff).notice_until == published.notice_until
    assert Change.objects.count() == told + 1


def test_who_submitted_does_not_approve_whatever_her_role():
    roster = make_month(members=1)
    chair = make_chair(roster.township)
    payroll.submit(roster, 0, chair)
    staff = make_staff()
    MonthlyRoster.objects.filter(pk=roster.pk).update(submitted_by=staff)
    assert refused(payroll.approve, roster, seen(roster), staff) == "same_person"


def test_who_approved_neither_sends_nor_settles():
    roster = make_published()
    finance = make_staff(role="county_finance")
    with pytest.raises(IntegrityError), transaction.atomic():
        MonthlyRoster.objects.filter(pk=roster.pk).update(
            status="sent", sent_by=roster.approved_by, sent_at=timezone.now()
        )
    payroll.send(roster, finance)
    with pytest.raises(IntegrityError), transaction.atomic():
        MonthlyRoster.objects.filter(pk=roster.pk).update(
            status="paid", settled_by=roster.approved_by, settled_at=timezone.now()
        )


@pytest.mark.parametrize(
    ("role", "steps"),
    [
        ("system_administrator", set()),
        ("auditor", set()),
        ("county_finance", set()),
        ("county_staff", {"give_back", "approve", "correct"}),
    ],
)
def test_each_step_is_by_its_role_alone(role, steps):
    roster = make_submitted(members=1)
    account = make_staff(role=role)
    assert payroll.may(roster, account) == steps
    if role != "county_staff":
        assert refused(payroll.approve, roster, seen(roster), account) == "forbidden"
        assert refused(payroll.give_back, roster, account, "再看") == "forbidden"


def test_a_village_president_sees_no_month():
    roster = make_month(members=1)
    president = make_account(villages_of(roster.township)[0])
    assert not MonthlyRoster.objects.visible_to(president).exists()
    assert refused(payroll.submit, roster, 0, president) == "out_of_scope"


def test_a_neighbours_chair_submits_nothing():
    roster = make_month(members=1)
    assert refused(payroll.submit, roster, 0, make_chair(make_township())) == "out_of_scope"


def test_what_was_changed_after_the_chair_looked_is_not_submitted():
    roster = make_month(members=1)
    chair, other = make_chair(roster.township), make_chair(roster.township)
    payroll.enter(roster.entries.get(), "note", "补", 0, other)
    assert refused(payroll.submit, roster, 0, chair) == "overtaken"


def test_a_return_says_why_and_marks_rows_until_it_is_handed_in_again():
    roster = make_submitted(members=2)
    entry, staff = roster.entries.first(), make_staff()
    assert refused(payroll.give_back, roster, staff, " ") == "reason"
    returned = payroll.give_back(roster, staff, "金额有误", {entry.pk: ""})
    entry.refresh_from_db()
    assert (returned.return_reason, entry.mark) == ("金额有误", "金额有误")
    payroll.submit(returned, returned.version, returned.submitted_by)
    entry.refresh_from_db()
    assert entry.mark == ""


def test_approval_sees_what_was_shown_or_nothing():
    roster = make_submitted(members=1)
    before = seen(roster)
    member = Member.objects.get()
    member.bank_account = "6217780000012345678"
    member.save()
    assert refused(payroll.approve, roster, before, make_staff()) == "changed"
    roster.refresh_from_db()
    assert roster.status == "submitted"
    assert payroll.approve(roster, seen(roster), make_staff()).status == "approved"


def test_the_frozen_copy_is_what_stood_at_approval():
    roster = make_approved(members=1)
    member = Member.objects.get()
    before = seen(roster)
    member.name, member.bank_account = "改名", "6217780000012345678"
    member.save()
    entry = payroll.shown(roster)[0]
    assert (entry.name, entry.village_name) == ("王小梅", str(villages_of(roster.township)[0]))
    assert entry.bank_account != member.bank_account
    assert entry.national_id_masked == str(member.national_id)
    assert seen(roster) == before == roster.digest


def test_a_woman_without_an_account_stops_the_month():
    village = make_village()
    make_member(village, bank_account=None)
    roster = make_month(village.parent)
    assert refused(payroll.submit, roster, 0, make_chair(village.parent)) == "blocked"


def test_who_left_before_the_month_stops_its_approval():
    roster = make_submitted(members=2)
    leave(Member.objects.first(), date(2022, 6, 30), "moved", None)
    assert refused(payroll.approve, roster, seen(roster), make_staff()) == "blocked"


def test_no_change_is_said_only_where_nothing_changed():
    roster = make_approved(members=1)
    august = payroll.open_month(roster.township, AUGUST, None)
    chair = make_chair(roster.township)
    assert payroll.submit(august, 0, chair, unchanged=True).unchanged
    first = make_month(make_township(villages=1), members=1)
    assert refused(payroll.submit, first, 0, make_chair(first.township), unchanged=True) == "changed"


def test_a_month_is_not_sent_while_its_notice_runs():
    roster = make_approved(members=1)
    published = payroll.publish(roster, make_staff())
    assert published.notice_until == timezone.localdate() + timedelta(days=7)
    assert refused(payroll.send, roster, make_staff(role="county_finance")) == "notice"


def test_a_month_is_not_sent_while_an_objection_is_unanswered():
    roster, staff, finance = make_published(), make_staff(), make_staff(role="county_finance")
    objection = payroll.object_to(roster, "多报一人", staff, who="村民")
    assert payroll.object_to(roster, "多报一人", staff, who="村民") == objection
    assert refused(payroll.send, roster, finance) == "objections"
    payroll.answer(objection, "已核实", staff)
    assert payroll.answer(objection, "已核实", staff).answered_by == staff
    assert payroll.send(roster, finance).rows == 2


def test_steps_out_of_their_time_are_refused():
    roster = make_submitted(members=1)
    earlier = roster.opened_at - timedelta(days=1)
    assert refused(payroll.approve, roster, seen(roster), make_staff(), at=earlier) == "order"


def test_a_locked_month_says_why_since_when_and_who_can_open_it():
    roster = make_submitted(members=1)
    roster.refresh_from_db()
    assert roster.submitted_by.full_name in payroll.why_locked(roster)
    approved = payroll.approve(roster, seen(roster), make_staff())
    assert approved.approved_by.full_name in payroll.why_locked(approved)
    assert "更正" in payroll.why_locked(approved)
    assert payroll.why_locked(make_month(make_township(villages=1))) == ""


def test_the_trail_has_each_step():
    roster = make_approved(members=1)
    steps = Change.objects.filter(record="members.monthlyroster", record_id=roster.pk).order_by("pk")
    assert [each.fields["status"][1] for each in steps] == ["draft", "submitted", "approved"]
    assert all(each.council_id == roster.township_id for each in steps)


@pytest.mark.parametrize("members", [1, 3])
def test_a_larger_month_costs_no_more_queries(members):
    roster = make_month(members=members)
    chair, staff = make_chair(roster.township), make_staff()
    counted = []
    for deed in (
        lambda: payroll.submit(roster, 0, chair),
        lambda: payroll.approve(roster, seen(roster), staff),
        lambda: payroll.publish(roster, staff),
    ):
        with CaptureQueriesContext(connection) as asked:
            deed()
        counted.append(len(asked))
    assert counted == QUERIES[connection.vendor]


QUERIES = {"sqlite": [20, 23, 14], "postgresql": [21, 24, 14]}


def test_no_step_is_taken_without_an_account():
    roster = make_month(members=1)
    assert refused(payroll.submit, roster, 0, None) == "forbidden"


def test_opening_the_month_of_an_approved_one_changes_nothing_of_it():
    roster = make_approved(members=1)
    assert payroll.open_month(roster.township, MONTH, None).digest == roster.digest
