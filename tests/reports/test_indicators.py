"""A figure is what its records come to, by whichever way it is counted, and its address opens just these."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from councils.models import Council
from councils.tree import Move, carry_out
from cunsao.chinese import in_wan
from members import payroll
from members.joining import leave
from members.models import (
    Advancement,
    Attendance,
    Budget,
    Honour,
    HonourKind,
    InsurancePolicy,
    InsuredMember,
    Membership,
    SubsidyRate,
    TrainingSession,
    ZoneAssignment,
)
from reports import activities, disputes, hazards, indicators, kinds
from reports.indicators import CASE_REPORT, CATALOGUE, Rule
from reports.models import Hazard
from reports.periods import Period
from tests.factories import (
    WORKED,
    make_account,
    make_activity,
    make_brought,
    make_chair,
    make_found,
    make_member,
    make_rate,
    make_sent,
    make_staff,
    make_township,
    make_village,
    make_work,
    make_zone,
    the_county,
    villages_of,
)

pytestmark = pytest.mark.django_db
AUGUST = Period.month(WORKED)
UNTIL = Period.until(date(2022, 8, 31))
PERIODS = [AUGUST, Period(date(2022, 7, 20), date(2022, 8, 12)), UNTIL, Period.until(WORKED), Period.year(2022)]


def value(key, council, period=UNTIL):
    return indicators.values(council, period, [key])[key].value


@pytest.fixture
def county():
    """Two townships with a bit of everything, some of it on days of other months."""
    for township in (make_township(villages=2, zones_each=1), make_township(villages=1)):
        for village in villages_of(township):
            member = make_member(village)
            make_work(village, member, "本村")
            for number, kind in enumerate(kinds.KINDS.values()):
                if kind.its_own or kind.household:
                    continue
                for day in (WORKED, date(2022, 7, 25), date(2022, 8, 13), date(2022, 5, 1)):
                    make_activity(village, member, kind=kind.key, quantity=1 + number, day=day)
            doubtful = make_activity(village, member, quantity=50)
            activities.reject({doubtful.pk: 1}, None, "不实")
            make_ledgers(village, member)
    make_rate()
    return the_county()


def make_ledgers(village, member):
    courtyard = HonourKind.objects.get(name="美丽庭院")
    for level, year in (("village", 2021), ("township", 2022)):
        Honour.objects.create(village=village, household="张三", kind=courtyard, level=level, year=year)
    best = HonourKind.objects.get(name="好媳妇")
    Honour.objects.create(village=village, person="李四", kind=best, level="village", year=2022, day=WORKED)
    for step in ("applicant", "party_delegate", "peoples_delegate"):
        Advancement.objects.create(village=village, member=member, step=step, day=WORKED)


def test_every_figure_is_what_its_records_come_to(county):
    places = [county, *Council.objects.at_level("township"), villages_of(Council.objects.at_level("township")[0])[0]]
    for council in places:
        for period in PERIODS:
            found = indicators.values(council, period)
            assert found.keys() == CATALOGUE.keys()
            for key, figure in found.items():
                records, each = indicators.records(key, council, period), CATALOGUE[key]
                assert figure.value == records.order_by().aggregate(n=each.measure(None))["n"], (key, period)


def test_figures_below_come_to_the_figure_above(county):
    township = Council.objects.at_level("township").first()
    divided = [key for key, each in CATALOGUE.items() if not each.shared]
    for council in (county, township):
        for period in PERIODS:
            whole, parts = indicators.values(council, period, divided), indicators.below(council, period, divided)
            for key in divided:
                if council == county or not CATALOGUE[key].place.endswith("township"):
                    assert sum(each[key].value for each in parts.values()) == whole[key].value, (key, period)
    assert set(indicators.below(township, AUGUST, ["members"])) == {each.pk for each in villages_of(township)}
    assert indicators.below(villages_of(township)[0], AUGUST, ["members", "child"]) == {}


def test_the_number_of_questions_stays_whatever_is_asked(county):
    def questions(council, *keys):
        with CaptureQueriesContext(connection) as asked:
            indicators.values(council, UNTIL, keys or None)
        return len(asked)

    assert questions(county, "child") == questions(county, *kinds.KINDS, "elderly_visits", "role_helper") == 1
    assert questions(county, "members") == questions(county, "members", "insured", "uncovered", "trained") == 1
    before = questions(county)
    another = make_village(make_township())
    make_work(another, make_member(another), "邻")
    assert questions(county) == before <= 13
    with CaptureQueriesContext(connection) as asked:
        indicators.below(county, UNTIL, list(CATALOGUE))
    assert len(asked) <= 21


def test_a_series_tells_each_month_in_one_question(county, django_assert_num_queries):
    listed = [date(2022, month, 1) for month in range(5, 10)]
    with django_assert_num_queries(1):
        found = indicators.series(county, listed, ["child", "role_helper", "activities"])
    for key, told in found.items():
        assert told == [value(key, county, Period.month(month)) for month in listed]
    assert found["child"][2] > 0 == found["child"][1]
    with pytest.raises(ValueError, match="members"):
        indicators.series(county, listed, ["members"])


def test_each_figure_has_its_own_time():
    day = date(2022, 8, 31)
    assert Rule.FULL_YEAR.own(Period.until(day)) == Period.year(2021)
    assert Rule.FULL_YEAR.own(Period.year(2022)) == Period.year(2022)
    assert Rule.YEAR.own(Period.until(day)) == Period(date(2022, 1, 1), day)
    assert Rule.EVER.own(AUGUST) == Period.until(day)
    assert Rule.FLOW.own(AUGUST) == AUGUST


def test_people_and_places_on_a_day():
    village, empty = villages_of(make_township(villages=2))
    zone, lonely = make_zone(village), make_zone(empty)
    first, second = make_member(village), make_member(village)
    ZoneAssignment.objects.create(member=first, zone=zone, start=date(2022, 2, 1))
    policy = InsurancePolicy.objects.create(
        insurer="保险", number="P1", start=date(2022, 1, 1), end=date(2022, 12, 31), sum_insured=1, premium=1,
        payer="县", council=the_county(),
    )  # fmt: skip
    InsuredMember.objects.create(
        member=first, village=village, policy=policy, start=date(2022, 3, 1), end=date(2022, 9, 30)
    )
    session = TrainingSession.objects.create(
        council=the_county(), day=date(2022, 5, 1), topic="调解", grades="member", hours=2
    )
    Attendance.objects.create(member=second, village=village, session=session)
    leave(second, date(2022, 9, 15), "moved", None)

    def told(day, *keys):
        found = indicators.values(the_county(), Period.until(day), keys)
        return [found[key].value for key in keys]

    people = ("members", "members_without_zone", "insured", "uncovered", "trained")
    assert told(date(2022, 4, 1), *people) == [2, 1, 1, 1, 0]
    assert told(date(2022, 9, 15), *people) == [2, 1, 1, 1, 1]
    assert told(date(2022, 10, 1), *people) == [1, 0, 0, 1, 0]
    assert told(date(2022, 4, 1), "villages", "villages_covered", "zones", "zones_without_member") == [2, 1, 2, 1]
    assert told(date(2021, 12, 31), "members", "villages_covered", "joined") == [0, 0, 0]
    assert lonely in indicators.records("zones_without_member", empty, UNTIL)
    autumn = indicators.values(the_county(), Period(date(2022, 9, 1), date(2022, 9, 30)), ["joined", "left"])
    assert (autumn["joined"].value, autumn["left"].value) == (0, 1)


def test_a_household_chosen_twice_is_one_and_two_awards():
    village = make_village()
    make_ledgers(village, make_member(village))
    clean = HonourKind.objects.get(name="清洁文明户")
    Honour.objects.create(village=village, household="张三", house_number="12", kind=clean, level="county", year=2022)
    Honour.objects.create(village=village, household="王五", kind=clean, level="province", year=2022)
    best = HonourKind.objects.get(name="最美家庭")
    Honour.objects.create(village=village, household="赵六", kind=best, level="county", year=2022)
    assert (value("model_households", village), value("model_household_awards", village)) == (2, 3)
    assert value("model_households", village, Period.until(date(2021, 12, 31))) == 1
    assert value("role_models", village) == 1


def test_a_woman_with_two_seats_is_one_delegate():
    village = make_village()
    make_ledgers(village, make_member(village))
    assert [value(key, village) for key in ("party_activists", "party_members", "delegates")] == [1, 0, 1]


def test_disputes_count_when_settled_and_hazards_when_reported_upward():
    village = make_village()
    brought = disputes.bring(make_brought(village), None)
    assert value("disputes_mediated", village) == 0
    disputes.settle(brought, WORKED, "和好", 1, None)
    assert value("disputes_mediated", village) == 1
    member, spring = make_member(village, joined_on=date(2021, 1, 1)), date(2021, 6, 1)
    hazards.mend(make_found(village, member, severity="small", day=spring), None)
    found = hazards.report(make_found(village, member), None)
    assert (value("hazards_reported", village), value("hazards_reported", village, Period.year(2022))) == (0, 1)
    hazards.report(make_found(village, member, day=spring, reported_on=spring), None)
    assert (value("hazards_reported", village), value("hazards_open", village)) == (1, 2)
    days = [found.due, found.due + timedelta(days=1)]
    assert [value("hazards_overdue", village, Period.until(day)) for day in days] == [1, 2]
    assert [Hazard.objects.overdue(day).count() for day in days] == [1, 2]


def test_most_beautiful_and_civil_families_are_campaigns_and_five_good_ones_are_told_apart():
    village = make_village()
    for kind in ("beautiful_family", "civil_family", "five_good_family"):
        make_activity(village, kind=kind)
    assert (value("family_campaigns", village), value("five_good_activities", village)) == (2, 1)


def test_money_is_what_the_budget_says():
    township = make_township(villages=1)
    roster = make_sent(township, members=3)
    payments = list(roster.payments.order_by("pk"))
    payroll.settle(roster, make_staff(role="county_finance"), {payments[0].pk: "账号不存在"})
    Budget.objects.create(county=the_county(), year=2022, amount=1000)
    standing = payroll.budget.of(the_county(), 2022)
    keys = ["subsidy_paid", "subsidy_committed", "subsidy_approved"]
    found = indicators.values(the_county(), Period.year(2022), keys)
    assert (found["subsidy_paid"].value, found["subsidy_committed"].value) == (standing.paid, standing.committed)
    assert standing.committed == Decimal(200)
    assert found["subsidy_approved"].value == standing.paid + standing.committed
    assert found["subsidy_paid"].shown == "400.00"
    assert value("subsidy_paid", township, Period.year(2021)) == 0


def test_rosters_are_on_time_as_the_month_says():
    make_rate()
    for number, day in enumerate((3, 9)):
        township = make_township(villages=1)
        roster = payroll.open_month(township, date(2022, 7, 1), None)
        moment = roster.opened_at.replace(year=2022, month=8, day=day)
        type(roster).objects.filter(pk=roster.pk).update(first_submitted_at=moment, opened_at=moment)
        assert number < 2
    july = Period.month(date(2022, 7, 1))
    counted = payroll.deadlines.standing(the_county(), july.months(), date(2022, 8, 31)).counted()
    told = [value(key, the_county(), july) for key in ("rosters", "rosters_on_time", "rosters_late")]
    assert told == [2, counted["on_time"], counted["late"]] == [2, 1, 1]


def test_the_rate_in_force_is_the_last_that_began():
    village = make_village()
    make_rate()
    SubsidyRate.objects.create(county=the_county(), start=date(2022, 8, 1), amount=220)
    assert value("subsidy_per_member_month", village, Period.until(date(2022, 7, 31))) == 200
    assert indicators.values(village, UNTIL, ["subsidy_per_member_month"])["subsidy_per_member_month"].shown == "220.00"


@pytest.mark.parametrize(
    ("number", "shown"),
    [(9_999, "9999"), (10_000, "1万"), (10_001, "1万余"), (13_000, "1.3万"), (13_268, "1.3万余"), (82_119, "8.2万余"),
     (79_999, "7.9万余")],
)  # fmt: skip
def test_in_wan_cuts_off_and_says_when_something_was_cut(number, shown):
    assert in_wan(number) == shown


def test_past_figures_stay_when_a_village_moves():
    village, target = make_village(), make_township()
    before = village.parent
    make_activity(village, kind="child", quantity=3)
    carry_out(Move(village.code, target.code, f"{target.code}299", date(2022, 9, 1)))
    for period in (AUGUST, Period.until(WORKED)):  # by totals, and by records of a part of the month
        assert (value("child", before, period), value("child", target, period)) == (3, 0)
        told = indicators.below(before, period, ["child"])
        assert {pk: each["child"].value for pk, each in told.items()} == {village.pk: 3}


def test_an_address_opens_the_records_of_its_figure(client, county):
    staff = make_staff()
    client.force_login(staff)
    for key, figure in indicators.values(county, UNTIL, user=staff).items():
        assert figure.address, key
        page = client.get(figure.address)
        assert page.status_code == 200, key
        found = page.context["cl"]
        records = indicators.records(key, county, UNTIL)
        assert (found.paginator.count, set(found.queryset.values_list("pk", flat=True))) == (
            records.count(), set(records.values_list("pk", flat=True)),
        ), key  # fmt: skip


def test_an_address_keeps_to_the_jurisdiction_and_to_what_it_says(client, county):
    first, second = Council.objects.at_level("township")
    chair = make_chair(first)
    client.force_login(chair)
    own, foreign = (indicators.address("child", each, UNTIL, chair) for each in (first, second))
    assert client.get(own).context["cl"].paginator.count == 8
    for address in (foreign, own.replace("child.", "members."), own.replace("2022-08-31", "soon"), own[:-20]):
        assert client.get(address).context["cl"].paginator.count == 0
    assert indicators.address("child", first, UNTIL, None) == ""
    assert indicators.address("child", first, UNTIL, make_account(county, "county_finance")) == ""


def test_a_person_with_two_memberships_on_a_day_is_one(county):
    village, other = villages_of(Council.objects.at_level("township").first())
    member = make_member(village)
    before = value("members", county)
    for start in (date(2022, 3, 1), date(2022, 4, 1)):
        Membership.objects.create(member=member, village=other, start=start, end=date(2022, 12, 1), reason="moved")
    assert value("members", county) == indicators.records("members", county, UNTIL).count() == before


def test_the_county_s_table_has_its_figures():
    assert len(CASE_REPORT) == 15
    assert set(CASE_REPORT) <= set(CATALOGUE)
    assert set(kinds.KINDS) | {f"role_{role}" for role in kinds.Role.values} <= set(CATALOGUE)
