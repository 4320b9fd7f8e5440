import csv
import io

import openpyxl
import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from councils import exports
from councils.models import Change, Zone
from cunsao import workbook
from cunsao.workbook import Column
from tests.factories import make_account, make_member, make_township, make_village, make_zone, the_county, villages_of

pytestmark = pytest.mark.django_db
COUNTY = ("county_staff", "county_finance", "auditor", "system_administrator")


def address(model, **asked):
    opts = model._meta
    path = reverse(f"admin:{opts.app_label}_{opts.model_name}_export")
    return f"{path}?{'&'.join(f'{name}={value}' for name, value in asked.items())}"


def exported(client, model, said=None, **asked):
    """Bytes of the file; the answer must be one."""
    answer = client.post(address(model, **asked), {"ending": "xlsx"} | (said or {}))
    assert answer.status_code == 200, answer
    assert "attachment" in answer.headers["Content-Disposition"]
    return b"".join(answer.streaming_content)


def rows(content):
    return [[*row.cells] for row in workbook.open(content).sheets[0].rows]


@pytest.fixture
def township():
    return make_township(villages=2, zones_each=2)


@pytest.mark.parametrize("role", [*COUNTY, "township_chair", "village_president"])
def test_every_list_that_a_role_sees_has_its_export_and_no_other(client, township, role):
    village = villages_of(township)[0]
    make_member(village)
    place = {"township_chair": township, "village_president": village}.get(role, the_county())
    client.force_login(make_account(place, role))
    opened = 0
    for model, model_admin in admin.site._registry.items():
        seen = client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        page = client.get(address(model))
        assert page.status_code == seen.status_code, model
        if seen.status_code == 200:
            opened += 1
            assert address(model).rstrip("?") in seen.text, model_admin
            assert rows(exported(client, model))
    assert opened >= 3


def test_a_list_leaves_as_it_is_filtered_and_searched(client, township):
    village, _beside = villages_of(township)
    make_zone(village, name="桥头片", bounds="")
    client.force_login(make_account(township))
    page = client.get(address(Zone, q="桥头片", township=township.code))
    assert page.context["count"] == 1
    assert [value for _name, value in page.context["narrowed"]] == ["桥头片", str(township)]
    heading, row = rows(exported(client, Zone, q="桥头片", p="7"))
    assert len(heading) == 6
    assert row[1:3] == ["桥头片", str(village)]
    assert row[3] == 80


def test_nothing_leaves_from_a_neighbouring_township(client, township):
    make_zone(make_village(make_township()), name="邻片")
    client.force_login(make_account(township))
    names = {row[1] for row in rows(exported(client, Zone))[1:]}
    assert len(names) == 4
    assert "邻片" not in names


def test_each_export_is_entered_with_list_rows_and_filter(client, township):
    chair = make_account(township)
    client.force_login(chair)
    exported(client, Zone, q="片")
    entry = Change.objects.get(action="exported")
    said = {name: pair[1] for name, pair in entry.fields.items()}
    assert (entry.actor, entry.council) == (chair, township)
    assert (said["rows"], said["unmasked"], said["reason"]) == (4, False, "")
    assert "片" in said["filter"]


def test_looking_at_the_page_enters_nothing(client, township):
    client.force_login(make_account(township))
    assert client.get(address(Zone)).status_code == 200
    assert not Change.objects.filter(action="exported").exists()


@pytest.mark.parametrize("model", list(admin.site._registry), ids=lambda model: model._meta.model_name)
def test_more_rows_cost_no_more_queries(client, township, model):
    village, _beside = villages_of(township)
    readers = [make_account(the_county(), "system_administrator"), make_account(township), make_account(the_county())]
    for reader in readers:
        client.force_login(reader)
        if client.get(address(model)).status_code == 200:
            break
    counts = []
    for round_ in range(2):
        for _member in range(1 + 2 * round_):
            make_member(village, zone_id=make_zone(village).pk)
            make_account(village)
        with CaptureQueriesContext(connection) as counted:
            exported(client, model)
        counts.append(len(counted))
    assert counts[0] == counts[1], [each["sql"][:200] for each in counted]


def test_a_csv_file_calculates_nothing_and_has_the_same_rows(client, township):
    village, _beside = villages_of(township)
    make_zone(village, name="=1+1")
    client.force_login(make_account(township))
    text = exported(client, Zone, {"ending": "csv"}).decode("utf-8-sig")
    found = list(csv.reader(io.StringIO(text, newline="")))
    assert len(found) == 6
    assert "'=1+1" in {row[1] for row in found}


def test_no_cell_of_a_workbook_is_a_formula(client, township):
    village, _beside = villages_of(township)
    make_zone(village, name="=1+1")
    client.force_login(make_account(township))
    sheet = openpyxl.load_workbook(io.BytesIO(exported(client, Zone))).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert "=1+1" in {cell.value for cell in sheet["B"]}


def test_an_unknown_file_ending_and_a_bad_filter_are_no_error(client, township):
    client.force_login(make_account(township))
    assert client.post(address(Zone), {"ending": "exe"}).status_code == 200
    assert client.get(address(Zone, closed__isempty="x")).status_code in {200, 302}
    assert client.get(address(Zone, village__name__startswith="x")).status_code == 400


def test_more_rows_than_a_sheet_has_go_as_csv(township):
    chair = make_account(township)
    out = exports.Outgoing("x", [Column("a")], [["1"]], workbook.MOST_ROWS)
    with pytest.raises(ValueError):
        exports.hand_out(out, chair)
    assert not Change.objects.filter(action="exported").exists()
    assert b"".join(exports.hand_out(out, chair, "csv")) == b"\xef\xbb\xbfa\r\n1\r\n"


def test_the_trail_says_in_words_what_left(client, township):
    client.force_login(make_account(the_county()))
    exported(client, Zone)
    entry = Change.objects.get(action="exported")
    page = client.get(reverse("admin:councils_change_change", args=[entry.pk]))
    differences = page.context["entries"][0].differences
    assert {"unmasked", "rows"} & {each.label for each in differences} == set()
    assert "False" not in {each.after for each in differences}


def test_a_list_narrowed_to_a_month_leaves_so(client, township):
    client.force_login(make_account(the_county()))
    today = timezone.localdate()
    page = client.get(address(Change, at__year=today.year, at__month=today.month))
    assert page.context["narrowed"][-1][1] == f"{today.year}-{today.month}"
    assert page.context["count"] > 0
    assert client.get(address(Change, at__year=today.year - 1)).context["count"] == 0
