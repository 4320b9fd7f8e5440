import io
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from members.payroll.deadlines import Timing
from reports import circular
from reports.periods import Period
from tests.factories import (
    make_account,
    make_activity,
    make_chair,
    make_county,
    make_rate,
    make_staff,
    make_submitted,
    make_township,
    make_village,
    villages_of,
)

pytestmark = pytest.mark.django_db
TODAY = date(2022, 10, 20)
QUARTER = Period.quarter(date(2022, 8, 1))


@pytest.fixture
def county():
    county = make_county()
    make_rate(county)
    return county


def rows(form, *wanted):
    heads = [each.heading for each in form.columns]
    return {row[1]: [row[heads.index(each)] for each in wanted] for row in form.rows}


def test_a_township_counts_once_a_month_and_no_rate_exceeds_a_hundred(county):
    late, missing = make_township(county, villages=1), make_township(county, villages=1)
    make_submitted(late, month=date(2022, 7, 1), members=1)
    on_time, _complete = circular.forms(county, QUARTER, "王芳", TODAY)
    told = rows(on_time, "应报", str(Timing.LATE.label), str(Timing.MISSING.label), "按时率", "未报月份")
    assert told[str(late)] == [3, 1, 2, "0.0 %", "22-08、22-09"]
    assert told[str(missing)] == [3, 0, 3, "0.0 %", "22-07、22-08、22-09"]
    shares = [float(row[7].removesuffix(" %")) for row in on_time.rows]
    assert all(0 <= each <= 100 for each in shares)


def test_completeness_counts_villages_and_months_that_stood(county):
    township = make_township(county, villages=2)
    one = villages_of(township)[0]
    for day in (date(2022, 7, 5), date(2022, 7, 6), date(2022, 8, 5)):
        make_activity(one, day=day)
    (told,) = circular.completeness(county, QUARTER.months())
    assert (told.villages, told.expected, told.recorded) == (2, 6, 2)


def test_work_of_before_a_village_stood_makes_nothing_more_than_whole(county):
    township = make_township(county)
    village = make_village(township)
    make_activity(village, day=date(2022, 7, 5))
    village.opened = date(2022, 8, 15)
    village.save()
    for day in (date(2022, 8, 20), date(2022, 9, 5)):
        make_activity(village, day=day)
    (told,) = circular.completeness(county, QUARTER.months())
    assert (told.expected, told.recorded, told.rate) == (2, 2, 1.0)


def test_it_is_printed_and_leaves_as_a_workbook(client, county):
    make_township(county, villages=1)
    client.force_login(make_staff(county))
    page = client.get(reverse("circular"), {"period": "2022-Q3"})
    assert page.status_code == 200
    book = load_workbook(io.BytesIO(b"".join(client.get(reverse("circular"), {"period": "2022-Q3", "format": "xlsx"}))))
    assert [sheet["A1"].value for sheet in book.worksheets] == [each.form.title for each in page.context["pages"]]


def test_it_is_the_countys(client, county):
    client.force_login(make_chair(make_township(county)))
    assert client.get(reverse("circular")).status_code in (403, 404)
    client.force_login(make_account(county, "auditor"))
    assert client.get(reverse("circular")).status_code == 200
