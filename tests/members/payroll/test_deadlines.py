from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from councils.models import Council
from members import payroll
from members.models import Excuse, MonthlyRoster
from members.payroll.deadlines import Timing, standing
from tests.factories import MONTH, make_chair, make_county, make_month, make_rate, make_submitted, make_township

pytestmark = pytest.mark.django_db
TODAY = date(2022, 9, 1)


def handed_in(township, day):
    roster = make_month(township)
    return MonthlyRoster.objects.filter(pk=roster.pk).update(
        first_submitted_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    )


def timing(township, today=TODAY):
    return standing(township.parent, [MONTH], today).cells.get((township.pk, MONTH))


@pytest.mark.parametrize(
    ("day", "found"), [(date(2022, 8, 5), Timing.ON_TIME), (date(2022, 8, 6), Timing.LATE), (None, Timing.MISSING)]
)
def test_on_time_is_by_the_day_that_the_rate_sets(day, found):
    township = make_township(villages=1)
    make_rate(township.parent)
    if day:
        handed_in(township, day)
    assert timing(township) == found


def test_before_the_deadline_nothing_is_missing():
    township = make_township(villages=1)
    make_rate(township.parent)
    assert timing(township, date(2022, 8, 5)) == Timing.DUE


def test_a_draft_is_not_handed_in():
    township = make_month(members=0).township
    assert timing(township) == Timing.MISSING


def test_no_change_is_handed_in():
    roster = make_submitted(members=0)
    assert timing(roster.township, date(2022, 8, 1)) == Timing.LATE  # handed in by this test today
    assert MonthlyRoster.objects.get().first_submitted_at


def test_the_first_handing_in_counts():
    roster = make_month(members=0)
    chair = make_chair(roster.township)
    payroll.submit(roster, 0, chair)
    first = MonthlyRoster.objects.get().first_submitted_at
    MonthlyRoster.objects.update(status="returned")
    roster.refresh_from_db()
    payroll.submit(roster, roster.version, chair)
    roster.refresh_from_db()
    assert roster.first_submitted_at == first < roster.submitted_at


def test_an_excuse_holds_until_its_end():
    township = make_township(villages=1)
    make_rate(township.parent)
    Excuse.objects.create(township=township, start=date(2022, 6, 1), until=MONTH, reason="洪水")
    found = standing(township.parent, [MONTH, date(2022, 8, 1)], date(2022, 10, 1))
    assert [found.cells[township.pk, month] for month in (MONTH, date(2022, 8, 1))] == ["excused", "missing"]
    assert found.rate(MONTH) is None
    assert found.rate() == 0


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.none() | st.dates(date(2022, 5, 1), date(2022, 10, 1)),
            st.none() | st.dates(date(2022, 5, 1), date(2022, 10, 1)),
            st.none() | st.dates(date(2022, 7, 1), date(2022, 9, 30)),
            st.booleans(),
        ),
        max_size=4,
    )
)
def test_no_rate_exceeds_the_whole_whatever_was_opened_or_closed(county_of_many, cases):
    county, townships = county_of_many
    MonthlyRoster.objects.all().delete()
    Excuse.objects.all().delete()
    for township, (opened, closed, day, excused) in zip(townships, cases, strict=False):
        if opened and closed and closed < opened:
            opened, closed = closed, opened
        Council.objects.filter(pk=township.pk).update(opened=opened, closed=closed)
        if day:
            handed_in(township, day)
        if excused:
            Excuse.objects.create(township=township, start=MONTH, until=MONTH, reason="洪水")
    found = standing(county, [MONTH], date(2022, 10, 1))
    rate = found.rate()
    assert rate is None or 0 <= rate <= 1
    assert sum(found.counted().values()) == len(found.cells) <= len(townships)


@pytest.fixture
def county_of_many(db):
    county = make_county()
    make_rate(county)
    return county, [make_township(county, villages=1) for _township in range(4)]


@pytest.mark.parametrize("size", [1, 3])
def test_more_townships_cost_no_more_queries(size):
    townships = [make_township(villages=1) for _township in range(size)]
    make_rate(townships[0].parent)
    with CaptureQueriesContext(connection) as asked:
        standing(townships[0].parent, [MONTH, date(2022, 8, 1)])
    assert len(asked) == 4
