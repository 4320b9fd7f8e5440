import itertools
from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from members import coverage, joining
from members.coverage import DAY, Span, active_on, ending, holes_of, uncovered, uncovered_on
from tests.factories import JOINED, make_account, make_member, make_staff, make_township, make_village
from tests.members.imports.test_insurance import make, make_policy
from tests.members.ledgers import asked, village_of

FIRST = date(2022, 1, 1)
spans = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 12)).map(
        lambda pair: Span(FIRST + pair[0] * DAY, FIRST + (pair[0] + pair[1]) * DAY)
    ),
    max_size=5,
)


def days(some):
    return {each.start + at * DAY for each in some for at in range((each.end - each.start).days + 1)}


@given(spans, spans)
def test_holes_are_the_days_that_a_calendar_leaves_over(active, covered):
    found = uncovered(active, covered)
    assert days(found) == days(active) - days(covered)
    assert all(one.end + DAY < other.start for one, other in itertools.pairwise(found))


@pytest.fixture
def member(db):
    return make_member(make_village(make_township()))


def test_boundary_days_count(member):
    county = make_staff()
    make(member, policy=make_policy(end=date(2022, 6, 30)), start=date(2022, 3, 1))
    told = {day: uncovered_on(day, county).exists() for day in (
        JOINED - DAY, JOINED, date(2022, 2, 28), date(2022, 3, 1), date(2022, 6, 30), date(2022, 7, 1),
    )}  # fmt: skip
    assert list(told.values()) == [False, True, True, False, False, True]  # the day before she joined she was nobody
    assert holes_of(member, JOINED - 9 * DAY, date(2022, 7, 31)) == [
        Span(JOINED, date(2022, 2, 28)), Span(date(2022, 7, 1), date(2022, 7, 31)),
    ]  # fmt: skip


def test_who_left_is_active_up_to_her_last_day(member):
    county = make_staff()
    joining.leave(member, date(2022, 5, 31), "moved", county)
    assert [active_on(day, county).exists() for day in (date(2022, 5, 31), date(2022, 6, 1))] == [True, False]
    assert holes_of(member, JOINED, date(2022, 12, 31)) == [Span(JOINED, date(2022, 5, 31))]


def test_only_accident_insurance_covers(member):
    make(member, policy=make_policy(kind="health"))
    assert uncovered_on(date(2022, 3, 1), make_staff()).exists()


def test_a_chair_knows_of_her_own_alone(member):
    assert uncovered_on(date(2022, 3, 1), make_account(village_of(member).parent)).count() == 1
    assert uncovered_on(date(2022, 3, 1), make_account(make_township())).count() == 0


@pytest.mark.parametrize(
    ("left", "bucket"), [(-1, None), (0, 0), (7, 0), (8, 1), (30, 1), (31, 2), (60, 2), (61, None)]
)
def test_an_end_is_told_60_30_and_7_days_ahead(member, left, bucket):
    today, county = timezone.localdate(), make_staff()
    make(member, policy=make_policy(start=FIRST, end=today + timedelta(days=left)), start=FIRST)
    found = [ending(county, today, *ahead).count() for ahead in coverage.AHEAD]
    assert found == [int(at == bucket) for at in range(3)]


@pytest.mark.parametrize(("after", "told"), [(0, 0), (1, 0), (2, 1)])
def test_what_goes_on_the_next_day_does_not_end(member, after, told):
    today = timezone.localdate()
    end = today + timedelta(days=5)
    make(member, policy=make_policy(end=end), start=FIRST)
    later = make_policy("B", insurer="太平洋保险", start=end + after * DAY, end=end + timedelta(days=365))
    make(member, 1, policy=later)
    assert ending(make_staff(), today, 0, 7).count() == told


def test_one_or_three_cost_the_same(member):
    county, village = make_staff(), village_of(member)
    first = asked(lambda: list(uncovered_on(date(2022, 3, 1), county).with_terms()))
    for _more in range(2):
        make_member(village)
    assert len(asked(lambda: list(uncovered_on(date(2022, 3, 1), county).with_terms()))) == len(first)
