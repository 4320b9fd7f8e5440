"""The month's sheet of what was done on screen."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from councils.models import Change
from cunsao import workbook
from reports.activities import verify
from reports.models import Activity
from tests.factories import make_account, make_chair, make_member, make_township, make_village

pytestmark = pytest.mark.django_db


def place(village, name="work_sheet", month="2022-08"):
    return reverse(name, args=[village.code, month])


def cell(member, text, seen="0|", kind="inspection"):
    return {f"s-{member.pk}-{kind}": seen, f"q-{member.pk}-{kind}": text}


def test_a_cell_is_saved_as_it_is_typed_and_told_as_it_stands(client, village, member, president):
    answer = client.post(place(village, "save_work"), cell(member, "3") | cell(member, "x", kind="elderly")).json()
    rows = answer["rows"]
    assert rows[f"{member.pk}-inspection"] == {"version": 1, "values": {"q": "3"}}
    assert rows[f"{member.pk}-elderly"]["code"] == "quantity"
    again = client.post(place(village, "save_work"), cell(member, "4")).json()["rows"][f"{member.pk}-inspection"]
    assert (again["code"], again["version"], again["values"]) == ("overtaken", 1, {"q": "3"})
    page = client.get(place(village))
    assert f'name="s-{member.pk}-inspection" value="1|3"' in page.text


def test_what_does_not_differ_is_not_written(client, village, member, president):
    assert client.post(place(village, "save_work"), cell(member, "3", "1|3")).json() == {"rows": {}}


@pytest.mark.parametrize("name", ["s-x-inspection", "s-1-dance", "s--inspection", "s-1"])
def test_a_forged_cell_is_no_request(client, village, president, name):
    assert client.post(place(village, "save_work"), {name: "0|", name.replace("s", "q", 1): "1"}).status_code == 400


def test_without_a_script_the_button_saves_and_keeps_what_could_not_be_saved(client, village, member, president):
    page = client.post(place(village), cell(member, "3") | cell(member, "viele", kind="elderly"))
    assert [message for _name, message in page.context["refusals"]]
    assert 'value="viele"' in page.text
    assert Activity.objects.get().quantity == 3
    assert client.post(place(village), cell(member, "5", "1|3")).status_code == 302
    assert Activity.objects.get().quantity == 5


def test_a_verified_cell_is_text_and_says_why(client, village, member, president):
    chair = make_chair(village.parent)
    client.post(place(village, "save_work"), cell(member, "3"))
    verify({Activity.objects.get().pk: 1}, chair)
    page = client.get(place(village)).text
    assert f"q-{member.pk}-inspection" not in page
    assert f"q-{member.pk}-elderly" in page
    assert chair.full_name in page


@pytest.mark.parametrize("name", ["work_sheet", "save_work", "work_workbook"])
def test_a_village_elsewhere_is_not_found(client, village, president, name):
    ask = client.post if name == "save_work" else client.get
    assert ask(place(make_village(village.parent), name)).status_code == 404
    assert ask(place(village.parent, name)).status_code == 404
    assert ask(place(village, name, "2098-01")).status_code == 404 if name != "save_work" else True


def test_who_may_only_look_types_nothing(client, village, member):
    client.force_login(make_account(village.parent.parent, "auditor"))
    assert "<input" not in client.get(place(village)).text.partition("<table")[2]
    assert client.post(place(village, "save_work"), cell(member, "3")).status_code == 403
    assert client.post(place(village), cell(member, "3")).status_code == 403
    client.force_login(make_account(village.parent.parent, "county_finance"))
    assert client.get(place(village)).status_code == 403


def test_a_month_that_has_not_come_is_refused_on_saving(client, village, member, president):
    assert client.post(place(village, "save_work", "2098-01"), cell(member, "3")).status_code == 404


def test_a_chair_chooses_among_her_villages(client, village, president):
    assert client.get(reverse("choose_sheet"), {"month": "2022-08"}).url == place(village)
    foreign = make_village(make_township())
    client.force_login(make_chair(village.parent))
    page = client.get(reverse("choose_sheet"), {"month": "2022-08"})
    assert place(village) in page.text
    assert foreign.code not in page.text


def test_the_workbook_leaves_with_an_entry_and_holds_the_cells(client, village, member, president):
    client.post(place(village, "save_work"), cell(member, "3"))
    content = b"".join(client.get(place(village, "work_workbook")).streaming_content)
    cells = [str(each) for row in workbook.open(content, "a.xlsx").sheets[0].rows for each in row.cells]
    assert member.name in cells
    assert Change.objects.filter(action="exported").count() == 1


def test_more_members_cost_no_more_queries(client, village, member, president):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            client.get(place(village))
        return len(queries)

    asked()
    client.post(place(village, "save_work"), cell(member, "3"))
    few = asked()
    for _member in range(3):
        client.post(place(village, "save_work"), cell(make_member(village), "3"))
    assert asked() == few < 14
    assert Activity.objects.filter(day=date(2022, 8, 31)).count() == 4
