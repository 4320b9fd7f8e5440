import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from councils.models import Change
from tests.factories import make_account, make_member, make_township, make_village, make_zone, the_county, villages_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def township():
    return make_township(villages=2)


def sheet(client, council, **asked):
    return client.get(reverse("register_sheet", args=[council.code]), asked)


def texts(page):
    return [[text for text, _look in row.cells] for page in page.context["pages"] for row in page.rows]


def test_a_village_is_printed_with_its_president_first_and_numbers_masked(client, township):
    village, beside = villages_of(township)
    first = make_member(village, name="安秀")
    head = make_member(village, name="周会长", position="president", zone_id=make_zone(village).pk)
    make_member(beside, name="旁村人")
    client.force_login(make_account(village))
    page = sheet(client, village)
    assert [row[1] for row in texts(page)] == ["周会长", "安秀"]
    assert str(head.national_id) in page.text
    for number in (first.national_id, first.phone, head.national_id, head.phone):
        assert number.clear not in page.text
    assert "旁村人" not in page.text


def test_each_village_of_a_township_begins_a_sheet(client, township):
    for village in villages_of(township):
        make_member(village)
    client.force_login(make_account(township))
    assert len(sheet(client, township).context["pages"]) == 2


def test_an_empty_village_has_an_empty_sheet(client, township):
    client.force_login(make_account(township))
    (page,) = sheet(client, villages_of(township)[0]).context["pages"]
    assert page.rows == []


@pytest.mark.parametrize(
    ("role", "own", "foreign"),
    [
        ("county_staff", 200, 200),
        ("county_finance", 200, 200),
        ("auditor", 200, 200),
        ("system_administrator", 403, 403),
        ("township_chair", 200, 404),
        ("village_president", 200, 404),
    ],
)
def test_who_prints_what(client, township, role, own, foreign):
    village = villages_of(township)[0]
    place = {"township_chair": township, "village_president": village}.get(role, the_county())
    client.force_login(make_account(place, role))
    assert sheet(client, village).status_code == own
    assert sheet(client, make_village(make_township())).status_code == foreign
    assert sheet(client, the_county()).status_code in {403, 404}


def test_more_members_cost_no_more_queries(client, township):
    village, _beside = villages_of(township)
    client.force_login(make_account(township))
    sheet(client, township)
    counts = []
    for _round in range(2):
        make_member(village, zone_id=make_zone(village).pk)
        with CaptureQueriesContext(connection) as counted:
            sheet(client, township)
        counts.append(len(counted))
        make_member(village)
    assert counts[0] == counts[1]


def test_the_workbook_has_the_same_rows_and_is_entered(client, township):
    make_member(villages_of(township)[0], name="安秀")
    client.force_login(make_account(township))
    answer = sheet(client, township, format="xlsx")
    made = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert "安秀" in {cell.value for cell in made.worksheets[0]["B"]}
    entry = Change.objects.get(action="exported")
    assert (entry.fields["rows"][1], entry.council) == (1, township)
