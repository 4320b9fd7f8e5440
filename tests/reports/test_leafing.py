from datetime import date

import pytest
import time_machine
from django.urls import reverse

from members.models import SubsidyRate
from reports.leafing import first_month, goes_back_to, newest_day
from tests.factories import (
    make_account,
    make_activity,
    make_chair,
    make_county,
    make_month,
    make_rate,
    make_staff,
    make_township,
    villages_of,
)

pytestmark = pytest.mark.django_db
TODAY = date(2022, 9, 5)


@pytest.fixture
def county():
    """One township with two villages; a second county has all there is since 2021."""
    other = make_county()
    make_rate(other)
    make_activity(villages_of(make_township(other, villages=1))[0], day=date(2022, 1, 5))
    county = make_county()
    make_township(county, villages=2)
    return county


def worked(county, day):
    return make_activity(villages_of(county.children.get())[0], day=day)


def test_a_county_begins_with_its_first_work_roster_or_rate(county, django_assert_num_queries):
    assert first_month(county, TODAY) == date(2022, 9, 1)
    worked(county, date(2022, 8, 10))
    assert first_month(county, TODAY) == date(2022, 8, 1)
    rate = make_rate(county, start=date(2022, 7, 1))
    assert first_month(county, TODAY) == date(2022, 7, 1)
    SubsidyRate.objects.filter(pk=rate.pk).update(start=date(2022, 6, 1))
    make_month(county.children.get(), date(2022, 6, 1))
    SubsidyRate.objects.filter(pk=rate.pk).update(start=date(2022, 9, 1))
    assert first_month(county, TODAY) == date(2022, 6, 1)
    village = villages_of(county.children.get())[1]
    with django_assert_num_queries(1):
        assert first_month(village, TODAY) == date(2022, 6, 1)


def test_the_newest_day_has_come(county):
    worked(county, date(2022, 8, 10))
    assert newest_day(county, TODAY) == date(2022, 8, 31)
    assert newest_day(county, date(2022, 8, 20)) == date(2022, 8, 20)
    assert newest_day(make_county(), TODAY) == TODAY


def test_what_came_to_be_older_is_leafed_back_to_at_once(county, django_assert_num_queries):
    worked(county, date(2022, 8, 10))
    with django_assert_num_queries(2):
        asked = [goes_back_to(county, date(2022, month, 1), TODAY) for month in (7, 8, 9, 7)]
    assert asked == [False, True, True, False]
    worked(county, date(2022, 7, 10))
    assert goes_back_to(county, date(2022, 7, 1), TODAY)


@time_machine.travel("2022-09-05")
def test_circulars_are_leafed_through_until_the_first_month(client, county):
    for day in (date(2022, 6, 10), date(2022, 8, 10)):
        worked(county, day)
    client.force_login(make_staff(county))
    waiting, seen = {""}, set()
    while waiting - seen:
        query = (waiting - seen).pop()
        seen.add(query)
        waiting |= {each.query for each in client.get(f"{reverse('circular')}?{query}").context["others"]}
    assert seen == {"", *(f"period=2022{each}" for each in ("-07", "-06", "-Q3", "-Q2", ""))}


@time_machine.travel("2022-09-05")
def test_boards_are_leafed_through_until_the_first_month(client, county):
    worked(county, date(2022, 8, 10))
    client.force_login(make_chair(county.children.get()))
    address = reverse("dashboard", args=[county.children.get().code])
    asked = [client.get(address, {"month": month}).context for month in ("2022-09", "2022-08")]
    assert [(each["before"], each["after"]) for each in asked] == [
        (date(2022, 8, 1), None), (None, date(2022, 9, 1)),
    ]  # fmt: skip


@time_machine.travel("2022-09-05")
@pytest.mark.parametrize("name", ["work", "samples"])
def test_only_months_of_records_are_offered(client, county, name):
    worked(county, date(2022, 8, 10))
    client.force_login(make_chair(county.children.get()))
    offered = [value for value, _label in client.get(reverse(name)).context["months"]]
    assert offered == ["2022-09", "2022-08"]


@time_machine.travel("2022-09-05")
def test_a_sheet_is_filled_in_for_a_year_back_whether_or_not_there_is_anything(client, county):
    village = villages_of(county.children.get())[0]
    client.force_login(make_account(village))

    def earlier(month):
        return client.get(reverse("work_sheet", args=[village.code, month])).context["earlier"]

    assert (earlier("2022-09"), earlier("2021-10"), earlier("2021-09")) == ("2022-08", "2021-09", "")
    village.opened = date(2022, 8, 20)
    village.save()
    assert (earlier("2022-09"), earlier("2022-08")) == ("2022-08", "")
