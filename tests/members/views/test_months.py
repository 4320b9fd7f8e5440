"""The months at a glance: the county's grid and a chair's next month."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from cunsao import months
from members import payroll
from members.models import Budget, Excuse
from tests.factories import (
    MONTH,
    make_account,
    make_chair,
    make_county,
    make_member,
    make_month,
    make_rate,
    make_staff,
    make_submitted,
    make_township,
    the_county,
    villages_of,
)

pytestmark = pytest.mark.django_db
THIS = months.first(timezone.localdate())
LAST = months.previous(THIS)


def page_of(client, user, **asked):
    client.force_login(user)
    return client.get(reverse("months"), asked)


def cell_of(page, township, month):
    (cells,) = [cells for each, cells, _rate in page.context["rows"] if each == township]
    return next(each for each in cells if each.month == month)


def test_a_chair_is_led_to_the_month_to_do_with_its_deadline_and_one_button(client):
    township = make_township(villages=1)
    make_rate(start=THIS)
    page = page_of(client, make_chair(township))
    assert (page.context["todo"].month, page.context["todo"].deadline) == (THIS, months.next_month(THIS).replace(day=5))
    assert page.content.decode().count('class="main"') == 1
    roster = payroll.open_month(township, THIS, None)
    make_member(villages_of(township)[0])
    payroll.refresh(roster, None)
    assert page_of(client, make_chair(township)).context["todo"].opened
    roster.refresh_from_db()
    payroll.submit(roster, roster.version, make_chair(township))
    assert page_of(client, make_chair(township)).context["todo"] is None


def test_the_grid_of_the_county(client):
    county = make_county()
    before = months.previous(LAST)  # its deadline is over on every day of this month
    make_rate(county, before)
    done, missing, excused, late = (make_township(county, villages=1) for _each in range(4))
    for township in (done, late):
        make_member(villages_of(township)[0])
    in_time = timezone.now().replace(year=LAST.year, month=LAST.month, day=1)
    for township, at in ((done, in_time), (late, timezone.now())):
        roster = payroll.open_month(township, before, None, in_time)
        payroll.submit(roster, roster.version, make_chair(township), at=at)
    Excuse.objects.create(township=excused, start=before, until=before, reason="防汛")
    page = page_of(client, make_staff(county))
    assert (cell_of(page, done, before).tone, cell_of(page, done, before).late) == ("gap", False)
    assert cell_of(page, late, before).late
    assert cell_of(page, missing, before).timing == "missing"
    assert cell_of(page, excused, before).timing == "excused"
    counted = dict(zip(page.context["shown"], page.context["sums"], strict=True))
    assert counted[before] == (33, 1, 1)


def test_a_rate_is_rounded_down_and_never_above_100(client):
    county = make_county()
    make_rate(county, LAST)
    for _each in range(2):
        make_township(county, villages=1)
    page = page_of(client, make_staff(county))
    assert all(rate is None or rate <= 100 for _each, _cells, rate in page.context["rows"])


def test_the_budget_is_shown_to_who_may_see_it(client):
    county = the_county()
    make_rate(county, LAST)
    Budget.objects.create(county=county, year=THIS.year, amount=100_000)
    assert "100,000.00" in page_of(client, make_staff(county, "county_finance")).content.decode()
    assert "100,000.00" not in page_of(client, make_chair(make_township(county))).content.decode()


def test_months_of_long_ago_are_shown_where_nothing_was_opened_since(client):
    make_rate(start=MONTH)
    roster = make_submitted()
    page = page_of(client, make_staff(the_county()))
    assert page.context["shown"][0] == roster.month
    assert page_of(client, make_staff(the_county()), year="2022").context["shown"][-1] == date(2022, 1, 1)
    assert page_of(client, make_staff(the_county()), year="9999").status_code == 200
    assert page_of(client, make_chair(roster.township)).context["todo"].month == months.next_month(roster.month)


@pytest.mark.parametrize("role", ["village_president", "system_administrator"])
def test_who_has_no_part_in_the_months_does_not_see_them(client, role):
    township = make_township(villages=1)
    place = villages_of(township)[0] if role == "village_president" else the_county()
    assert page_of(client, make_account(place, role)).status_code == 403


def test_an_auditor_of_a_township_sees_its_months_alone(client):
    roster = make_submitted()
    foreign = make_submitted(make_township(the_county(), villages=1, name="金丝雀镇"))
    page = page_of(client, make_account(roster.township, "auditor"))
    text = page.content.decode()
    assert f"/months/{roster.township.code}/" in text
    assert foreign.township.code not in text
    assert 'class="main"' not in text


@pytest.mark.parametrize("townships", [1, 3])
def test_more_townships_cost_no_more_queries(client, townships, django_assert_num_queries):
    county = make_county()
    make_rate(county, date(2021, 1, 1))
    for _each in range(townships):
        make_month(make_township(county, villages=1), members=1)
    client.force_login(make_staff(county))
    client.get(reverse("months"))
    with django_assert_num_queries(11):
        client.get(reverse("months"))
