from datetime import date

import pytest
from django.utils import timezone
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from reports.periods import NotAPeriod, Period

AUGUST = Period(date(2022, 8, 1), date(2022, 8, 31))
days = st.dates(date(2001, 1, 1), date(2099, 12, 31))


def test_whole_months_quarters_and_years():
    assert Period.month(date(2022, 8, 9)) == AUGUST
    assert Period.quarter(date(2022, 8, 9)) == Period(date(2022, 7, 1), date(2022, 9, 30))
    assert Period.year(2024).before() == Period.year(2023)
    assert Period.month(date(2024, 3, 5)).before() == Period(date(2024, 2, 1), date(2024, 2, 29))
    assert Period.quarter(date(2022, 2, 1)).before() == Period(date(2021, 10, 1), date(2021, 12, 31))


def test_other_days_are_followed_by_as_many_before():
    week = Period(date(2022, 8, 8), date(2022, 8, 14))
    assert week.before() == Period(date(2022, 8, 1), date(2022, 8, 7))
    assert week.since_january() == Period(date(2022, 1, 1), date(2022, 8, 14))
    assert week.year_before() == Period(date(2021, 8, 8), date(2021, 8, 14))
    assert Period.month(date(2024, 2, 1)).year_before() == Period.month(date(2023, 2, 1))


@pytest.mark.parametrize(
    ("asked", "period"),
    [
        ({"period": "2022"}, Period.year(2022)),
        ({"period": "2022-Q3"}, Period.quarter(date(2022, 8, 1))),
        ({"period": "2022年8月"}, AUGUST),
        ({"month": "2022-08"}, AUGUST),
        ({"from": "2022-08-01", "until": "2022-08-31"}, AUGUST),
        ({"until": "2022-08-31"}, Period.until(date(2022, 8, 31))),
    ],
)
def test_a_period_is_read_from_an_address(asked, period):
    assert Period.read(asked) == period


def test_nothing_asked_is_the_present_month():
    assert Period.read({}) == Period.month(timezone.localdate())
    assert Period.read({}, AUGUST) == AUGUST


@pytest.mark.parametrize(
    "asked",
    [{"period": "soon"}, {"period": "2022-Q5"}, {"from": "31.8."}, {"from": "2022-08-31", "until": "2022-08-01"}],
)
def test_what_is_no_period_is_refused(asked):
    with pytest.raises(NotAPeriod):
        Period.read(asked)


@given(days, days)
def test_what_an_address_says_is_read_again(one, other):
    period = Period(min(one, other), max(one, other))
    for each in (period, Period.month(one), Period.quarter(one), Period.year(one.year), Period.until(one)):
        assert Period.read(dict(part.split("=") for part in each.query.split("&"))) == each


@given(days)
def test_the_one_before_ends_the_day_before(day):
    for period in (Period.month(day), Period.quarter(day), Period.year(day.year), Period(day, day)):
        assert (period.first - period.before().last).days == 1


def test_a_period_is_named_in_both_languages():
    named = [AUGUST, Period.quarter(AUGUST.first), Period.year(2022), Period.until(AUGUST.last)]
    with override("zh-hans"):
        assert [each.label for each in named] == ["2022年8月", "2022年第三季度", "2022年", "截至2022年8月31日"]
    with override("en"):
        assert [each.label for each in named][1:3] == ["3rd quarter of 2022", "the year 2022"]
