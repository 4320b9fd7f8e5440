from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import BadRequest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from cunsao import months

AUGUST = date(2022, 8, 1)
days = st.dates(date(1950, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    "written", ["2022-08", "202208", "2022年8月", "2022年08月", " 2022-8 ", "2022/8", "2022.08", "2022 年 8 月"]
)
def test_a_month_is_read_however_it_is_written(written):
    assert months.read(written) == AUGUST


@pytest.mark.parametrize(
    "written", ["2022-13", "2022-00", "20228", "22-08", "八月", "2022-08-15", "2022", "２０２２０８", "9999-01"]
)
def test_what_is_no_month_is_refused_and_a_view_answers_bad_request(written):
    with pytest.raises(months.NotAMonth) as refused:
        months.read(written)
    assert isinstance(refused.value, BadRequest)
    assert isinstance(refused.value, ValueError)


@pytest.mark.parametrize("nothing", [None, "", " "])
def test_nothing_written_is_the_default_or_this_month_in_china(nothing):
    assert months.read(nothing, date(2022, 8, 31)) == AUGUST
    with time_machine.travel("2022-07-31T17:00:00Z"):
        assert months.read(nothing) == AUGUST


@given(days)
def test_any_day_lies_between_first_and_last_day_of_its_month(day):
    month = months.first(day)
    assert month <= day <= months.last_day(month)
    assert (months.last_day(month) + timedelta(days=1)).day == month.day == 1


@given(days)
def test_next_and_previous_undo_each_other(day):
    month = months.first(day)
    assert months.previous(months.next_month(month)) == months.next_month(months.previous(month)) == month
    assert months.next_month(month) == months.last_day(month) + timedelta(days=1)


@given(days, st.integers(0, 30))
def test_a_span_holds_each_month_once_and_both_ends(day, count):
    expected = [months.first(day)]
    for _ in range(count):
        expected.append(months.next_month(expected[-1]))
    assert months.span(day, expected[-1]) == expected


def test_a_span_that_ends_before_it_starts_is_empty():
    assert months.span(AUGUST, date(2022, 7, 31)) == []


def test_a_month_is_written_in_the_users_language():
    with translation.override("zh-hans"):
        assert months.label(AUGUST) == "2022年8月"
    with translation.override("en"):
        assert months.label(AUGUST) == "August 2022"
