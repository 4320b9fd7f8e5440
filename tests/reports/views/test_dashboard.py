from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Sum
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.models import Member, Membership
from reports import campaigns, hazards, todos
from reports.models import Campaign
from tests.factories import (
    make_account,
    make_activity,
    make_chair,
    make_county,
    make_found,
    make_member,
    make_month,
    make_staff,
    make_township,
    make_worker,
    villages_of,
)

pytestmark = pytest.mark.django_db
AUGUST = "2022-08"


@pytest.fixture
def county():
    """Two townships with work of all sorts in two months."""
    county = make_county()
    for township in (make_township(county, villages=2, zones_each=1), make_township(county, villages=1)):
        for village in villages_of(township):
            busy(village)
        make_month(township, date(2022, 8, 1))
    return county


def busy(village):
    member = make_worker(village, child=3, policy_visit=2)
    make_activity(village, member, day=date(2022, 7, 3), kind="elderly", quantity=5)
    hazards.report(make_found(village, member), None)


def page(client, user, council, month=AUGUST):
    client.force_login(user)
    return client.get(reverse("dashboard", args=[council.code]), {"month": month} if month else {})


def figures(board):
    """Every number on the page that has an address."""
    lines = [line.figure for line in (*board.hero, *board.people, *board.gaps, *(role.line for role in board.roles))]
    below = [figure for row in (*board.rows, *board.members) for figure in row.figures.values()]
    return [*lines, *below, *(figure for _label, figure in board.money)]


def counts(listed):
    """What may be counted of a list: its records, their quantities, the members or the yuan in them."""
    said = {"Activity": Sum("quantity"), "Membership": Count("member", distinct=True)}
    more = said.get(
        listed.model.__name__, Sum("county_amount") if hasattr(listed.model, "county_amount") else Count("pk")
    )
    return [listed.count(), listed.aggregate(more=more)["more"] or 0]


@pytest.mark.parametrize("level", ["county", "township", "village"])
def test_each_number_opens_exactly_the_records_that_make_it(client, county, level):
    township = county.children.first()
    council = {"county": county, "township": township, "village": villages_of(township)[0]}[level]
    user = make_account(council)
    board = page(client, user, council).context["board"]
    opened = {figure.address: figure for figure in figures(board) if figure.address}
    assert len(opened) > 15
    for address, figure in opened.items():
        listed = client.get(address).context["cl"].queryset.order_by()
        assert figure.value in counts(listed), address


def test_each_row_leads_one_level_down(client, county):
    staff, township = make_staff(county), county.children.first()
    rows = page(client, staff, county).context["board"].rows
    assert {row.label for row in rows} == {str(each) for each in county.children.all()}
    below = client.get(next(row.address for row in rows if row.label == str(township))).context["board"]
    assert {row.label for row in below.rows} == {str(each) for each in villages_of(township)}
    village = client.get(below.rows[0].address).context["board"]
    assert [row.address for row in village.members] == [
        reverse("member", args=[each.member_id]) for each in village.council.memberships.all()
    ]


def test_the_one_with_the_most_work_stands_first(client, county):
    township = list(county.children.all())[1]
    for _more in range(9):
        make_activity(villages_of(township)[0])
    rows = page(client, make_staff(county), county).context["board"].rows
    assert rows[0].label == str(township)


def test_a_figure_stands_beside_the_month_and_the_year_before_and_its_siblings(client, county):
    township = county.children.first()
    village = villages_of(township)[0]
    Membership.objects.filter(village=village).update(start=date(2021, 1, 1))
    make_activity(
        village, Member.objects.get(memberships__village=village), day=date(2021, 8, 3), kind="elderly", quantity=9
    )
    line = next(
        each for each in page(client, make_chair(township), township).context["board"].hero if each.key == "elderly"
    )
    assert (line.figure.value, line.before.text, line.year.text, line.average) == (0, "−10", "−9", "0")
    earlier = page(client, make_chair(township), township, "2022-07").context["board"]
    assert next(each.average for each in earlier.hero if each.key == "elderly") == "7.5"  # of ten and of five


