from datetime import date
from decimal import Decimal

import pytest

from members import payroll
from members.joining import leave
from members.merging import JoiningRefused, merge
from members.models import Member, RosterEntry
from tests.factories import (
    make_approved,
    make_chair,
    make_member,
    make_month,
    make_number,
    make_rate,
    make_staff,
    make_township,
    make_village,
    villages_of,
)

pytestmark = pytest.mark.django_db
JULY, AUGUST, SEPTEMBER = date(2022, 7, 1), date(2022, 8, 1), date(2022, 9, 1)


def refused(deed, *said, **named):
    with pytest.raises(payroll.StepRefused) as refusal:
        deed(*said, **named)
    return refusal.value.code


def test_a_correction_stands_in_a_later_open_month():
    roster = make_approved(members=1)
    entry, staff = roster.entries.get(), make_staff()
    assert refused(payroll.correct, entry, Decimal(50), AUGUST, staff, "补发") == "not_open"
    august = make_month(roster.township, AUGUST)
    made = payroll.correct(entry, Decimal(50), AUGUST, staff, "补发")
    assert (made.kind, made.roster, made.corrects, made.corrected_month) == ("arrears", august, entry, JULY)
    back = payroll.correct(entry, Decimal(-250), AUGUST, staff, "多发")
    assert (back.kind, back.county_amount) == ("claw_back", -250)
    assert refused(payroll.correct, entry, Decimal(-1), AUGUST, staff, "再扣") == "too_much"
    assert refused(payroll.correct, entry, Decimal(1), AUGUST, staff, " ") == "reason"
    assert refused(payroll.correct, entry, Decimal(0), AUGUST, staff, "零") == "amount"
    assert refused(payroll.correct, entry, Decimal(1), JULY, staff, "本月") == "not_later"


def test_only_county_staff_corrects():
    entry = make_approved(members=1).entries.get()
    make_month(entry.roster.township, AUGUST)
    assert refused(payroll.correct, entry, Decimal(1), AUGUST, make_chair(entry.roster.township), "x") == "forbidden"


def test_an_open_entry_is_changed_and_not_corrected():
    entry = make_month(members=1).entries.get()
    assert refused(payroll.correct, entry, Decimal(1), AUGUST, make_staff(), "x") == "not_approved"


def test_a_leave_noted_late_claws_back_what_was_approved_for_later_months():
    roster = make_approved(members=2)
    member = Member.objects.first()
    august = make_month(roster.township, AUGUST)
    leave(member, date(2022, 6, 30), "died", None)
    made = RosterEntry.objects.get(member=member, month=AUGUST)
    assert (made.kind, made.automatic, made.county_amount) == ("claw_back", True, -200)
    assert made.corrects == RosterEntry.objects.get(member=member, month=JULY)
    payroll.refresh(august, None)
    assert RosterEntry.objects.filter(automatic=True).count() == 1


def test_noted_before_the_next_month_is_opened_it_is_clawed_back_when_it_opens():
    roster = make_approved(members=1)
    leave(Member.objects.get(), date(2022, 6, 30), "died", None)
    august = make_month(roster.township, AUGUST)
    assert [(each.kind, each.county_amount) for each in august.entries.all()] == [("claw_back", -200)]


def test_it_is_clawed_back_once():
    roster = make_approved(members=2)
    leave(Member.objects.first(), date(2022, 6, 30), "died", None)
    make_approved(roster.township, AUGUST, members=0)
    assert [each.kind for each in make_month(roster.township, SEPTEMBER).entries.all()] == ["regular"]


def test_a_day_too_many_is_clawed_back_where_days_are_paid():
    make_rate(make_township().parent, by_days=True)
    roster = make_approved(members=1)
    leave(Member.objects.get(), date(2022, 7, 10), "died", None)
    august = make_month(roster.township, AUGUST)
    assert august.entries.get().county_amount == Decimal("64.52") - Decimal("200.00")


def test_the_rest_of_a_month_is_hers_where_whole_months_are_paid():
    roster = make_approved(members=1)
    leave(Member.objects.get(), date(2022, 7, 10), "died", None)
    assert not make_month(roster.township, AUGUST).entries.exists()


def test_what_was_corrected_by_hand_is_not_clawed_back_again():
    roster = make_approved(members=1)
    make_month(roster.township, AUGUST)
    payroll.correct(roster.entries.get(), Decimal(-150), AUGUST, make_staff(), "多发")
    leave(Member.objects.get(), date(2022, 6, 30), "died", None)
    automatic = RosterEntry.objects.get(automatic=True)
    assert automatic.county_amount == -50


def test_a_forgotten_month_is_paid_once():
    village = make_village()
    make_member(village)
    roster = make_approved(village.parent, members=0)
    member = make_member(village, name="漏报")
    make_month(roster.township, AUGUST)
    staff = make_staff()
    made = payroll.pay_forgotten(member, village, JULY, Decimal(200), AUGUST, staff, "漏报")
    assert (made.kind, made.corrects, made.corrected_month) == ("arrears", None, JULY)
    assert refused(payroll.pay_forgotten, member, village, JULY, Decimal(200), AUGUST, staff, "漏报") == "twice"
    standing = Member.objects.exclude(pk=member.pk).get()
    assert refused(payroll.pay_forgotten, standing, village, JULY, Decimal(9), AUGUST, staff, "x") == "has_entry"
    early = date(2021, 7, 1)
    assert refused(payroll.pay_forgotten, member, village, early, Decimal(9), AUGUST, staff, "x") == "no_member"


def test_a_correction_entered_by_mistake_is_taken_out_while_the_month_is_open():
    roster = make_approved(members=1)
    make_month(roster.township, AUGUST)
    made = payroll.correct(roster.entries.get(), Decimal(50), AUGUST, make_staff(), "补发")
    regular = RosterEntry.objects.get(month=AUGUST, kind="regular")
    assert refused(payroll.take_out, regular, make_staff()) == "no_correction"
    payroll.take_out(made, make_staff())
    assert not RosterEntry.objects.filter(pk=made.pk).exists()


def test_a_record_with_approved_months_does_not_go_in_a_merger():
    roster = make_approved(members=1)
    paid = Member.objects.get()
    twin = make_member(villages_of(roster.township)[0], national_id=make_number())
    with pytest.raises(JoiningRefused) as refusal:
        merge(twin, paid, None)
    assert refusal.value.code == "approved_months"
    merge(paid, twin, None)
    assert Member.objects.get() == paid