def test_what_it_is_compared_with_is_kept_for_five_minutes_and_its_own_figures_are_not(client, county):
    """Whoever reads: it is all kept when somebody comes who is told less of it."""
    township = county.children.first()
    number = Membership.objects.filter(village__parent=township).count()

    def members(role):
        account = make_account(township if role == "township_chair" else county, role)
        lines = page(client, account, township).context["board"].hero
        return [(line.figure.value, line.before.text) for line in lines if line.key == "members"]

    assert members("county_finance") == []
    make_member(villages_of(township)[0])
    assert members("township_chair") == [(number + 1, "+1")]
    cache.clear()
    assert members("auditor") == [(number + 1, "±0")]


def test_the_average_is_kept_once_for_all_that_stand_side_by_side(client, county):
    one, other = county.children.all()

    def average(township):
        hero = page(client, make_account(township), township).context["board"].hero
        return next(line.average for line in hero if line.key == "members")

    assert average(one) == "1.5"
    make_member(villages_of(other)[0])
    assert average(other) == "1.5"
    cache.clear()
    assert average(other) == "2"


@pytest.mark.parametrize("level", ["county", "township"])
def test_more_below_costs_no_more_queries(client, level):
    counts = []
    for villages in (1, 3):
        place = make_county()
        township = make_township(place, villages=villages)
        for village in villages_of(township):
            busy(village)
        council = place if level == "county" else township
        user = make_account(council)
        page(client, user, council)
        with CaptureQueriesContext(connection) as queries:
            page(client, user, council)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_it_opens_with_the_newest_month_of_records(client, county):
    assert page(client, make_staff(county), county, "").context["month"] == date(2022, 8, 1)
    empty = make_township(county)
    assert page(client, make_chair(empty), empty, "").status_code == 200


def test_signing_in_leads_to_ones_own_page(client, county):
    chair = make_chair(county.children.first())
    client.force_login(chair)
    answer = client.get("/", follow=True)
    assert answer.redirect_chain[-1][0] == reverse("dashboard", args=[chair.council.code])
    client.force_login(make_account(county, "system_administrator"))
    assert client.get("/", follow=True).redirect_chain[-1][0] == reverse("tree")


def test_what_lies_outside_is_not_found(client, county):
    one, other = county.children.all()
    client.force_login(make_chair(one))
    for code in (county.code, other.code, villages_of(other)[0].code):
        assert client.get(reverse("dashboard", args=[code])).status_code == 404


def test_a_month_that_is_none_or_has_not_come_is_refused_in_words(client, county):
    staff = make_staff(county)
    assert page(client, staff, county, "2022-13").status_code == 400
    assert page(client, staff, county, "2099-01").status_code == 404


@pytest.mark.parametrize("role", ["county_finance", "auditor"])
def test_who_may_not_open_the_records_is_not_told_their_number(client, county, role):
    board = page(client, make_account(county, role), county).context["board"]
    assert all(figure.address for figure in figures(board))
    assert bool(board.roles) == (role == "auditor")


def test_to_dos_come_before_all_figures(client, county):
    text = page(client, make_account(villages_of(county.children.first())[0]), villages_of(county.children.first())[0])
    said = text.content.decode()
    assert said.index('class="waiting') < said.index('class="hero"') < said.index('class="board"')


@pytest.mark.parametrize("level", ["county", "township", "village"])
@pytest.mark.parametrize("month", ["2022-07", AUGUST])
def test_her_own_page_asks_her_to_dos_as_any_other(client, county, level, month):
    """Records of all months are to be verified, and tasks of all months to be reached, whichever it shows."""
    township = county.children.first()
    council = {"county": county, "township": township, "village": villages_of(township)[0]}[level]
    june = {"county": county, "kind": "wedding", "start": date(2022, 6, 1), "deadline": date(2022, 6, 30)}
    campaigns.launch(Campaign(title="婚事新办", **june), {township.pk: 1, villages_of(township)[0].pk: 1}, None)
    user = make_account(council)
    board = page(client, user, council, month).context["board"]
    waiting = todos.waiting_for(user)
    assert board.todos == waiting
    assert any("核实" in str(each.label) for each in waiting) == (level != "village")
    assert any("任务" in str(each.label) for each in waiting) == (level != "county")
    assert board.tasks == []
